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
	// Say gets, in a line, what goes on at the moment; nil: nobody asks.
	Say     func(format string, arguments ...any)
	Color   bool
	Verbose bool // names and answers whole, and all that the CDK's CLI says
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
	keys   []madeKey // by the scenes
}

// Run plays all scenes. Its error says in a sentence what stopped it, or how many
// steps were not as promised. When it returns, nothing that it has made or
// started is left.
func Run(ctx context.Context, o Options) error {
	if o.Say == nil {
		o.Say = func(string, ...any) {}
	}
	folder, err := makeFolder()
	if err != nil {
		return fault(err, o.Verbose)
	}
	defer os.RemoveAll(folder)
	server, err := localaws.Start(localaws.Options{
		Accounts: []string{sourceAccount, replicaAccount}, Regions: []string{sourceRegion, replicaRegion}, PlainHTTP: true,
		Folder: filepath.Join(folder, "aws"),
	})
	if err != nil {
		return fault(err, o.Verbose)
	}
	defer server.Close()
	p, err := prepare(ctx, server, folder, o)
	if err == nil {
		err = p.play(ctx)
	}
	switch {
	case ctx.Err() != nil:
		return ErrInterrupted
	case p == nil:
		return fault(err, o.Verbose)
	case o.Keep:
		if err := p.keep(ctx, folder, o.Progress); err != nil {
			return err
		}
	}
	return err
}

// prepare deploys everything.
func prepare(ctx context.Context, server *localaws.Server, folder string, o Options) (*stageplay, error) {
	progress := &progress{out: o.Progress, say: o.Say, begun: time.Now()}
	fmt.Fprintf(o.Progress, "A local AWS serves at %s, with two accounts:\n", server.URL())
	for _, e := range environments {
		fmt.Fprintf(o.Progress, "  %-8s %s, %s\n", e.name, e.account, e.region)
	}
	people, err := meet(server)
	if err != nil {
		return nil, err
	}
	tools, err := tools(folder)
	if err != nil {
		return nil, err
	}
	made, err := deploy(ctx, &cdk{server: server, folder: folder, tools: tools, progress: progress, verbose: o.Verbose})
	if err != nil {
		return nil, err
	}
	progress.line("all", "deployed")
	p := &stageplay{people: people, outputs: made, server: server}
	p.report = &report{
		out: o.Out, color: o.Color, names: names{whole: o.Verbose}, decided: (&decisions{server: server, whole: o.Verbose}).refusal,
		stopped: func() bool { return ctx.Err() != nil },
	}
	p.nameKeys(ctx)
	return p, nil
}

const legend = `Each scene sends real requests, and shows each as the command of the AWS CLI that would send it, shortened; behind
# is what the command doesn't show. ✓ marks an answer that is as promised, which may be a refusal; below that is why. Who sends it is the
administrator of the source account, unless another is named; app and s3-user are roles there. … stands for what is left out, at the beginning
of a command for the one above. <…> is the name of a key. VERBOSE=1 shows names whole.`

// play plays the scenes, and puts everything back.
func (p *stageplay) play(ctx context.Context) error {
	fmt.Fprintln(p.out)
	p.write("", "", "", legend)
	before := p.state(ctx)
	for _, scene := range []func(context.Context){
		p.defaultEncryption, p.customerProvidedKeys, p.functions, p.rotations, p.keyPolicy, p.uploadRequirements,
		p.ransom, p.transport, p.replication, p.replicatedParts, p.foreignKey, p.unreadableReplica,
		p.logs, p.misdirectedLogs,
	} {
		scene(ctx)
	}
	p.tidy(ctx, before)
	if ctx.Err() != nil {
		return ErrInterrupted
	}
	fmt.Fprintln(p.out)
	_, recorded := p.server.ResourceTypes()
	p.write("", "", "", "Not shown, because the local AWS only records these: "+strings.Join(recorded, ", ")+".")
	fmt.Fprintln(p.out)
	return p.summary()
}
