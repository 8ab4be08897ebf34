package demo

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws"
)

// Options of Run.
type Options struct {
	Out      io.Writer // the scenes
	Progress io.Writer // how far the deployment is
	Color    bool
	// Keep leaves the local AWS running until ctx ends, and tells how to
	// reach it.
	Keep bool
}

// stageplay is what the scenes have.
type stageplay struct {
	*report
	*people
	outputs
	server *localaws.Server
}

// Run plays all scenes. Its error says what stopped it, or how many steps were
// not as expected.
func Run(ctx context.Context, o Options) error {
	folder, err := os.MkdirTemp("", "s3seal-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	start := time.Now()
	server, err := localaws.Start(localaws.Options{
		Accounts: []string{sourceAccount, replicaAccount}, Regions: []string{sourceRegion, replicaRegion}, PlainHTTP: true,
	})
	if err != nil {
		return err
	}
	defer server.Close()
	fmt.Fprintf(o.Progress, "A local AWS with two accounts serves at %s.\n", server.URL())
	people, err := meet(server)
	if err != nil {
		return err
	}
	made, err := deploy(ctx, server, folder, o.Progress)
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Progress, "Deployed in %.0f s.\n", time.Since(start).Seconds())
	p := &stageplay{report: &report{out: o.Out, color: o.Color}, people: people, outputs: made, server: server}
	for _, scene := range []func(context.Context){
		p.defaultEncryption, p.customerProvidedKeys, p.functions, p.keyPolicy, p.uploadRequirements,
		p.ransom, p.transport, p.replication, p.replicatedParts, p.foreignKey, p.unreadableReplica,
		p.logs, p.logsUnderKMS,
	} {
		scene(ctx)
	}
	_, recorded := server.ResourceTypes()
	fmt.Fprintf(o.Out, "\nOnly recorded, and not carried out, by the local AWS: %s.\n", strings.Join(recorded, ", "))
	failed := p.summary()
	if o.Keep && ctx.Err() == nil {
		fmt.Fprintf(o.Progress, "\nThe local AWS serves until you press Ctrl-C. In another terminal, in this folder:\n\n")
		for _, account := range []string{sourceAccount, replicaAccount} {
			fmt.Fprintf(o.Progress, "# account %s\nexport %s\n\n", account, strings.Join(server.Env(account), " "))
		}
		fmt.Fprintf(o.Progress, "# the stacks that are deployed\nnpx cdk diff -c stages=%s\n\n", filepath.Join(folder, "stages.yaml"))
		<-ctx.Done()
	}
	return failed
}

// CheckFolder says whether the current folder is a checkout in which the CDK's
// CLI finds what it needs.
func CheckFolder() error {
	for _, file := range []string{"cdk.json", filepath.Join("node_modules", ".bin", "cdk")} {
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("%s is not here: run `make demo` in the project's folder", file)
		}
	}
	return nil
}
