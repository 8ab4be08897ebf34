package report

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/s3seal/s3seal/internal/golden"
	"github.com/s3seal/s3seal/internal/rule"
)

const bucket = "testdata/bucket.yaml"

// example has one of each that a report can have.
func example() *Report {
	finding := func(id string, severity rule.Severity, logicalID, path, message string) rule.Finding {
		return rule.Finding{Rule: id, Severity: severity, Stack: "bucket", Template: bucket, LogicalID: logicalID, PropertyPath: path,
			Message: message, Reason: "a reason", Fix: "a <fix> & more"}
	}
	made := finding("bucket-unversioned", rule.Warning, "Logs", "Properties", "made by a construct")
	made.ConstructPath = "bucket/Logs/Resource"
	gone := rule.Finding{Rule: "stateful-removed", Severity: rule.Error, Stack: "gone", Template: "../gone: é.yaml", LogicalID: "Data", Message: "it is gone"}
	return &Report{
		Report: rule.Report{
			Findings: []rule.Finding{
				finding("sse-c-bucket-unwritable", rule.Error, "Data", "Properties.BucketEncryption.Fn::If[1].ServerSideEncryptionConfiguration[0].Rule", "in a branch"),
				finding("sse-c-bucket-unwritable", rule.Error, "Data", "Properties.BucketEncryption.Fn::If[1].ServerSideEncryptionConfiguration[0].Rule", "in a branch, again"),
				finding("template-refused", rule.Error, "Data", "Conditions.Own", "a condition"),
				made, gone,
			},
			Unknown: []rule.Unknown{
				{Rule: "bucket-unversioned", Stack: "bucket", Template: bucket, LogicalID: "Data", PropertyPath: "Properties.VersioningConfiguration", Why: "parameter Status has no default"},
				{Rule: "bucket-unversioned", Stack: "bucket", Template: bucket, LogicalID: "Logs", Why: "a macro"},
				{Rule: "unknown-account", Stack: "bucket", Template: bucket, LogicalID: "Logs", Why: "a macro"},
			},
			Acknowledged: []rule.Acknowledged{
				{Finding: finding("key-not-retained", rule.Error, "Logs", "", "not retained"), Because: "a cache"},
				{Finding: finding("stateful-replaced", rule.Error, "Logs", "", "replaced"), Because: "it is empty"},
			},
		},
		Stacks: []string{"bucket", "right"},
	}
}

func write(t *testing.T, r *Report, form Form) string {
	t.Helper()
	var b strings.Builder
	if err := r.Write(&b, form); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextAndJSON(t *testing.T) {
	t.Parallel()
	for _, form := range []Form{Text, JSON} {
		golden.File(t, filepath.Join("testdata", "example."+string(form)), write(t, example(), form))
	}
	if err := example().Write(&strings.Builder{}, "html"); err == nil {
		t.Error("html is a form")
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	const open = "; 2 rules undecided for 2 resources, because: a macro; and for 1 more reason"
	for _, test := range []struct {
		change func(*Report)
		want   string
		failed bool
	}{
		{func(*Report) {}, "4 errors, 1 warning" + open, true},
		{func(r *Report) { r.Findings = r.Findings[3:4] }, "0 errors, 1 warning" + open, false},
		{func(r *Report) { r.Findings, r.Strict = r.Findings[3:4], true }, "0 errors, 1 warning" + open, true},
		{func(r *Report) { r.Findings = nil }, "no findings" + open, false},
		{func(r *Report) { r.Findings, r.Unknown = nil, r.Unknown[:1] }, "no findings; 1 rule undecided for 1 resource, because: parameter Status has no default", false},
	} {
		r := example()
		test.change(r)
		if got := r.Summary(); got != test.want || r.Failed() != test.failed {
			t.Errorf("%v %s\nwant %v %s", r.Failed(), got, test.failed, test.want)
		}
	}
	r := example()
	r.Findings, r.Unknown = nil, nil
	if got := r.Summary(); !strings.HasPrefix(got, "no findings: ") || !strings.HasSuffix(got, " rules in 2 stacks") {
		t.Error(got)
	}
}

func TestSARIFFitsItsSchema(t *testing.T) {
	t.Parallel()
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*Report{"example": example(), "empty": {}} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(write(t, r, SARIF)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSARIFResults(t *testing.T) {
	t.Parallel()
	var log sarifLog
	if err := json.Unmarshal([]byte(write(t, example(), SARIF)), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	fingerprints := map[string]bool{}
	for i, r := range run.Results {
		if id := run.Tool.Driver.Rules[r.RuleIndex].ID; id != r.RuleID {
			t.Errorf("result of %s points to rule %s", r.RuleID, id)
		}
		run.Results[i].RuleIndex = 0 // changes with each new rule
		fingerprints[r.PartialFingerprints[fingerprint]] = true
	}
	if len(fingerprints) != len(run.Results) {
		t.Errorf("%d fingerprints of %d results", len(fingerprints), len(run.Results))
	}
	results, err := json.MarshalIndent(run.Results, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	above, err := filepath.Abs("..") // what is outside the working directory has a path of its own on each machine
	if err != nil {
		t.Fatal(err)
	}
	golden.File(t, "testdata/results.sarif", strings.ReplaceAll(string(results), "file://"+above, "file:///above")+"\n")

	// The alert of a code host stays the same when lines move and wordings change.
	moved := example()
	moved.Findings = moved.Findings[2:]
	moved.Findings[0].Message = "otherwise worded"
	var after sarifLog
	if err := json.Unmarshal([]byte(write(t, moved, SARIF)), &after); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(run.Results[2].PartialFingerprints, after.Runs[0].Results[0].PartialFingerprints); diff != "" {
		t.Error(diff)
	}
}

func TestJUnitIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	r := example()
	r.Findings[0].Message += " \x00 ]]> \xff"
	text := write(t, r, JUnit)
	var suites junitSuites
	if err := xml.Unmarshal([]byte(text), &suites); err != nil {
		t.Fatal(err)
	}
	rules := len(rule.All())
	if suites.Tests != 3*rules || suites.Failures != 3 || suites.Skipped != 2 {
		t.Errorf("%d tests, %d failures, %d skipped", suites.Tests, suites.Failures, suites.Skipped)
	}
	var names, told []string
	for _, suite := range suites.Suites {
		names = append(names, suite.Name)
		for _, test := range suite.Cases {
			if test.Failure != nil || test.Skipped != nil || test.Output != "" {
				b, err := xml.MarshalIndent(test, "", "  ")
				if err != nil {
					t.Fatal(err)
				}
				told = append(told, string(b))
			}
		}
		if suite.Tests != rules || len(suite.Cases) != rules {
			t.Errorf("%s: %d tests, said to be %d", suite.Name, len(suite.Cases), suite.Tests)
		}
	}
	if diff := cmp.Diff([]string{"bucket", "right", "gone"}, names); diff != "" {
		t.Error(diff)
	}
	golden.File(t, "testdata/tests.xml", strings.Join(told, "\n")+"\n")
}

// A code host finds a file of the repository by a relative path alone.
func TestReferences(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"a b/é.yaml":                        "a%20b/%C3%A9.yaml",
		"./x/../a:b.yaml":                   "./a:b.yaml",
		filepath.Join(here, "x.json"):       "x.json",
		filepath.Join(here, "..", "x.json"): "file://" + filepath.Dir(here) + "/x.json",
	} {
		if got, relative := reference(file); got != want || relative == strings.HasPrefix(want, "file:") {
			t.Errorf("%s: %s %v, want %s", file, got, relative, want)
		}
	}
}
