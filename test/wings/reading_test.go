package wings

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/template"
)

// reading is what a wing makes of a template: why it refuses it, or its outputs.
type reading struct {
	refusal string
	outputs map[string]string
}

// TestBothWingsReadTheSame reads the templates of testdata/reading, each in a
// stack of its own: what one wing cannot read the other refuses, at the same
// line where both name one, and of the others the outputs are the same.
func TestBothWingsReadTheSame(t *testing.T) {
	t.Parallel()
	differences := readDifferences(t, true)
	files, err := filepath.Glob("testdata/reading/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates: ", err)
	}
	c := start(t, []string{homeAccount}, []string{homeRegion})
	read, refused := 0, 0
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "/syntax.txtar") {
			// As many as a TemplateBody has room for.
			archive.Files = append(archive.Files, txtar.File{Name: "51000 brackets", Data: bytes.Repeat([]byte("["), 51000)})
		}
		for i, part := range archive.Files {
			name := "reading/" + strings.TrimSuffix(filepath.Base(file), ".txtar")
			stack := fmt.Sprintf("%s-%d", strings.TrimSuffix(filepath.Base(file), ".txtar"), i)
			rules, local := readByRules(t, part), readByLocal(t, c, stack, part)
			differs := func(a aspect, wing, text string) {
				if d := (difference{name, strings.ReplaceAll(part.Name, " ", "-"), a, wing, text}); !differences.has(d) {
					t.Errorf("the wings differ: %s", d)
				}
			}
			switch {
			case rules.refusal != "" && local.refusal != "":
				refused++
				if a, b := lineOf(rules.refusal), lineOf(local.refusal); a != "" && b != "" && a != b {
					differs("line", "both", rules.refusal+" / "+local.refusal)
				}
			case rules.refusal != "":
				differs("reading", "rules", rules.refusal)
			case local.refusal != "":
				differs("reading", "local", local.refusal)
			default:
				read++
				if a, b := fmt.Sprint(rules.outputs), fmt.Sprint(local.outputs); a != b {
					differs("value", "both", a+" / "+b)
				}
			}
		}
	}
	differences.stale(t)
	t.Logf("both wings read %d templates alike, and refuse %d", read, refused)
}

var line = regexp.MustCompile(`(?:^|[^\d])(\d+):\d+(?:[^\d]|$)|\bline (\d+)`)

func lineOf(text string) string {
	if m := line.FindStringSubmatch(text); m != nil {
		return m[1] + m[2]
	}
	return ""
}

func readByRules(t *testing.T, part txtar.File) (r reading) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "template.yaml")
	if err := os.WriteFile(file, part.Data, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := template.ReadTemplate(file, homeAccount, homeRegion)
	if err != nil {
		return reading{refusal: strings.ReplaceAll(err.Error(), file+": ", "")}
	}
	for _, f := range rule.Check([]*template.Stack{s}, rule.Options{}).Findings {
		// The local AWS refuses the same value given twice, too: no page says more.
		if f.Severity == rule.Error || f.Rule == "key-given-twice" {
			return reading{refusal: f.PropertyPath + ": " + f.Message}
		}
	}
	r.outputs = map[string]string{}
	for name := range s.Template.Outputs {
		text, err := s.Output(name)
		if err != nil {
			return reading{refusal: err.Error()}
		}
		r.outputs[name] = text
	}
	return r
}

func readByLocal(t *testing.T, c cloud, stack string, part txtar.File) (r reading) {
	t.Helper()
	call := func(out any, parameters ...string) string {
		return c.query(t, homeAccount, homeRegion, "cloudformation", out, append(parameters, "StackName="+stack)...)
	}
	if refusal := call(nil, "Action=CreateStack", "TemplateBody="+string(part.Data), "OnFailure=DO_NOTHING"); refusal != "" {
		return reading{refusal: refusal}
	}
	var out struct {
		Status string                                    `xml:"DescribeStacksResult>Stacks>member>StackStatus"`
		Reason string                                    `xml:"DescribeStacksResult>Stacks>member>StackStatusReason"`
		Output []struct{ OutputKey, OutputValue string } `xml:"DescribeStacksResult>Stacks>member>Outputs>member"`
	}
	for out.Status == "" || strings.HasSuffix(out.Status, "_IN_PROGRESS") {
		if refusal := call(&out, "Action=DescribeStacks"); refusal != "" {
			t.Fatal(refusal)
		}
	}
	if out.Status != "CREATE_COMPLETE" {
		return reading{refusal: out.Status + ": " + out.Reason}
	}
	r.outputs = map[string]string{}
	for _, o := range out.Output {
		r.outputs[o.OutputKey] = o.OutputValue
	}
	return r
}
