package demo

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/snapshot"
	"github.com/s3seal/s3seal/internal/template"
)

// environment is one of those of stages.yaml, in the words of that file.
type environment struct{ name, account, region string }

var (
	source  = environment{"source", sourceAccount, sourceRegion}
	replica = environment{"replica", replicaAccount, replicaRegion}

	environments = []environment{source, replica}
)

const (
	sourceAccount  = "111122223333"
	sourceRegion   = "us-east-1"
	replicaAccount = "444455556666"
	replicaRegion  = "eu-west-1"
)

//go:embed stages.yaml
var stages string

// architecture is the host's, as Lambda calls it: the local AWS runs the
// functions as processes of the host.
func architecture() (string, error) {
	switch runtime.GOARCH {
	case "amd64":
		return "x86_64", nil
	case "arm64":
		return "arm64", nil
	}
	return "", fmt.Errorf("functions run on x86_64 and arm64, and this machine is %s", runtime.GOARCH)
}

// outputs are what the deployed stacks say of themselves: stack, output, value.
type outputs map[string]map[string]string

// output is an output of a stack of the stage.
func (o outputs) output(stack, name string) string { return o["demo-"+stack][name] }

// deploy bootstraps both environments and deploys every stack, as a person
// would: with `cdk` alone, and each account with its own credentials, so that
// neither trusts the other.
func deploy(ctx context.Context, c *cdk) (outputs, error) {
	assembly := filepath.Join(c.folder, "cdk.out")
	err := beside(ctx,
		func(ctx context.Context) error { return c.bootstrap(ctx, environments...) },
		func(ctx context.Context) error { return synthesize(ctx, c, assembly) },
	)
	if err != nil {
		return nil, err
	}
	if err := keepZips(assembly); err != nil {
		return nil, err
	}
	return c.deploy(ctx, assembly)
}

// beside runs steps at the same time, and ends all with the first that fails.
func beside(ctx context.Context, steps ...func(context.Context) error) error {
	g, group := errgroup.WithContext(ctx)
	for _, step := range steps {
		g.Go(func() error { return step(group) })
	}
	return g.Wait()
}

func (c *cdk) bootstrap(ctx context.Context, in ...environment) error {
	command := []string{"bootstrap"}
	for _, e := range in {
		command = append(command, "aws://"+e.account+"/"+e.region)
	}
	return c.run(ctx, command)
}

// deploy deploys all stacks and returns their outputs.
func (c *cdk) deploy(ctx context.Context, assembly string) (outputs, error) {
	file := filepath.Join(c.folder, "outputs.json")
	if err := c.run(ctx, []string{"deploy", "--all"},
		"--app", assembly, "--require-approval", "never", "--outputs-file", file, "--concurrency", "3"); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	made := outputs{}
	return made, json.Unmarshal(data, &made)
}

// synthesize runs the app on the stages file of the demonstration, and the rules
// on what it made. The CDK's own validation, which takes longer than all the
// rest, is left to `make synth`.
func synthesize(ctx context.Context, c *cdk, assembly string) error {
	text, err := stagesText()
	if err != nil {
		return err
	}
	if err := os.WriteFile(stagesFile(c.folder), text, 0o600); err != nil {
		return err
	}
	app, err := snapshot.ReadApp(".")
	if err != nil {
		return err
	}
	app.Context["stages"], app.Env = stagesFile(c.folder), c.tools
	done := c.progress.begin("app", app.Command+", with the stages of internal/demo/stages.yaml")
	defer done()
	if err := app.Synthesize(ctx, assembly); err != nil {
		_, said, _ := strings.Cut(err.Error(), "\n")
		return &toolError{what: app.Command, exit: err, said: said}
	}
	read, err := template.ReadAssembly(assembly)
	if err != nil {
		return err
	}
	if found := rule.Check(read.Stacks, rule.Options{Accounts: []string{sourceAccount, replicaAccount}}).Findings; len(found) > 0 {
		return fmt.Errorf("the rules find %d faults in the demonstration's stacks, the first: %s: %s", len(found), found[0].Rule, found[0].Message)
	}
	c.progress.line("app", fmt.Sprintf("made %d stacks, and %d rules find no fault", len(read.Stacks), len(rule.All())))
	return nil
}

// stagesText is the stages file for this machine.
func stagesText() ([]byte, error) {
	arch, err := architecture()
	return []byte(strings.ReplaceAll(stages, "ARCHITECTURE", arch)), err
}

func stagesFile(folder string) string { return filepath.Join(folder, "stages.yaml") }
