package test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/constructs/validation"
	"github.com/s3seal/s3seal/internal/shard"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/stacks"
)

// careless is a stack of somebody's own, beside the stages: one of its mistakes
// is acknowledged.
func careless(app awscdk.App) {
	stack := awscdk.NewStack(app, jsii.String("theirs"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("us-east-1")},
	})
	bucket := awss3.NewBucket(stack, jsii.String("Bucket"), &awss3.BucketProps{
		Encryption: awss3.BucketEncryption_DSSE, BucketKeyEnabled: jsii.Bool(true),
	})
	awscdk.Validations_Of(bucket).Acknowledge(&awscdk.Acknowledgment{
		Id: jsii.String("s3seal::bucket-unversioned"), Reason: jsii.String("it is thrown away"),
	})
}

// Who deploys must not be able to tell in how many processes the stages were
// made, and no mistake may pass because of that.
func TestSharesMakeWhatOneProcessMakes(t *testing.T) {
	stages := loadStages(t, exampleStages).Stages
	make := func(of []stage.Stage) awscdk.App {
		app := newApp(t)
		app.Node().SetContext(jsii.String("@aws-cdk/core:failSynthOnValidationErrors"), false)
		for i := range of {
			stacks.New(app, &of[i], stubs)
		}
		careless(app)
		return app
	}
	rules, err := validation.New(validation.Options{Before: exampleAssembly(t)})
	if err != nil {
		t.Fatal(err)
	}
	whole := make(stages)
	awscdk.Validations_Of(whole).AddPlugins(rules)
	want := *whole.Synth(nil).Directory()
	var dirs []string
	for _, s := range shard.Split(len(stages), 2) {
		dir, err := validation.Synth(make(stages[s.From:s.To]))
		if err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, dir)
	}
	out := t.TempDir()
	if err := shard.Merge(out, dirs); err != nil {
		t.Fatal(err)
	}
	says, failed, err := rules.Join(out, dirs...)
	if err != nil {
		t.Fatal(err)
	}
	if len(says) == 0 || !failed {
		t.Errorf("the mistake of the stack passes; it says %q", says)
	}
	files, joined := contents(t, want), contents(t, out)
	// The frames of the kernel, in which no code of ours is.
	files["validation-report.json"] = traces.ReplaceAllString(files["validation-report.json"], "")
	if diff := cmp.Diff(files, joined); diff != "" {
		t.Errorf("assembly of one process, -want, and of the shares, +got:\n%s", diff)
	}
}

var traces = regexp.MustCompile(`,\s*"stackTraces": \[[^]]*\]`)

// contents are the files of a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(file)
		name, _ := filepath.Rel(dir, file)
		files[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
