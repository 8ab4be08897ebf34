//go:build conformance

package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

// clis bounds how many CDK CLIs run at a time: each is a Node of its own.
var clis = make(chan struct{}, 2)

// cdk is the real CDK CLI, as an administrator of an account, on an assembly.
type cdk struct {
	aws     *localaws.Server
	account string
	folder  string // of the assembly
}

func (c cdk) run(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	bin, err := filepath.Abs("../../node_modules/.bin")
	if err != nil {
		t.Fatal(err)
	}
	clis <- struct{}{}
	defer func() { <-clis }()
	p := exec.CommandContext(t.Context(), filepath.Join(bin, "cdk"), append(arguments, "--app", c.folder, "--no-color", "--ci", "--no-notices")...)
	p.Dir = c.folder
	p.Env = append(c.aws.Env(c.account), "PATH="+bin+":"+os.Getenv("PATH"), "HOME="+c.folder, "CDK_DISABLE_CLI_TELEMETRY=1")
	out, err := p.CombinedOutput()
	t.Logf("$ cdk %s\n%s", strings.Join(arguments, " "), out)
	return string(out), err
}

// does runs the CLI, which must succeed and say all of these.
func (c cdk) does(t *testing.T, arguments []string, says ...string) {
	t.Helper()
	out, err := c.run(t, arguments...)
	if err != nil {
		t.Fatalf("cdk %s: %v", arguments[0], err)
	}
	contains(t, out, says)
}

// fails runs the CLI, which must exit with status 1 and say all of these.
func (c cdk) fails(t *testing.T, arguments []string, says ...string) {
	t.Helper()
	out, err := c.run(t, arguments...)
	if e, ok := err.(*exec.ExitError); !ok || e.ExitCode() != 1 {
		t.Fatalf("cdk %s: %v, want exit status 1", arguments[0], err)
	}
	contains(t, out, says)
}

func contains(t *testing.T, out string, says []string) {
	t.Helper()
	for _, want := range says {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
}

func deploy(stacks ...string) []string {
	return append([]string{"deploy", "--require-approval", "never"}, stacks...)
}

// TestCDK drives the CDK CLI through what people do with it.
func TestCDK(t *testing.T) {
	t.Parallel()
	s := start(t)
	t.Run("bootstrap", func(t *testing.T) {
		for account, options := range map[string][]string{
			source:  nil,
			replica: {"--trust", source, "--cloudformation-execution-policies", "arn:aws:iam::aws:policy/AdministratorAccess"},
		} {
			t.Run(account, func(t *testing.T) {
				t.Parallel()
				c := cdk{s, account, t.TempDir()}
				synthesize(t, c.folder, stack{name: "any", account: account, template: bucketTemplate("any", "any")})
				arguments := append([]string{"bootstrap", "aws://" + account + "/" + region}, options...)
				c.does(t, arguments, "bootstrapped")
				if account == source {
					c.does(t, arguments, "(no changes)")
				}
			})
		}
	})
	if t.Failed() {
		t.FailNow()
	}
	for name, scene := range map[string]func(*testing.T, cdk){
		"a stack that changes":             changes,
		"a failure without a rollback":     withoutRollback,
		"a creation that fails":            creationFails,
		"nested stacks":                    nestedStacks,
		"an unknown type":                  unknownType,
		"protected and retained":           protectedAndRetained,
		"retained and imported":            retainedAndImported,
		"an output of the other's account": acrossAccounts,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scene(t, cdk{s, source, t.TempDir()})
		})
	}
}

// bucketTemplate is a stack of a bucket with a name and a tag.
func bucketTemplate(name, tag string) string {
	return strings.NewReplacer("NAME", name, "TAG", tag).Replace(`{
 "Resources": {
  "Bucket": {"Type": "AWS::S3::Bucket", "UpdateReplacePolicy": "Delete", "DeletionPolicy": "Delete", "Properties": {
    "BucketName": "NAME", "Tags": [{"Key": "tier", "Value": "TAG"}]}}
 },
 "Outputs": {"Name": {"Value": {"Ref": "Bucket"}}}
}`)
}

