package cloudformation_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

const account, region = "111122223333", "eu-west-1"

// cdk is the real CDK CLI against a local AWS, with an assembly written by
// hand.
type cdk struct {
	t        *testing.T
	aws      *localaws.Server
	assembly string
}

func (c cdk) run(arguments ...string) (string, error) {
	node, err := filepath.Abs("../../../node_modules/node/bin/node")
	if err != nil {
		c.t.Fatal(err)
	}
	script := filepath.Join(filepath.Dir(node), "../../aws-cdk/bin/cdk")
	p := exec.Command(node, append([]string{script, "--app", c.assembly, "--no-color", "--ci", "--no-notices"}, arguments...)...)
	p.Dir = c.t.TempDir()
	p.Env = append(c.aws.Env(account), "PATH="+os.Getenv("PATH"), "HOME="+p.Dir, "CDK_DISABLE_CLI_TELEMETRY=1", "CI=1")
	out, err := p.CombinedOutput()
	c.t.Logf("cdk %s\n%s", strings.Join(arguments, " "), out)
	return string(out), err
}

func (c cdk) must(arguments ...string) string {
	c.t.Helper()
	out, err := c.run(arguments...)
	if err != nil {
		c.t.Fatalf("cdk %s: %v\nthe last decisions: %v", strings.Join(arguments, " "), err, c.aws.Decisions()[max(0, len(c.aws.Decisions())-3):])
	}
	return out
}

// synth writes an assembly with one stack, as the default synthesizer does.
func (c cdk) synth(template string) {
	c.t.Helper()
	role := func(name string) string {
		return "arn:${AWS::Partition}:iam::" + account + ":role/cdk-hnb659fds-" + name + "-" + account + "-" + region
	}
	const bucket = "cdk-hnb659fds-assets-" + account + "-" + region
	// Each object names the bootstrap version that it needs.
	versioned := func(least int, m map[string]any) map[string]any {
		m["requiresBootstrapStackVersion"] = least
		m["bootstrapStackVersionSsmParameter"] = "/cdk-bootstrap/hnb659fds/version"
		return m
	}
	sum := sha256.Sum256([]byte(template))
	hash := hex.EncodeToString(sum[:])
	c.write("manifest.json", map[string]any{
		"version": "54.0.0",
		"artifacts": map[string]any{
			"App.assets": map[string]any{"type": "cdk:asset-manifest", "properties": versioned(6, map[string]any{"file": "App.assets.json"})},
			"App": map[string]any{
				"type": "aws:cloudformation:stack", "environment": "aws://" + account + "/" + region, "dependencies": []string{"App.assets"},
				"properties": versioned(6, map[string]any{
					"templateFile": "App.template.json", "stackName": "App", "validateOnSynth": false, "tags": map[string]string{"team": "storage"},
					"assumeRoleArn": role("deploy-role"), "cloudFormationExecutionRoleArn": role("cfn-exec-role"),
					"stackTemplateAssetObjectUrl": "s3://" + bucket + "/" + hash + ".json",
					"additionalDependencies":      []string{"App.assets"},
					"lookupRole":                  versioned(8, map[string]any{"arn": role("lookup-role")}),
				}),
			},
		},
	})
	c.write("App.assets.json", map[string]any{
		"version": "54.0.0", "dockerImages": map[string]any{},
		"files": map[string]any{hash: map[string]any{
			"displayName": "App Template",
			"source":      map[string]string{"path": "App.template.json", "packaging": "file"},
			"destinations": map[string]any{"d": map[string]string{
				"bucketName": bucket, "objectKey": hash + ".json", "region": region, "assumeRoleArn": role("file-publishing-role"),
			}},
		}},
	})
	if err := os.WriteFile(filepath.Join(c.assembly, "App.template.json"), []byte(template), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

func (c cdk) write(name string, v any) {
	c.t.Helper()
	body, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.assembly, name), body, 0o600); err != nil {
		c.t.Fatal(err)
	}
}

