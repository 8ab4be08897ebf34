package test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/validation"
	"github.com/s3seal/s3seal/stacks"
)

// synthWithRules synthesizes an app with the rules as cdk synth would, and
// returns what ended it, "" for nothing.
func synthWithRules(t *testing.T, app awscdk.App, o validation.Options) (failure string) {
	t.Helper()
	rules, err := validation.New(o)
	if err != nil {
		t.Fatal(err)
	}
	awscdk.Validations_Of(app).AddPlugins(rules)
	defer func() {
		if r := recover(); r != nil {
			failure = fmt.Sprint(r)
		}
	}()
	app.Synth(nil)
	return ""
}

func TestRulesPassTheExampleStages(t *testing.T) {
	file := loadStages(t, exampleStages)
	app := newApp(t)
	var accounts []string
	for i := range file.Stages {
		stacks.New(app, &file.Stages[i], stubs)
		accounts = append(accounts, file.Stages[i].Accounts()...)
	}
	if failure := synthWithRules(t, app, validation.Options{Accounts: accounts}); failure != "" {
		t.Error(failure)
	}
}

// A mistake in anybody's stack of the app must end the synthesis, not the
// night's sleep.
func TestRulesEndTheSynthesisOfAMistake(t *testing.T) {
	app := newApp(t)
	stack := awscdk.NewStack(app, jsii.String("theirs"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("us-east-1")},
	})
	awss3.NewBucket(stack, jsii.String("Bucket"), &awss3.BucketProps{
		Encryption: awss3.BucketEncryption_DSSE, BucketKeyEnabled: jsii.Bool(true),
	})
	failure := synthWithRules(t, app, validation.Options{})
	if !strings.Contains(failure, "Validation failed") {
		t.Errorf("the synthesis ended with %q, want a failed validation", failure)
	}
	var report struct {
		PluginReports []struct {
			Summary    struct{ PluginName string }
			Violations []struct {
				RuleName, SuggestedFix string
				ViolatingConstructs    []struct{ ConstructPath string }
			}
		}
	}
	unmarshal(t, filepath.Join(*app.Outdir(), "validation-report.json"), &report)
	for _, p := range report.PluginReports {
		for _, v := range p.Violations {
			if v.RuleName == "bucket-key-with-dsse-kms" && v.SuggestedFix != "" && v.ViolatingConstructs[0].ConstructPath == "theirs/Bucket/Resource" {
				return
			}
		}
	}
	t.Errorf("the report does not name rule, construct and fix: %+v", report)
}

// A renamed bucket is a new, empty bucket; a synthesis must not go on to deploy
// it before somebody has seen that.
func TestRulesEndTheSynthesisOfAReplacedBucket(t *testing.T) {
	const yaml = `
stages:
  dev:
    prefix: acme-dev
    source: {account: "111122223333", region: ap-northeast-1}
    buckets: {sse-s3: {name: "first-{account}-{region}-an"}}
`
	synthAgainst := func(yaml string, before string) string {
		app := newApp(t)
		file := parseStages(t, yaml)
		stacks.New(app, &file.Stages[0], stubs)
		return synthWithRules(t, app, validation.Options{Accounts: file.Stages[0].Accounts(), Before: before})
	}
	before := synth(t, parseStages(t, yaml))
	if failure := synthAgainst(yaml, before); failure != "" {
		t.Errorf("without a change: %s", failure)
	}
	if failure := synthAgainst(strings.ReplaceAll(yaml, "first", "second"), before); !strings.Contains(failure, "Validation failed") {
		t.Errorf("with another name the synthesis ended with %q, want a failed validation", failure)
	}
	const named = `    buckets: {sse-s3: {name: "first-{account}-{region}-an"}}`
	global := strings.ReplaceAll(yaml, named, "    bucketNamespace: global")
	if failure := synthAgainst(strings.ReplaceAll(yaml, named, ""), synth(t, parseStages(t, global))); !strings.Contains(failure, "Validation failed") {
		t.Errorf("with another namespace the synthesis ended with %q, want a failed validation", failure)
	}
}

// A call to the kernel from inside of its call to the plugin nests: one for each
// stack, and an app of many would overflow the kernel's stack.
func TestRulesTakeAnAppOfManyStacks(t *testing.T) {
	app := newApp(t)
	for i := range 700 {
		stack := awscdk.NewStack(app, jsii.String(fmt.Sprintf("s%d", i)), &awscdk.StackProps{
			Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("us-east-1")},
		})
		awscdk.NewCfnResource(stack, jsii.String("Handle"), &awscdk.CfnResourceProps{
			Type: jsii.String("AWS::CloudFormation::WaitConditionHandle"),
		})
	}
	if failure := synthWithRules(t, app, validation.Options{}); failure != "" {
		t.Error(failure)
	}
}
