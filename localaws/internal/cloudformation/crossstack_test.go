package cloudformation

import (
	"slices"
	"strings"
	"testing"
)

func TestExportsAreSharedUniqueAndKeptWhileInUse(t *testing.T) {
	t.Parallel()
	const exporter = `{"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"Value":"v"}}},
		"Outputs":{"O":{"Value":{"Ref":"A"},"Export":{"Name":{"Fn::Sub":"${AWS::Region}-key"}}}}}`
	const importer = `{"Resources":{"I":{"Type":"AWS::KMS::Key","Properties":{"Value":{"Fn::ImportValue":"eu-west-1-key"}}}}}`
	f := newFake(t)
	_, err := f.do(home, "CreateStack", "StackName=I", "TemplateBody="+importer)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "importer without export", f.status("I")+" "+f.why("I", "I", "CREATE_FAILED"), "ROLLBACK_COMPLETE No export named eu-west-1-key found. (Error Code: ValidationError)")
	f.must(home, "DeleteStack", "StackName=I")

	f.deploy("E", exporter)
	f.deploy("I", importer)
	equal(t, "imported", f.made["i-2"], `{"Value":"a-1"}`)
	equal(t, "second exporter", f.deploy("E2", exporter), "ROLLBACK_COMPLETE")

	f.must(home, "DeleteStack", "StackName=E")
	equal(t, "status", f.status("E")+" "+f.why("E", "E", "DELETE_FAILED"), "DELETE_FAILED Delete canceled. Cannot delete export eu-west-1-key as it is in use by I.")
	f.must(home, "DeleteStack", "StackName=I")
	f.must(home, "DeleteStack", "StackName=E")
	equal(t, "exports", len(f.must(home, "ListExports").child("Exports").Children), 0)
}

func TestAnExportInUseCannotChange(t *testing.T) {
	t.Parallel()
	const exporter = `{"Resources":{"A":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"first"}}},
		"Outputs":{"O":{"Value":{"Ref":"A"},"Export":{"Name":"key"}}}}`
	f := newFake(t)
	f.deploy("E", exporter)
	f.deploy("I", `{"Resources":{"I":{"Type":"AWS::KMS::Key","Properties":{"Value":{"Fn::ImportValue":"key"}}}}}`)
	made := f.copyMade()
	f.must(home, "UpdateStack", "StackName=E", "TemplateBody="+strings.Replace(exporter, "first", "second", 1))
	equal(t, "status", f.status("E"), "UPDATE_ROLLBACK_COMPLETE")
	if why := f.why("E", "E", "UPDATE_ROLLBACK_IN_PROGRESS"); !strings.Contains(why, "Export key cannot be updated as it is in use by I") {
		t.Errorf("reason %q", why)
	}
	equal(t, "made", f.copyMade(), made)
}

const (
	executionRole = "arn:aws:iam::111111111111:role/exec"
	publisherRole = "arn:aws:iam::222222222222:role/publish"
)

func TestGetStackOutputReadsAnotherAccountThroughTheRole(t *testing.T) {
	t.Parallel()
	const consumer = `{"Resources":{"C":{"Type":"AWS::KMS::Key","Properties":{"Value":
		{"Fn::GetStackOutput":{"StackName":"Dst","Region":"eu-central-1","RoleArn":"` + publisherRole + `","OutputName":"Arn"}}}}}}`
	tests := map[string]struct {
		prepare      func(f *fake)
		status, want string
	}{
		"allowed": {func(*fake) {}, "CREATE_COMPLETE", ""},
		"the role does not trust the execution role": {
			func(f *fake) { f.roles[publisherRole] = "arn:aws:iam::111111111111:role/another" }, "ROLLBACK_COMPLETE", "sts:AssumeRole",
		},
		"the role may not describe the stack": {
			func(f *fake) { f.denied["cloudformation:DescribeStacks "+other] = true }, "ROLLBACK_COMPLETE", "cloudformation:DescribeStacks",
		},
		"no such output": {
			func(f *fake) { f.find(other, "eu-central-1", "Dst").outputs = nil }, "ROLLBACK_COMPLETE", "has no output Arn",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.roles[executionRole] = "cloudformation.amazonaws.com"
			f.roles[publisherRole] = executionRole
			c := caller(other)
			c.Region = "eu-central-1"
			st := f.newStack(c, newStackARN(c, "Dst"))
			st.status, st.outputs = "CREATE_COMPLETE", []output{{key: "Arn", value: "arn:key"}}
			test.prepare(f)
			f.must(home, "CreateStack", "StackName=S", "TemplateBody="+consumer, "RoleARN="+executionRole)
			equal(t, "status", f.status("S"), test.status)
			if why := f.why("S", "C", "CREATE_FAILED"); !strings.Contains(why, test.want) {
				t.Errorf("reason %q, want one with %q", why, test.want)
			}
			if test.want == "" {
				equal(t, "value", f.made["c-1"], `{"Value":"arn:key"}`)
			}
		})
	}
}

func TestTheServiceRoleMakesTheResources(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	_, err := f.do(home, "CreateStack", "StackName=S", "TemplateBody="+twoBuckets, "RoleARN="+executionRole)
	wantError(t, err, "Role "+executionRole+" is invalid or cannot be assumed")
	f.roles[executionRole] = "cloudformation.amazonaws.com"
	f.must(home, "CreateStack", "StackName=S", "TemplateBody="+twoBuckets, "RoleARN="+executionRole)
	equal(t, "made by", f.callers["A"], executionRole)
	if !slices.Contains(f.asked, "iam:PassRole "+executionRole) {
		t.Error("iam:PassRole was not asked for")
	}
	f.must(home, "DeleteStack", "StackName=S") // uses the role again
	equal(t, "deleted by", f.callers["A"], executionRole)

	f.denied["iam:PassRole "+home] = true
	_, err = f.do(home, "CreateStack", "StackName=S", "TemplateBody="+twoBuckets, "RoleARN="+executionRole)
	wantError(t, err, "iam:PassRole")
	f.must(home, "CreateStack", "StackName=S", "TemplateBody="+twoBuckets)
	equal(t, "made by", f.callers["A"], "arn:aws:iam::111111111111:user/u")
}

func TestStacksOfAnotherAccountAreNotSeen(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", twoBuckets)
	id := f.must(home, "DescribeStacks").text("Stacks", "member", "StackId")
	_, err := f.do(other, "DescribeStacks", "StackName="+id)
	wantError(t, err, "does not exist")
	equal(t, "stacks", len(f.must(other, "ListStacks").child("StackSummaries").Children), 0)
}
