package cloudformation

import (
	"strings"
	"testing"
)

// changeSet creates a change set and describes it.
func (f *fake) changeSet(name, typ, template string, parameters ...string) node {
	f.t.Helper()
	f.must(home, "CreateChangeSet", append([]string{"StackName=" + name, "ChangeSetName=c", "ChangeSetType=" + typ, "TemplateBody=" + template, "DeploymentConfig.Mode=STANDARD", "Tags="}, parameters...)...)
	return f.must(home, "DescribeChangeSet", "StackName="+name, "ChangeSetName=c", "IncludePropertyValues=true")
}

// changes are "Action LogicalId Replacement PolicyAction".
func changesOf(set node) (l []string) {
	for _, m := range set.child("Changes").Children {
		r := m.child("ResourceChange")
		l = append(l, strings.TrimSpace(r.text("Action")+" "+r.text("LogicalResourceId")+" "+r.text("Replacement")+" "+r.text("PolicyAction")))
	}
	return l
}

func TestChangeSetCreatesAStackOnlyWhenExecuted(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	set := f.changeSet("S", "CREATE", twoBuckets)
	equal(t, "changes", changesOf(set), []string{"Add A", "Add B"})
	equal(t, "status", f.status("S"), "REVIEW_IN_PROGRESS")
	equal(t, "calls", f.history(), nil)
	f.must(home, "ExecuteChangeSet", "StackName=S", "ChangeSetName="+set.text("ChangeSetId"))
	equal(t, "status", f.status("S"), "CREATE_COMPLETE")
	_, err := f.do(home, "CreateChangeSet", "StackName=S", "ChangeSetName=c", "ChangeSetType=CREATE", "TemplateBody="+twoBuckets)
	wantError(t, err, "already exists and cannot be created again")
}

