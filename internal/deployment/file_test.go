package deployment

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const twoParameters = "Parameters: {A: {Type: String}, B: {Type: String}}\nResources: {Topic: {Type: AWS::SNS::Topic}}\n"

// What stands nearer to a stack counts: its own parameter before that of a file,
// a file's before that of all templates, and so its account and Region.
func TestWhatIsNearerCounts(t *testing.T) {
	t.Parallel()
	file := write(t, twoParameters)
	deployment := write(t, `stacks:
  - {template: `+file+`, name: own, account: 001122223333, region: eu-west-1, parameters: {A: own}, parameterFiles: [`+write(t, `["A=file", "B=file"]`)+`]}
  - {template: `+file+`, name: all}
`)
	d, err := ReadFile(deployment, Options{Account: "444455556666", Region: "us-east-1", Parameters: map[string]string{"A": "all", "B": "all"}})
	if err != nil {
		t.Fatal(err)
	}
	own, all := d.Stacks[0], d.Stacks[1]
	if diff := cmp.Diff([]string{"001122223333", "eu-west-1", "own", "file"}, []string{own.Account, own.Region, own.Parameters["A"], own.Parameters["B"]}); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"444455556666", "us-east-1", "all", "all"}, []string{all.Account, all.Region, all.Parameters["A"], all.Parameters["B"]}); diff != "" {
		t.Error(diff)
	}
}

func TestFilesThatNameNoStacks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		" \n":                       ": names no stacks: " + shape,
		"a":                         ":1:1: names no stacks: " + shape,
		"stacks:":                   ":1:1: no list of stacks: " + shape,
		"stacks: {a: 1}":            ":1:1: no list of stacks: " + shape,
		"stacks: []\nstacks: []":    ":2:1: stacks is given twice: keep one",
		"stacks: [{template: [x]}]": ":1:11: must be text, not a list",
		"stacks: [{template: x":     ": 1:10: YAML not well-formed: ",
	} {
		file := write(t, text)
		if _, err := ReadFile(file, Options{}); err == nil || !strings.HasPrefix(err.Error(), file+want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := ReadFile(filepath.Join(t.TempDir(), "none"), Options{}); err == nil {
		t.Error("a file that isn't there is read")
	}
}
