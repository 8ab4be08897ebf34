//go:build conformance

package conformance

import "testing"

// nestedStacks: the template of a nested stack is an asset in the bootstrap
// bucket, as awscdk.NestedStack makes it.
func nestedStacks(t *testing.T, c cdk) {
	e := newEndpoint(t, c.aws, "s3", source)
	app := func(asset, template, output string) {
		synthesize(t, c.folder, stack{name: "outer", account: source, nested: map[string]string{asset: template}, template: `{
 "Resources": {
  "Inner": {"Type": "AWS::CloudFormation::Stack", "UpdateReplacePolicy": "Delete", "DeletionPolicy": "Delete",
   "Metadata": {"aws:asset:path": "` + asset + `", "aws:asset:property": "TemplateURL"},
   "Properties": {"TemplateURL": {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::Region"}, ".", {"Ref": "AWS::URLSuffix"}, "/cdk-hnb659fds-assets-` + source + "-" + region + "/" + asset + `"]]}}}
 },
 "Outputs": {"Name": {"Value": {"Fn::GetAtt": ["Inner", "Outputs.` + output + `"]}}}
}`})
	}
	app("one.json", bucketTemplate("nested-1", "cold"), "Name")
	c.does(t, deploy("outer"), "outer.Name = nested-1")
	c.does(t, deploy("outer"), "(no changes)")

	app("two.json", bucketTemplate("nested-2", "hot"), "Name")
	c.does(t, []string{"diff", "outer"}, "nested-2")
	c.does(t, deploy("outer"), "outer.Name = nested-2")
	gone(t, e, "nested-1")

	app("three.json", bucketTemplate("nested-3", "hot"), "Nope")
	c.fails(t, deploy("outer"), "Output 'Nope' not found in stack")
	gone(t, e, "nested-3")
	if status := settle(t, c.aws, source, "outer"); status != "UPDATE_ROLLBACK_COMPLETE" {
		t.Errorf("the stack is %s", status)
	}

	c.does(t, []string{"destroy", "--force", "outer"}, "destroyed")
	gone(t, e, "nested-2")
}