func TestChangeSetPredictsModificationReplacementAndRemoval(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", `{"Resources":{
		"A":{"Type":"AWS::S3::Bucket","UpdateReplacePolicy":"Retain","Properties":{"BucketName":"first"}},
		"B":{"Type":"AWS::KMS::Key","Properties":{"Value":{"Ref":"A"},"List":["x"]}},
		"C":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Retain"},
		"D":{"Type":"AWS::KMS::Key"},
		"M":{"Type":"AWS::KMS::Key","Metadata":{"a":"b"}}}}`)
	f.history()
	set := f.changeSet("S", "UPDATE", `{"Resources":{
		"A":{"Type":"AWS::S3::Bucket","UpdateReplacePolicy":"Retain","Properties":{"BucketName":"second"}},
		"B":{"Type":"AWS::KMS::Key","Properties":{"Value":{"Ref":"A"},"List":["x"]}},
		"M":{"Type":"AWS::KMS::Key","Metadata":{"a":"c"}},
		"D":{"Type":"AWS::KMS::Key"}}}`)
	equal(t, "changes", changesOf(set), []string{"Modify A True ReplaceAndRetain", "Modify B False", "Remove C  Retain", "Modify M False"})
	a := set.child("Changes").Children[0].child("ResourceChange").child("Details").child("member").child("Target")
	equal(t, "detail", a.text("Name")+" "+a.text("RequiresRecreation")+" "+a.text("BeforeValue")+" "+a.text("AfterValue"), "BucketName Always first second")
	b := set.child("Changes").Children[1].child("ResourceChange").child("Details").child("member")
	equal(t, "dynamic detail", b.text("Target", "Name")+" "+b.text("Evaluation")+" "+b.text("Target", "AfterValue"), "Value Dynamic "+notYetKnown)
	f.must(home, "ExecuteChangeSet", "StackName=S", "ChangeSetName=c")
	equal(t, "calls", f.history(), []string{"create A", "update B"})
	_, err := f.do(home, "DescribeChangeSet", "StackName=S", "ChangeSetName=c")
	wantError(t, err, "ChangeSetNotFound")
}

func TestChangeSetWithoutChangesFailsInTheWordsThatTheCDKLooksFor(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", twoBuckets)
	set := f.changeSet("S", "UPDATE", twoBuckets)
	equal(t, "status", set.text("Status")+" "+set.text("ExecutionStatus"), "FAILED UNAVAILABLE")
	if !strings.HasPrefix(set.text("StatusReason"), "The submitted information didn't contain changes.") {
		t.Errorf("reason %q", set.text("StatusReason"))
	}
	_, err := f.do(home, "ExecuteChangeSet", "StackName=S", "ChangeSetName=c")
	wantError(t, err, "InvalidChangeSetStatus")
	f.must(home, "DeleteChangeSet", "StackName=S", "ChangeSetName=c")
	f.must(home, "DeleteChangeSet", "StackName=S", "ChangeSetName=c") // the CDK deletes one that may not be there
}

func TestAChangeOfOutputsAloneIsAChange(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", twoBuckets)
	set := f.changeSet("S", "UPDATE", strings.Replace(twoBuckets, `"Arn":{"Value"`, `"Other":{"Value"`, 1))
	equal(t, "status", set.text("Status"), "CREATE_COMPLETE")
	f.must(home, "ExecuteChangeSet", "StackName=S", "ChangeSetName=c")
	equal(t, "output", f.must(home, "DescribeStacks", "StackName=S").text("Stacks", "member", "Outputs", "member", "OutputKey"), "Other")
}

func TestAChangeOfTypeIsRefused(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", `{"Resources":{"A":{"Type":"AWS::KMS::Key"}}}`)
	set := f.changeSet("S", "UPDATE", `{"Resources":{"A":{"Type":"AWS::S3::Bucket"}}}`)
	if set.text("Status") != "FAILED" || !strings.Contains(set.text("StatusReason"), "Update of resource type is not permitted") {
		t.Errorf("%s: %s", set.text("Status"), set.text("StatusReason"))
	}
}

func TestTemplateByURLIsReadFromTheLocalS3(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"https://127.0.0.1:4566/assets/dir/key.json",
		"https://s3.eu-west-1.amazonaws.com/assets/dir/key.json",
		"https://assets.s3.eu-west-1.amazonaws.com/dir/key.json",
	} {
		f := newFake(t)
		f.objects["assets/dir/key.json"] = twoBuckets
		f.must(home, "CreateStack", "StackName=S", "TemplateURL="+address)
		equal(t, address, f.status("S"), "CREATE_COMPLETE")
		_, err := f.do(home, "ValidateTemplate", "TemplateURL="+address+"x")
		wantError(t, err, "NoSuchKey")
	}
}

func TestParametersKeepTheirValuesAndComeFromSSM(t *testing.T) {
	t.Parallel()
	const template = `{"Parameters":{
		"P":{"Type":"String","AllowedPattern":"[a-z]+","ConstraintDescription":"lower case only"},
		"L":{"Type":"CommaDelimitedList","Default":"a, b"},
		"E":{"Type":"CommaDelimitedList","Default":""},
		"N":{"Type":"Number","Default":7},
		"H":{"Type":"String","Default":"secret","NoEcho":true},
		"V":{"Type":"AWS::SSM::Parameter::Value<String>","Default":"/version"}},
		"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{
			"Value":{"Fn::Sub":"${P} ${N} ${V}"},
			"List":{"Fn::If":["Empty",{"Ref":"L"},{"Ref":"E"}]}}}},
		"Conditions":{"Empty":{"Fn::Equals":["",{"Fn::Join":["",{"Ref":"E"}]}]}}}`
	f := newFake(t)
	f.ssm["/version"] = "33"
	_, err := f.do(home, "CreateStack", "StackName=S", "TemplateBody="+template, "Parameters.member.1.ParameterKey=P", "Parameters.member.1.ParameterValue=X")
	wantError(t, err, "lower case only")
	_, err = f.do(home, "CreateStack", "StackName=S", "TemplateBody="+template, "Parameters.member.1.ParameterKey=Q", "Parameters.member.1.ParameterValue=X")
	wantError(t, err, "Parameters: [Q] do not exist in the template")
	f.deploy("S", template, "Parameters.member.1.ParameterKey=P", "Parameters.member.1.ParameterValue=p")
	equal(t, "properties", f.made["a-1"], `{"List":["a","b"],"Value":"p 7 33"}`)
	f.ssm["/version"] = "34"
	f.deploy("S", template, "Parameters.member.1.ParameterKey=P", "Parameters.member.1.UsePreviousValue=true")
	equal(t, "properties", f.made["a-1"], `{"List":["a","b"],"Value":"p 7 34"}`)
	for _, p := range f.must(home, "DescribeStacks", "StackName=S").child("Stacks").child("member").child("Parameters").Children {
		switch p.text("ParameterKey") {
		case "H":
			equal(t, "NoEcho", p.text("ParameterValue"), "****")
		case "V":
			equal(t, "SSM", p.text("ParameterValue")+" "+p.text("ResolvedValue"), "/version 34")
		}
	}
	delete(f.ssm, "/version")
	_, err = f.do(home, "UpdateStack", "StackName=S", "UsePreviousTemplate=true", "Parameters.member.1.ParameterKey=P", "Parameters.member.1.UsePreviousValue=true")
	wantError(t, err, "ParameterNotFound")
}
