// Command app is the CDK app: it loads stages.yaml, makes the stacks of every
// stage, or of those that `-c stage=NAME,prod-*,@GROUP` selects, and synthesizes
// them.
// `-c stages=FILE` loads another file, and `-c architecture=host` makes functions
// for this machine.
package main

import (
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
	return runApp(func() awscdk.App { return awscdk.NewApp(appProps(selected.file.Bootstrap, nil)) }, selected.stages, rules, nil)
}

// runApp synthesizes and says what went wrong.
func runApp(newApp func() awscdk.App, selected []stage.Stage, rules awscdk.IPolicyValidationPlugin, done func()) int {
	if kernel.Use(kernelDir) {
		jsii.Close()
	}
	stderr := filterStderr()
	defer func() {
		jsii.Close() // while its noise still meets the filter
		stderr.Close()
	}()
	if err := synth(newApp, selected, rules, done); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	return 0
}

// synth makes the stacks and writes the cloud assembly. The CDK reports errors
// by panics, which end here: as one message, not as a goroutine dump.
func synth(newApp func() awscdk.App, selected []stage.Stage, rules awscdk.IPolicyValidationPlugin, done func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	app := newApp()
	for i := range selected {
		stacks.New(app, &selected[i], codeDir)
		if done != nil {
			done()
		}
	}
	awscdk.Validations_Of(app).AddPlugins(rules)
	app.Synth(nil)
	return nil
}
