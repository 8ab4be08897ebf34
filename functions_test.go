package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/stage"
)

const someStage = `
stages:
  some:
    prefix: some
    source: {account: "111122223333", region: ap-northeast-1}
`

// withEverything has all that stages.yaml can give a stage.
const withEverything = someStage + `
    functions: {verbs: [put, get, head, list, delete, copy, presign, stream], architecture: x86_64, queue: true}
    buckets:
      sse-c: {rotation: {everyDays: 90}, sweep: {engine: map}, ingestFrom: [{bucket: uploads}]}
`

func stageOf(t *testing.T, yaml string) stage.Stage {
	t.Helper()
	file, err := stage.Parse("stages.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return file.Stages[0]
}

func TestFunctionsOfAStage(t *testing.T) {
	for yaml, want := range map[string]string{
		someStage: "put get",
		someStage + "    patterns: [sse-s3]\n    buckets: {sse-s3: {functions: false}}\n":                                         "",
		someStage + "    patterns: [sse-s3]\n    buckets: {sse-s3: {functions: false, ingestFrom: [{bucket: uploads}]}}\n":        "ingest",
		someStage + "    patterns: [sse-c]\n    buckets: {sse-c: {functions: false, rotation: {everyDays: 90}}}\n":                "rotate",
		someStage + "    patterns: [sse-c]\n    buckets: {sse-c: {functions: false, sweep: {engine: map}}}\n":                     "sweep",
		someStage + "    patterns: [sse-c, sse-s3]\n    functions: {verbs: [stream]}\n    buckets: {sse-s3: {functions: true}}\n": "stream",
	} {
		s := stageOf(t, yaml)
		if got := strings.Join(functionsOf(&s), " "); got != want {
			t.Errorf("%q, want %q, of%s", got, want, yaml)
		}
	}
}

// A stage with everything has a function of each folder of lambda/. A deployment
// of a function that is not built would fail with the CDK's words.
func TestEveryFunctionMustBeBuilt(t *testing.T) {
	s := stageOf(t, withEverything)
	found, err := filepath.Glob("lambda/*/main.go")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, file := range found {
		want = append(want, filepath.Base(filepath.Dir(file)))
	}
	t.Chdir(t.TempDir())
	var missing []string
	for range want {
		said := functionsBuilt([]stage.Stage{s})
		if said == nil {
			break
		}
		file, advice, _ := strings.Cut(said.Error(), ": ")
		if advice != "not built: run make build ARCHITECTURES=x86_64" {
			t.Fatal(said)
		}
		missing = append(missing, filepath.Base(filepath.Dir(file)))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := functionsBuilt([]stage.Stage{s}); err != nil {
		t.Error(err)
	}
	slices.Sort(missing)
	if diff := cmp.Diff(want, missing); diff != "" {
		t.Errorf("folders of lambda/ -there +needed by a stage with everything:%s", diff)
	}
}
