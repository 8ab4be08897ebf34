package deployment

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParameterFiles(t *testing.T) {
	t.Parallel()
	want := map[string]string{"A": "1", "B": "x=y", "C": ""}
	for name, text := range map[string]string{
		"create-stack": `[{"ParameterKey": "A", "ParameterValue": 1}, {"ParameterKey": "B", "ParameterValue": "x=y"}, {"ParameterKey": "C", "ParameterValue": ""}, {"ParameterKey": "D", "UsePreviousValue": true}]`,
		"deploy":       `["A=1", "B=x=y", "C="]`,
		"CodePipeline": `{"Parameters": {"A": "1", "B": "x=y", "C": ""}, "Tags": {"D": "1"}}`,
		"in YAML":      "Parameters:\n  A: 1\n  B: x=y\n  C: ''\n",
	} {
		got, err := readParameters(write(t, text))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	if got, err := readParameters(write(t, `{"Parameters": {"A": ["x", 2]}}`)); err != nil || got["A"] != "x,2" {
		t.Error("a list is one value with commas:", got, err)
	}
	for _, text := range []string{`{}`, `"A=1"`, `["A"]`, `["=1"]`, `[1]`, `[{"ParameterKey": "A"}]`, `[{"ParameterValue": "A"}]`,
		`{"A": "1"}`, `{"Parameters": {"A": {}}}`, `{"Parameters": {"A": null}}`, `{`} {
		if got, err := readParameters(write(t, text)); err == nil {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
