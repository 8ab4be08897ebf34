package outside

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

func TestMain(m *testing.M) {
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}

func TestTheStackPassesTheRules(t *testing.T) {
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(t.TempDir())})
	NewStack(app)
	if err := Check(app); err != nil {
		t.Fatal(err)
	}
	dir := *app.Synth(nil).Directory() // panics on an error of the rules
	template, err := os.ReadFile(filepath.Join(dir, "records.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		`"Type": "AWS::S3::Bucket"`:                        2,
		`"Type": "AWS::S3::BucketPolicy"`:                  2,
		`"Type": "AWS::KMS::Key"`:                          1,
		`"Sid": "KeyUsers"`:                                1,
		`"Sid": "KeyAdministrators"`:                       1,
		`"logdelivery.elasticloadbalancing.amazonaws.com"`: 1,
	} {
		if got := strings.Count(string(template), text); got != want {
			t.Errorf("%d times %s, want %d", got, text, want)
		}
	}
}
