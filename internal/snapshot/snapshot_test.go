package snapshot

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/template"
)

func write(t *testing.T, dir string, files Files) {
	t.Helper()
	if err := Write(dir, files); err != nil {
		t.Fatal(err)
	}
}

// assembly is one with a stack of ours, and in a cdk.Stage one of a user's that
// is deployed without the bootstrap stack.
var assembly = Files{
	"manifest.json": `{"version": "54.0.0", "artifacts": {
		"dev-buckets.assets": {"type": "cdk:asset-manifest", "properties": {"file": "dev-buckets.assets.json"}},
		"dev-buckets": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1", "dependencies": ["dev-logs", "dev-buckets.assets"],
			"properties": {"templateFile": "dev-buckets.template.json", "validateOnSynth": false, "terminationProtection": true, "tags": {"s3seal:stage": "dev"}, "stackName": "dev-buckets"}},
		"assembly-Own": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Own", "displayName": "Own"}},
		"Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}}}`,
	"dev-buckets.template.json": `{"Rules": {"CheckBootstrapVersion": {}}, "Parameters": {"BootstrapVersion": {}, "Size": {"Type": "Number", "Default": 9007199254740993}},
		"Resources": {"Put": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"S3Key": "0123abcd.zip"}}}}}`,
	"dev-buckets.assets.json": `{"files": {"0123abcd": {"displayName": "dev-buckets/SseC/Put/Code"}, "ffff": {"displayName": "dev-buckets Template"}}}`,
	"assembly-Own/manifest.json": `{"version": "54.0.0", "artifacts": {"OwnStack": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
		"properties": {"templateFile": "OwnStack.template.json", "stackName": "Own-Stack", "terminationProtection": false}}}}`,
	"assembly-Own/OwnStack.template.json": `{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}`,
}

func TestReduceKeepsWhatAReviewerSees(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cdk.out")
	write(t, dir, assembly)
	got, err := Reduce(dir)
	if err != nil {
		t.Fatal(err)
	}
	compact := strings.NewReplacer("\n", "", "  ", "")
	for name, text := range got {
		got[name] = compact.Replace(text)
	}
	want := Files{
		"manifest.json": `{"artifacts": {"assembly-Own": {"dependencies": [],"properties": {"directoryName": "assembly-Own","displayName": "Own"},"type": "cdk:cloud-assembly"},` +
			`"dev-buckets": {"dependencies": ["dev-logs"],"environment": "aws://111122223333/eu-west-1","properties": {"tags": {"s3seal:stage": "dev"},` +
			`"templateFile": "dev-buckets.template.json","terminationProtection": true},"type": "aws:cloudformation:stack"}},"version": "54.0.0"}`,
		"dev-buckets.template.json": `{"Parameters": {"Size": {"Default": 9007199254740993,"Type": "Number"}},"Resources": {"Put": {"Properties": {"Code": {"S3Key": "Put.zip"}},"Type": "AWS::Lambda::Function"}}}`,
		"assembly-Own/manifest.json": `{"artifacts": {"OwnStack": {"dependencies": [],"environment": "aws://unknown-account/unknown-region","properties": {"stackName": "Own-Stack",` +
			`"templateFile": "OwnStack.template.json"},"type": "aws:cloudformation:stack"}},"version": "54.0.0"}`,
		"assembly-Own/OwnStack.template.json": `{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// The tests of access and rules read a snapshot as they would read cdk.out.
func TestSnapshotIsAnAssembly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cdk.out")
	write(t, dir, assembly)
	files, err := Reduce(dir)
	if err != nil {
		t.Fatal(err)
	}
	reduced := filepath.Join(t.TempDir(), "snapshots")
	write(t, reduced, files)
	a, err := template.ReadAssembly(reduced)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range a.Stacks {
		got = append(got, s.Name+" "+s.Stage+" "+s.OfStage())
	}
	if d := cmp.Diff([]string{"Own-Stack Own ", "dev-buckets  dev"}, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestCompareSaysWhatBecameOfEachFile(t *testing.T) {
	got := Compare(Files{"a": "1", "b": "1", "c": "1"}, Files{"b": "2", "c": "1", "d": "1"})
	if d := cmp.Diff([]Change{{"a", "removed"}, {"b", "changed"}, {"d", "added"}}, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestTheLogStaysBesideTheTemplates(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "snapshots")
	log := []rule.Change{{Change: "stateful-replaced", Resource: "dev-buckets/SseS3", Before: "a", After: "b", Reason: "a is empty now"}}
	files, err := Files{"dev-buckets.template.json": "{}"}.WithLog(log)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, Files{"old.template.json": "{}"})
	write(t, dir, files)
	again, err := ReadLog(dir)
	if d := cmp.Diff(log, again); d != "" || err != nil {
		t.Errorf("(-want +got) %v\n%s", err, d)
	}
	templates, err := Read(dir)
	if d := cmp.Diff(Files{"dev-buckets.template.json": "{}"}, templates); d != "" || err != nil {
		t.Errorf("(-want +got) %v\n%s", err, d)
	}
}

func TestWriteLeavesWhatIsThereWhenItFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "snapshots")
	write(t, dir, Files{"a": "1"})
	if err := Write(dir, Files{"a": "2", "a/b": "3"}); err == nil { // a can't be both
		t.Fatal("no error")
	}
	got, err := Read(dir)
	if d := cmp.Diff(Files{"a": "1"}, got); d != "" || err != nil {
		t.Errorf("(-want +got) %v\n%s", err, d)
	}
}

// The app gets the context of cdk.json and of what was looked up, and no
// snapshot to compare with; nothing of the caller's own CDK reaches it.
func TestSynthesizeRunsTheAppAsTheCLIDoes(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"cdk.json":         `{"app": "sh app.sh", "context": {"stages": "teams.yaml", "own": "cdk.json"}}`,
		"cdk.context.json": `{"vpc-provider:account=111122223333": "vpc-1", "own": "looked up"}`,
		"app.sh":           `mkdir -p "$CDK_OUTDIR"; cp "$CONTEXT_OVERFLOW_LOCATION_ENV" "$CDK_OUTDIR/manifest.json"; echo "$CDK_VALIDATION $CDK_CONTEXT_JSON $CDK_DEFAULT_ACCOUNT" > "$CDK_OUTDIR/env"`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("CDK_DEFAULT_ACCOUNT", "444455556666")
	app, err := ReadApp(dir)
	if err != nil {
		t.Fatal(err)
	}
	if app.StagesFile() != "teams.yaml" {
		t.Errorf("the stages file is %s", app.StagesFile())
	}
	out := t.TempDir()
	if err := app.Synthesize(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	got, err := Read(out)
	want := Files{
		"manifest.json": `{"before":"none","own":"cdk.json","stages":"teams.yaml","vpc-provider:account=111122223333":"vpc-1"}`,
		"env":           "false {} \n",
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("(-want +got) %v\n%s", err, d)
	}
}

func TestSynthesizeSaysWhatTheAppSaid(t *testing.T) {
	app := &App{Dir: t.TempDir(), Command: "echo this is wrong >&2; exit 3"}
	if err := app.Synthesize(t.Context(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "exit status 3\nthis is wrong") {
		t.Errorf("got %v", err)
	}
	app.Command = `echo '{"missing": [{"key": "vpc-provider:x"}]}' > "$CDK_OUTDIR/manifest.json"`
	if err := app.Synthesize(t.Context(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "lacks the context vpc-provider:x: run npx cdk synth") {
		t.Errorf("got %v", err)
	}
}