const appTemplate = `{
 "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/hnb659fds/version"}},
 "Rules": {"CheckBootstrapVersion": {"Assertions": [{"Assert": {"Fn::Not": [{"Fn::Contains": [["1", "2", "3", "4", "5"], {"Ref": "BootstrapVersion"}]}]}, "AssertDescription": "too old"}]}},
 "Resources": {
  "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "app", "RetentionInDays": 7}, "DeletionPolicy": "Delete"},
  "Version": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": "/app", "Value": {"Fn::GetAtt": ["Log", "Arn"]}}}
 },
 "Outputs": {"Group": {"Value": {"Ref": "Log"}}}
}`

func TestTheRealCDKBootstrapsDeploysDiffsAndDestroys(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the CDK CLI")
	}
	for _, file := range []string{"aws-cdk/bin/cdk", "node/bin/node"} {
		if _, err := os.Stat("../../../node_modules/" + file); err != nil {
			t.Skip("the CDK CLI is not installed: npm ci")
		}
	}
	aws, err := localaws.Start(localaws.Options{Accounts: []string{account}, Regions: []string{region}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = aws.Close() })
	c := cdk{t: t, aws: aws, assembly: t.TempDir()}
	has := func(what, out, want string) {
		t.Helper()
		if !strings.Contains(out, want) {
			t.Errorf("%s does not say %q:\n%s", what, want, out)
		}
	}
	c.synth(appTemplate)
	has("bootstrap", c.must("bootstrap", "aws://"+account+"/"+region), "bootstrapped")
	has("second bootstrap", c.must("bootstrap", "aws://"+account+"/"+region), "(no changes)")

	has("diff of a new stack", c.must("diff", "App"), "AWS::Logs::LogGroup")
	has("deploy", c.must("deploy", "App", "--require-approval", "never"), "App.Group = app")
	has("second deploy", c.must("deploy", "App", "--require-approval", "never"), "(no changes)")

	updated := strings.Replace(appTemplate, `"RetentionInDays": 7`, `"RetentionInDays": 14`, 1)
	c.synth(updated)
	diff := c.must("diff", "App")
	has("diff", diff, "RetentionInDays")
	if strings.Contains(diff, "Could not create a change set") {
		t.Errorf("diff without change set:\n%s", diff)
	}
	has("update", c.must("deploy", "App", "--require-approval", "never", "--method", "direct"), "App.Group = app")

	c.synth(strings.Replace(appTemplate, `"LogGroupName": "app"`, `"LogGroupName": "app", "Colour": "red"`, 1))
	out, err := c.run("deploy", "App", "--require-approval", "never")
	if err == nil {
		t.Error("a property that nobody knows was deployed")
	}
	has("unknown property", out, "Colour")

	c.synth(strings.Replace(appTemplate, `"Resources": {`, `"Resources": {"Twin": {"Type": "AWS::SSM::Parameter", "DependsOn": "Version", "Properties": {"Type": "String", "Name": "/app", "Value": "x"}},`, 1))
	if out, err = c.run("deploy", "App", "--require-approval", "never", "--no-rollback"); err == nil {
		t.Error("a second parameter of the same name was deployed")
	}
	has("failed update", out, "AlreadyExists")
	// The CLI shows the events that it comes to see, and those of a quick
	// rollback not always: what counts is that the stack is as it was.
	has("rollback", c.must("rollback", "App"), "Rollback time")
	c.synth(updated)
	has("deploy after the rollback", c.must("deploy", "App", "--require-approval", "never"), "(no changes)")

	c.synth(strings.Replace(appTemplate, `"LogGroupName": "app"`, `"LogGroupName": "app2"`, 1))
	has("replacement", c.must("deploy", "App", "--require-approval", "never"), "App.Group = app2")
	c.must("destroy", "App", "--force")
}
