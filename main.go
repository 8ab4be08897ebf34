// Command app is the CDK app: it loads stages.yaml, makes the stacks of every
// stage, or of those that `-c stage=NAME,prod-*,@GROUP` selects, and synthesizes
// them.
// `-c stages=FILE` loads another file, and `-c architecture=host` makes functions
// for this machine.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/validation"
	"github.com/s3seal/s3seal/internal/kernel"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/stacks"
)

const (
	stagesFile = "stages.yaml"
	codeDir    = "build/lambda" // made by `make build`
	kernelDir  = "build/kernel" // by the same
)

func main() { os.Exit(run()) }

func run() int {
	// Importing the CDK unpacks its runtime into a folder, which Close removes.
	defer jsii.Close()
	// All that can be wrong with the input is found before the CDK's kernel,
	// a Node process, starts.
	selected, err := selectStages()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if share := os.Getenv(shareVariable); share != "" {
		return runShare(selected, share)
	}
	err = functionsBuilt(selected.stages)
	var rules *validation.Plugin
	if err == nil {
		rules, err = validation.New(selected.rules())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if selected.said != "" {
		fmt.Fprintln(os.Stderr, selected.said)
	}
	if len(selected.shares) > 1 {
		return runShards(selected, rules)
	}
	defer filterStderr().Close() // after the rules, and meanwhile the noise is out
	if os.Getenv(outVariable) == "" {
		// The CDK's own folder would be gone before the rules read it.
		if selected.out, err = os.MkdirTemp("", "cdk.out"); err != nil {
			return fails(err)
		}
		defer os.RemoveAll(selected.out)
	}
	out, status := runApp(selected, selected.stages, func() {})
	if status != 0 {
		return status
	}
	return judge(selected, rules, out, out)
}

// runApp synthesizes stages of the selection, says what went wrong, and returns the
// folder of the assembly. The rules are yet to be tried on it.
func runApp(selected *selection, stages []stage.Stage, done func()) (out string, status int) {
	defer jsii.Close()
	if kernel.Use(kernelDir) {
		jsii.Close()
	}
	out, err := synth(selected, stages, done)
	if err != nil {
		return "", fails(err)
	}
	return out, 0
}

// synth makes the stacks and writes the cloud assembly. The CDK reports errors
// by panics, which end here: as one message, not as a goroutine dump.
func synth(selected *selection, stages []stage.Stage, done func()) (out string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	// What the CDK's own plugins find is judged with what the rules do.
	props := appProps(selected.file.Bootstrap, map[string]any{cliReportsKey: false})
	if selected.out != "" {
		props.Outdir = &selected.out
	}
	app := awscdk.NewApp(props)
	for i := range stages {
		stacks.New(app, &stages[i], codeDir)
		done()
	}
	return validation.Synth(app)
}

// judge tries the rules on the assembly in the folder out, put together from those of
// the shares, and says what they and the CDK's own plugins found.
func judge(selected *selection, rules *validation.Plugin, out string, shares ...string) int {
	says, failed, err := rules.Join(out, shares...)
	if err != nil {
		return fails(err)
	}
	if selected.cliReports {
		return 0 // and prints the report, and fails on it
	}
	for _, line := range says {
		fmt.Fprintln(os.Stderr, line)
	}
	if failed && selected.out != "" { // which is about to be removed
		return fails(errors.New("validation failed"))
	}
	if failed {
		return fails(fmt.Errorf("validation failed: a copy of this report is in %s", out))
	}
	return 0
}

func fails(err error) int {
	fmt.Fprintln(os.Stderr, "error:", err)
	return 1
}