func changes(t *testing.T, c cdk) {
	e := newEndpoint(t, c.aws, "s3", source)
	tagged := func(bucket, want string) {
		t.Helper()
		if a := e.send(t, "GET", "/"+bucket+"?tagging", nil, ""); element(a.body, "Value") != want && !strings.Contains(a.body, "<Value>"+want+"</Value>") {
			t.Errorf("tags of %s: %d %s, want %s", bucket, a.status, a.body, want)
		}
	}
	synthesize(t, c.folder, stack{name: "changing", account: source, template: bucketTemplate("changing-1", "cold")})
	c.does(t, deploy(), "changing.Name = changing-1")
	c.does(t, deploy(), "(no changes)")
	c.does(t, []string{"diff", "--fail"}, "There were no differences")

	synthesize(t, c.folder, stack{name: "changing", account: source, template: bucketTemplate("changing-1", "hot")})
	c.fails(t, []string{"diff", "--fail"}, "cold", "hot")
	c.does(t, deploy(), "changing.Name = changing-1")
	tagged("changing-1", "hot")

	// What can be seen to be wrong is refused before anything is done; what
	// fails later is rolled back. Both leave what was.
	for _, test := range []struct{ old, new, reason, status string }{
		{`"BucketName"`, `"Colour": "red", "BucketName"`, "Colour", "UPDATE_COMPLETE"},
		{`"Resources": {`, `"Resources": {"Policy": {"Type": "AWS::S3::BucketPolicy", "DependsOn": "Bucket", "Properties": {"Bucket": "changing-1",
		  "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::changing-1/*",
		    "Principal": {"AWS": "arn:aws:iam::` + source + `:role/nobody"}}]}}},`, "Invalid principal in policy", "UPDATE_ROLLBACK_COMPLETE"},
	} {
		bad := strings.Replace(bucketTemplate("changing-1", "lost"), test.old, test.new, 1)
		synthesize(t, c.folder, stack{name: "changing", account: source, template: bad})
		c.fails(t, deploy(), test.reason)
		tagged("changing-1", "hot")
		if status := settle(t, c.aws, source, "changing"); status != test.status {
			t.Errorf("after a failed update the stack is %s, want %s", status, test.status)
		}
	}

	synthesize(t, c.folder, stack{name: "changing", account: source, template: bucketTemplate("changing-2", "hot")})
	c.does(t, deploy(), "changing.Name = changing-2")
	tagged("changing-2", "hot")
	gone(t, e, "changing-1")

	c.does(t, []string{"destroy", "--force", "changing"}, "destroyed")
	gone(t, e, "changing-2")
}

func gone(t *testing.T, e endpoint, bucket string) {
	t.Helper()
	if a := e.send(t, "HEAD", "/"+bucket, nil, ""); a.status != 404 {
		t.Errorf("HEAD of the bucket %s answers %d, want 404", bucket, a.status)
	}
}

// creationFails: the key can't be made, and the bucket that could be is
// removed again.
func creationFails(t *testing.T, c cdk) {
	synthesize(t, c.folder, stack{name: "failing", account: source, template: `{"Resources": {
	  "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "failing-bucket"}},
	  "Key": {"Type": "AWS::KMS::Key", "DependsOn": "Bucket", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [
	    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::` + source + `:root"}, "Action": "kms:*", "Resource": "*"},
	    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::` + source + `:role/nobody"}, "Action": "kms:Decrypt", "Resource": "*"}]}}}}}`})
	c.fails(t, deploy(), "Policy contains a statement with one or more invalid principals")
	gone(t, newEndpoint(t, c.aws, "s3", source), "failing-bucket")
	if status := settle(t, c.aws, source, "failing"); status != "ROLLBACK_COMPLETE" {
		t.Errorf("the stack is %s", status)
	}
}

func unknownType(t *testing.T, c cdk) {
	synthesize(t, c.folder, stack{name: "unknown", account: source, template: `{"Resources": {
	  "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "unknown-bucket"}},
	  "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {}}}}`})
	c.fails(t, deploy(), "AWS::DynamoDB::Table")
	gone(t, newEndpoint(t, c.aws, "s3", source), "unknown-bucket")
	if a := cloudFormation(t, c.aws, source, "DescribeStacks", "StackName=unknown"); a.status != 400 || a.message != "Stack with id unknown does not exist" {
		t.Errorf("the refused stack is there: %d %s", a.status, a.body)
	}
}

