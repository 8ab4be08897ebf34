package execution_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/template"
)

// thinned writes the examples with one resource of each kind in an account and Region, and what
// that needs: those are of one kind that set the same properties.
func thinned(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	copyFile(t, folder, "manifest.json")
	seen := map[string]bool{}
	for _, s := range read(t, examples) {
		keep := map[string]bool{}
		for _, r := range s.Resources() {
			properties := slices.Sorted(maps.Keys(r.RawProperties))
			kind := strings.Join(append(properties, s.OfStage(), s.Account, s.Region, r.Type), " ")
			if !seen[kind] {
				seen[kind] = true
				need(s.Needs(), keep, r.LogicalID)
			}
		}
		var written map[string]any
		file := filepath.Base(s.File)
		text, err := os.ReadFile(filepath.Join(examples, file))
		if err == nil {
			err = json.Unmarshal(text, &written)
		}
		if err == nil {
			text, err = json.Marshal(without(written, s, keep))
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, file), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func copyFile(t *testing.T, folder, name string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(examples, name))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func need(needs map[string][]string, keep map[string]bool, id string) {
	if keep[id] {
		return
	}
	keep[id] = true
	for _, other := range needs[id] {
		need(needs, keep, other)
	}
}

// without leaves out the resources that aren't kept, and the outputs of those.
func without(written map[string]any, s *template.Stack, keep map[string]bool) map[string]any {
	maps.DeleteFunc(written["Resources"].(map[string]any), func(id string, _ any) bool { return !keep[id] })
	outputs, _ := written["Outputs"].(map[string]any)
	for _, m := range s.Mentions() {
		place := strings.Split(m.At.String(), ".")
		if place[0] == "Outputs" && !keep[m.Name] {
			delete(outputs, place[1])
		}
	}
	return written
}
