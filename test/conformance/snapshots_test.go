//go:build conformance

package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/snapshot"
)

// repository is a copy of this one, built, in a folder of its own.
type repository struct {
	t   *testing.T
	dir string
}

func copyRepository(t *testing.T) repository {
	t.Helper()
	r := repository{t, t.TempDir()}
	makeIn(t, "../..", "build", "bin/s3seal")
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	left := []string{".git", "cdk.out", "node_modules"}
	for _, e := range entries {
		if slices.Contains(left, e.Name()) {
			continue
		}
		// cp keeps the times by which make tells what is built.
		if out, err := exec.Command("cp", "-Rp", filepath.Join("../..", e.Name()), r.dir).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	modules, err := filepath.Abs("../../node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(r.dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return r
}

func makeIn(t *testing.T, dir string, targets ...string) {
	t.Helper()
	cmd := exec.Command("make", append([]string{"-s"}, targets...)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("make %s: %v: %s", strings.Join(targets, " "), err, out)
	}
}

// snapshots is what make snapshots does first, with what it says.
func (r repository) snapshots() (said string, ok bool) {
	r.t.Helper()
	return r.run("bin/s3seal", "snapshots")
}

func (r repository) run(name string, args ...string) (said string, ok bool) {
	r.t.Helper()
	if strings.Contains(name, "/") {
		name = filepath.Join(r.dir, name)
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = r.dir
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func (r repository) write(name, text string) {
	r.t.Helper()
	file := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

func (r repository) files(dir string) snapshot.Files {
	r.t.Helper()
	files, err := snapshot.Read(filepath.Join(r.dir, dir))
	if err != nil {
		r.t.Fatal(err)
	}
	return files
}

// want checks what a command said and whether it ended well.
func (r repository) want(step, said string, ok, wantOK bool, texts ...string) {
	r.t.Helper()
	if ok != wantOK {
		r.t.Fatalf("%s: it ended well: %v, want %v:\n%s", step, ok, wantOK, said)
	}
	for _, text := range texts {
		if !strings.Contains(said, text) {
			r.t.Errorf("%s: it doesn't say %q:\n%s", step, text, said)
		}
	}
}

const guardedStages = `
stages:
  dev:
    prefix: acme-dev
    bucketNamespace: global
    source: {account: "111122223333", region: ap-northeast-1}
    patterns: [sse-s3]
    buckets: {sse-s3: {name: first-name}}
`

const acknowledged = `
acknowledge:
  - {change: stateful-replaced, resource: dev-buckets/SseS3FAC7644B, reason: the first bucket is empty}
`

const ownStack = `package mine

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
)

func New(app awscdk.App) {
	s := awscdk.NewStack(app, jsii.String("reports"), &awscdk.StackProps{
		Env:  &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("ap-northeast-1")},
		Tags: &map[string]*string{"team": jsii.String("reports-team")},
	})
	awss3.NewCfnBucket(s, jsii.String("Reports"), &awss3.CfnBucketProps{BucketName: jsii.String("monthly-reports")})
}
`

// What a person does, from the first snapshot to a change that would lose data:
// the snapshots are of the whole app, and take nothing in silence.
func TestSnapshotsTakeNothingInSilence(t *testing.T) {
	r := copyRepository(t)
	r.write("mine/mine.go", ownStack)
	main, err := os.ReadFile("../../main.go")
	if err != nil {
		t.Fatal(err)
	}
	r.write("main.go", strings.NewReplacer(
		"return validation.Synth(app)", "mine.New(app)\n\treturn validation.Synth(app)",
		`"github.com/s3seal/s3seal/stacks"`, "\"github.com/s3seal/s3seal/mine\"\n\t\"github.com/s3seal/s3seal/stacks\"",
	).Replace(string(main)))
	r.write("stages.yaml", guardedStages)
	if err := os.RemoveAll(filepath.Join(r.dir, snapshot.Dir)); err != nil {
		t.Fatal(err)
	}
	makeIn(t, r.dir, "build")
	said, ok := r.snapshots()
	r.want("the first snapshot", said, ok, true, "added    test/snapshots/reports.template.json", "added    test/access/reports.md")
	first := r.files(snapshot.Dir)
	for file, text := range map[string]string{"reports.template.json": "monthly-reports", "manifest.json": `"team": "reports-team"`} {
		if !strings.Contains(first[file], text) {
			t.Errorf("%s lacks %s:\n%s", file, text, first[file])
		}
	}

	renamed := strings.NewReplacer("first-name", "second-name", "    patterns", "    tags: {team: a}\n    patterns").Replace(guardedStages)
	r.write("stages.yaml", renamed)
	before := r.files(snapshot.Dir)
	said, ok = r.snapshots()
	r.want("a renamed bucket", said, ok, false, "a new AWS::S3::Bucket replaces first-name", "which stays, and no stack has it", "- {change: stateful-replaced, resource: dev-buckets/SseS3FAC7644B, reason: ")
	if changes := snapshot.Compare(before, r.files(snapshot.Dir)); len(changes) > 0 {
		t.Errorf("refused, and yet written: %v", changes)
	}

	r.write("stages.yaml", renamed+acknowledged)
	if said, ok := r.run("bin/app"); !ok {
		t.Errorf("the synthesis ends although the change is acknowledged:\n%s", said)
	}
	said, ok = r.snapshots()
	r.want("an acknowledged change", said, ok, true, "acknowledged: the first bucket is empty", "changed  test/snapshots/dev-buckets.template.json", "changed  test/access/dev.md")
	if manifest := r.files(snapshot.Dir)["manifest.json"]; !strings.Contains(manifest, `"team": "a"`) {
		t.Errorf("the manifest lacks the tag:\n%s", manifest)
	}
	log, err := snapshot.ReadLog(filepath.Join(r.dir, snapshot.Dir))
	if err != nil || len(log) != 1 || !strings.HasPrefix(log[0].Before, "first-name") || !strings.HasPrefix(log[0].After, "second-name") || log[0].Reason != "the first bucket is empty" {
		t.Errorf("the log has %+v (%v)", log, err)
	}

	r.write("stages.yaml", strings.ReplaceAll(renamed, "second", "third")+acknowledged)
	said, ok = r.snapshots()
	r.want("the same acknowledgement for the next change", said, ok, false, "was for an earlier change", "replaces second-name")
	r.write("stages.yaml", strings.ReplaceAll(renamed, "team: a", "team: b")+acknowledged)
	said, ok = r.snapshots()
	r.want("an acknowledgement that is used up", said, ok, false, "stages.yaml:12:14: stateful-replaced of dev-buckets/SseS3FAC7644B is recorded", "remove it")
	r.write("stages.yaml", strings.ReplaceAll(renamed, "  dev:", "  test:"))
	said, ok = r.snapshots()
	r.want("a renamed stage", said, ok, false, "the stacks of stage dev (dev-logs, dev-buckets) are now those of stage test (test-logs, test-buckets)")
}

// Nothing behind `-c stage=` would be every account.
func TestCLISelectsNoStageByAccident(t *testing.T) {
	cmd := exec.Command("npx", "cdk", "list", "-c", "stage=")
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "context: stage is empty") {
		t.Errorf("npx cdk list -c stage= ended with %v:\n%s", err, out)
	}
}