func protectedAndRetained(t *testing.T, c cdk) {
	s := stack{name: "protected", account: source, template: `{"Resources": {
	  "Kept": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": "protected-kept"}},
	  "Deleted": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Delete", "Properties": {"BucketName": "protected-deleted"}}}}`, terminationProtection: true}
	synthesize(t, c.folder, s)
	c.does(t, deploy())
	c.fails(t, []string{"destroy", "--force", "protected"}, "TerminationProtection")
	s.terminationProtection = false
	synthesize(t, c.folder, s)
	c.does(t, deploy())
	c.does(t, []string{"destroy", "--force", "protected"}, "destroyed")
	e := newEndpoint(t, c.aws, "s3", source)
	gone(t, e, "protected-deleted")
	if a := e.send(t, "HEAD", "/protected-kept", nil, ""); a.status != 200 {
		t.Errorf("HEAD of the retained bucket answers %d", a.status)
	}
}

// retainedAndImported: what a destroyed stack has left comes back into a stack
// of the same name, which then is as if it had made it.
func retainedAndImported(t *testing.T, c cdk) {
	const resources = `"Key": {"Type": "AWS::KMS::Key", "DeletionPolicy": "RetainExceptOnCreate", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [
	    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::` + source + `:root"}, "Action": "kms:*", "Resource": "*"}]}}},
	  "Bucket": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "RetainExceptOnCreate", "Properties": {"BucketName": "imported-bucket",
	    "BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Fn::GetAtt": ["Key", "Arn"]}}}]}}}`
	template := `{"Resources": {` + resources + `, "Topic": {"Type": "AWS::SNS::Topic"}}, "Outputs": {"Key": {"Value": {"Ref": "Key"}}}}`
	synthesize(t, c.folder, stack{name: "imported", account: source, template: template})
	c.does(t, deploy())
	id := element(cloudFormation(t, c.aws, source, "DescribeStacks", "StackName=imported").body, "StackId")
	e := newEndpoint(t, c.aws, "s3", source)
	if a := e.send(t, "PUT", "/imported-bucket/kept", nil, "kept"); a.status != 200 {
		t.Fatal(a.body)
	}
	c.does(t, []string{"destroy", "--force", "imported"}, "destroyed")
	key := ""
	for _, r := range splitMembers(cloudFormation(t, c.aws, source, "DescribeStackResources", "StackName="+id).body) {
		if element(r, "LogicalResourceId") == "Key" && element(r, "ResourceStatus") == "DELETE_SKIPPED" {
			key = element(r, "PhysicalResourceId")
		}
	}

	mapping := func(key string) []string {
		return []string{"import", "imported", "--resource-mapping-inline", `{"Bucket": {"BucketName": "imported-bucket"}, "Key": {"KeyId": "` + key + `"}}`}
	}
	c.fails(t, mapping("00000000-0000-0000-0000-000000000000"), "cannot be imported", "NotFoundException")
	c.does(t, mapping(key), "Topic: skipping", "Resource import completed.", "Some resources were skipped.")
	c.does(t, deploy(), "imported.Key = "+key)
	c.does(t, []string{"diff", "--fail"}, "There were no differences")
	if a := e.send(t, "GET", "/imported-bucket/kept", nil, ""); a.body != "kept" || !strings.HasSuffix(a.header.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"), key) {
		t.Errorf("the object that stayed: %d %s %v", a.status, a.body, a.header)
	}
}

// acrossAccounts deploys to both accounts with the credentials of one; a value
// of the first stack reaches the second without a human.
func acrossAccounts(t *testing.T, c cdk) {
	const reader = "arn:aws:iam::" + replica + ":role/output-reader"
	synthesize(t, c.folder,
		stack{name: "giving", account: replica, template: `{"Resources": {
		  "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "giving-bucket"}},
		  "Reader": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "output-reader",
		    "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
		      "Principal": {"AWS": "arn:aws:iam::` + source + `:role/cdk-hnb659fds-cfn-exec-role-` + source + `-` + region + `"}}]},
		    "Policies": [{"PolicyName": "read", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
		      {"Effect": "Allow", "Action": "cloudformation:DescribeStacks", "Resource": {"Ref": "AWS::StackId"}}]}}]}}},
		  "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Bucket", "Arn"]}}}}`},
		stack{name: "taking", account: source, dependsOn: []string{"giving"}, template: `{"Resources": {
		  "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/taken", "Type": "String", "Value":
		    {"Fn::GetStackOutput": {"StackName": "giving", "Region": "` + region + `", "RoleArn": "` + reader + `", "OutputName": "Arn"}}}}},
		  "Outputs": {"Taken": {"Value": {"Fn::GetAtt": ["Parameter", "Value"]}}}}`},
	)
	c.does(t, deploy("--all"), "taking.Taken = arn:aws:s3:::giving-bucket")
}
