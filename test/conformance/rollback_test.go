//go:build conformance

package conformance

import (
	"strings"
	"testing"
)

// withoutRollback: what a failed update has left is rolled back by hand, and
// nobody sees afterwards that there was one.
func withoutRollback(t *testing.T, c cdk) {
	const template = `{
 "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/hnb659fds/version"}},
 "Rules": {"CheckBootstrapVersion": {"Assertions": [{"Assert": {"Fn::Not": [{"Fn::Contains": [["1", "2", "3", "4", "5"], {"Ref": "BootstrapVersion"}]}]}, "AssertDescription": "too old"}]}},
 "Resources": {
  "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "app", "RetentionInDays": 7}, "DeletionPolicy": "Delete"},
  "Version": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": "/app", "Value": {"Fn::GetAtt": ["Log", "Arn"]}}}
 },
 "Outputs": {"Group": {"Value": {"Ref": "Log"}}}
}`
	app := func(old, new string) {
		synthesize(t, c.folder, stack{name: "App", account: source, tags: map[string]string{"team": "storage"}, template: must(t, template, old, new)})
	}
	app("", "")
	c.does(t, []string{"diff", "App"}, "AWS::Logs::LogGroup")
	c.does(t, deploy("App"), "App.Group = app")
	c.does(t, deploy("App"), "(no changes)")

	const retention, longer = `"RetentionInDays": 7`, `"RetentionInDays": 14`
	app(retention, longer)
	if diff, err := c.run(t, "diff", "App"); err != nil || !strings.Contains(diff, "RetentionInDays") || strings.Contains(diff, "Could not create a change set") {
		t.Errorf("diff without a change set, or without the change: %v\n%s", err, diff)
	}
	c.does(t, append(deploy("App"), "--method", "direct"), "App.Group = app")
	app(retention, longer+`, "Colour": "red"`)
	c.fails(t, deploy("App"), "Colour")

	app(`"Resources": {`, `"Resources": {"Twin": {"Type": "AWS::SSM::Parameter", "DependsOn": "Version", "Properties": {"Type": "String", "Name": "/app", "Value": "x"}},`)
	c.fails(t, append(deploy("App"), "--no-rollback"), "AlreadyExists")
	// The CLI shows the events that it comes to see, and those of a quick
	// rollback not always: what counts is that the stack is as it was.
	c.does(t, []string{"rollback", "App"}, "Rollback time")
	app(retention, longer)
	c.does(t, deploy("App"), "(no changes)")

	app(`"LogGroupName": "app"`, `"LogGroupName": "app2"`)
	c.does(t, deploy("App"), "App.Group = app2")
	c.does(t, []string{"destroy", "App", "--force"})
}
