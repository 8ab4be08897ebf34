// Command app is the CDK app: it loads stages.yaml, makes the stacks of every
// stage, or of the one that `-c stage=NAME` names, and synthesizes them.
// `-c stages=FILE` loads another file.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/validation"
	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
	"github.com/s3seal/s3seal/stacks"
)

const (
	stagesFile = "stages.yaml"
	codeDir    = "build/lambda"   // made by `make build`
	snapshots  = "test/snapshots" // the templates as they were reviewed last
)

func main() { os.Exit(run()) }

func run() int {
	// All that can be wrong with the input is found before the CDK's kernel,
	// a Node process, starts.
	selected, err := selectStages()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	stderr := filterStderr()
	defer stderr.Close()
	defer jsii.Close()
	if err := synth(selected); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	return 0
}

// synth makes the stacks and writes the cloud assembly. The CDK reports errors
// by panics, which end here: as one message, not as a goroutine dump.
func synth(selected []stage.Stage) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	options, err := reviewed(snapshots)
	if err != nil {
		return err
	}
	app := awscdk.NewApp(nil)
	for i := range selected {
		stacks.New(app, &selected[i], codeDir)
		options.Accounts = append(options.Accounts, selected[i].Accounts()...)
	}
	awscdk.Validations_Of(app).AddPlugins(validation.New(options))
	app.Synth(nil)
	return nil
}

// reviewed reads the snapshots, so that a change which would replace a bucket or
// regenerate a key ends the synthesis until `make snapshots` has shown it. Only
// stacks of the same name, account and Region are compared; without snapshots,
// none are.
func reviewed(dir string) (rule.Options, error) {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return rule.Options{}, nil
	}
	a, err := template.ReadAssembly(dir)
	if err != nil {
		return rule.Options{}, err
	}
	return rule.Options{Before: a.Stacks}, nil
}
