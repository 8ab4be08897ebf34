// Command app is the CDK app: it loads stages.yaml, makes the stacks of every
// stage, or of the one that `-c stage=NAME` names, and synthesizes them.
// `-c stages=FILE` loads another file.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/validation"
	"github.com/s3seal/s3seal/internal/access"
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
	// Importing the CDK unpacks its runtime into a folder, which Close removes.
	defer jsii.Close()
	// All that can be wrong with the input is found before the CDK's kernel,
	// a Node process, starts.
	selected, err := selectStages()
	if err == nil {
		err = functionsBuilt(selected.stages)
	}
	var before []*template.Stack
	if err == nil {
		before, err = reviewed(selected.before, selected.stages)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	stderr := filterStderr()
	defer func() {
		jsii.Close() // while its noise still meets the filter
		stderr.Close()
	}()
	if err := synth(selected.stages, before); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	return 0
}

// synth makes the stacks and writes the cloud assembly. The CDK reports errors
// by panics, which end here: as one message, not as a goroutine dump.
func synth(selected []stage.Stage, before []*template.Stack) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	options := rule.Options{Before: before}
	app := awscdk.NewApp(nil)
	for i := range selected {
		stacks.New(app, &selected[i], codeDir)
		options.Accounts = append(options.Accounts, selected[i].Accounts()...)
	}
	awscdk.Validations_Of(app).AddPlugins(validation.New(options))
	app.Synth(nil)
	return nil
}

// functionsBuilt says which functions `make build` has yet to build.
func functionsBuilt(selected []stage.Stage) error {
	for _, s := range selected {
		dir := filepath.Join(codeDir, s.Functions.Architecture)
		for _, function := range []string{"put", "get"} {
			file := filepath.Join(dir, function, "bootstrap")
			if _, err := os.Stat(file); err != nil {
				return fmt.Errorf("%s: not built: run make build ARCHITECTURES=%s", file, s.Functions.Architecture)
			}
		}
	}
	return nil
}

// reviewed reads the snapshots of the selected stages, so that a change which
// would replace a bucket or regenerate a key ends the synthesis until `make
// snapshots` has shown it. A stage that has moved to other accounts is another
// one; without snapshots, nothing is compared.
func reviewed(dir string, selected []stage.Stage) ([]*template.Stack, error) {
	if _, err := os.Stat(dir); dir == "" || errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	a, err := template.ReadAssembly(dir)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(a.Stacks, func(b *template.Stack) bool {
		return !slices.ContainsFunc(selected, func(s stage.Stage) bool {
			return access.StageOf(b) == s.Name && slices.Contains(s.Accounts(), b.Account)
		})
	}), nil
}
