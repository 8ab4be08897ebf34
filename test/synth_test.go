// Package test synthesizes stages and looks at what came out: those of
// testdata/stages.yaml, of which the tests know every part, and for the
// snapshots those of ../stages.yaml, which may be any. It is the one package of
// tests that makes constructs: the CDK's kernel is a single Node process that
// takes one call at a time, so nothing here is parallel.
package test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
	"github.com/s3seal/s3seal/stacks"
)

// stubs stands in for the built functions, so that a template depends on no
// compiler.
const stubs = "testdata/lambda"

// newApp makes an app with the feature flags of cdk.json, which only the CLI
// would read.
func newApp(t testing.TB) awscdk.App {
	t.Helper()
	// Go's test cache knows what this process looks at, and not what Node does.
	for _, v := range []string{"PATH", "CDK_VALIDATION", "JSII_NODE", "JSII_RUNTIME"} {
		os.Getenv(v)
	}
	err := filepath.WalkDir(stubs, func(_ string, _ os.DirEntry, err error) error { return err })
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("../cdk.json")
	if err != nil {
		t.Fatal(err)
	}
	var cdk struct{ Context map[string]any }
	if err := json.Unmarshal(data, &cdk); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return awscdk.NewApp(&awscdk.AppProps{Outdir: &dir, Context: &cdk.Context})
}

// synth synthesizes the stages of a file and returns the assembly's folder.
func synth(t testing.TB, file *stage.File) string {
	t.Helper()
	app := newApp(t)
	for i := range file.Stages {
		stacks.New(app, &file.Stages[i], stubs)
	}
	return *app.Synth(nil).Directory()
}

func parseStages(t testing.TB, yaml string) *stage.File {
	t.Helper()
	file, err := stage.Parse("stages.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func read(t testing.TB, dir string) *template.Assembly {
	t.Helper()
	assembly, err := template.ReadAssembly(dir)
	if err != nil {
		t.Fatal(err)
	}
	return assembly
}

func loadStages(t testing.TB, path string) *stage.File {
	t.Helper()
	file, err := stage.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// exampleStages is the file with the stages that the tests know.
const exampleStages = "testdata/stages.yaml"

var examples struct {
	once sync.Once
	dir  string
}

// exampleAssembly is the folder with the stages of exampleStages, synthesized
// once.
func exampleAssembly(t *testing.T) string {
	t.Helper()
	examples.once.Do(func() {
		dir := synth(t, loadStages(t, exampleStages))
		// The folder of t goes with t; other tests need it too.
		kept, err := os.MkdirTemp("", "s3seal-examples-")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(kept, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		examples.dir = kept
	})
	if examples.dir == "" {
		t.Fatalf("%s did not synthesize", exampleStages)
	}
	return examples.dir
}

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	os.RemoveAll(examples.dir)
	jsii.Close()
	os.Exit(code)
}
