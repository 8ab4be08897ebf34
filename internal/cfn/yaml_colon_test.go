package cfn

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Policies in YAML name actions and ARNs, often in lists on one line; taken for
// mappings, they would be policies that nobody wrote.
func TestYAMLColonsInsideOfWordsAreText(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		yaml string
		want any
	}{
		"actions in a mapping":   {"{Action: [s3:GetObject, s3:Put*]}", map[string]any{"Action": []any{"s3:GetObject", "s3:Put*"}}},
		"actions in a list":      {"[s3:GetObject, 'x']", []any{"s3:GetObject", "x"}},
		"an ARN":                 {"{R: [arn:aws:s3:::bucket/key]}", map[string]any{"R": []any{"arn:aws:s3:::bucket/key"}}},
		"a mapping with a space": {"{R: [key: value]}", map[string]any{"R": []any{map[string]any{"key": "value"}}}},
		"a mapping in quotes":    {`{R: [{"key":"value"}]}`, map[string]any{"R": []any{map[string]any{"key": "value"}}}},
		"an action alone":        {"{Action: s3:GetObject}", map[string]any{"Action": "s3:GetObject"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document, err := Decode([]byte("R: {P: " + tc.yaml + "}\n"))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, document.Value.(map[string]any)["R"].(map[string]any)["P"]); d != "" {
				t.Error(d)
			}
		})
	}
}
