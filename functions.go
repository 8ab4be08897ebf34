package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/stage"
)

// forArchitecture gives every stage functions of the architecture that
// `-c architecture=` names, and says what that overrides, or "". The stages file
// is meant for AWS; the local AWS runs the functions on this machine.
func forArchitecture(c cdkContext, stages []stage.Stage) (said string, err error) {
	const values, filed = "host, arm64 or x86_64", "what the stages file says"
	if declaredContext()[architectureKey] != nil {
		return "", fmt.Errorf("context: cdk.json has %s, which would change every deployment: write functions.architecture in the stages file, or -c %s=host for one command", architectureKey, architectureKey)
	}
	want, err := c.text(architectureKey, filed, values)
	if err != nil || want == filed {
		return "", err
	}
	if want == "host" {
		want = map[string]string{"amd64": "x86_64"}[runtime.GOARCH]
		if want == "" {
			want = runtime.GOARCH
		}
	}
	if !slices.Contains([]string{"arm64", "x86_64"}, want) {
		return "", fmt.Errorf("context: %s %q: write %s", architectureKey, want, values)
	}
	var others []string
	for i := range stages {
		if f := &stages[i].Functions; f.Architecture != want {
			f.Architecture = want
			others = append(others, stages[i].Name)
		}
	}
	if others == nil {
		return "", nil
	}
	return fmt.Sprintf("The functions are for %s, which overrides the stages file: %s.", want, strings.Join(others, ", ")), nil
}

// functionsBuilt says which functions `make build` has yet to build.
func functionsBuilt(selected []stage.Stage) error {
	for _, s := range selected {
		for _, name := range functionsOf(&s) {
			file := filepath.Join(codeDir, s.Functions.Architecture, name, "bootstrap")
			if _, err := os.Stat(file); err != nil {
				return fmt.Errorf("%s: not built: run make build ARCHITECTURES=%s", file, s.Functions.Architecture)
			}
		}
	}
	return nil
}

// functionsOf returns the folders of lambda/ whose functions the stage has.
func functionsOf(s *stage.Stage) (names []string) {
	add := func(more ...string) {
		for _, name := range more {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	for _, p := range s.Patterns {
		o := s.Bucket(p)
		if *o.Functions {
			for _, v := range s.Functions.Verbs {
				add(string(v))
			}
		}
		if len(o.IngestFrom) > 0 {
			add("ingest")
		}
		if o.SSEC != nil && o.SSEC.Rotation != nil {
			add("rotate")
		}
		if o.SSEC != nil && o.SSEC.Sweep != nil {
			add("sweep")
		}
	}
	return names
}
