package localaws_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws"
)

// callingTemplate has what makes services call others by themselves: Lambda
// assumes the role of a function, S3 that of a replication, and S3 delivers
// logs into a bucket whose policy lets it in. END is when all of that ends.
const callingTemplate = `{"Resources": {
  "Logs": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "logs-of-app"}},
  "LogsPolicy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Logs"}, "PolicyDocument": {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs-of-app/*",
      "Condition": {"DateLessThan": {"aws:CurrentTime": "END"}, "StringEquals": {"aws:SourceAccount": "111122223333", "aws:RequestedRegion": "eu-west-1"}}}]}}},
  "Copy": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "copy-of-app", "VersioningConfiguration": {"Status": "Enabled"}}},
  "Data": {"Type": "AWS::S3::Bucket", "DependsOn": ["Copy", "LogsPolicy"], "Properties": {"BucketName": "data-of-app", "VersioningConfiguration": {"Status": "Enabled"},
    "LoggingConfiguration": {"DestinationBucketName": "logs-of-app", "LogFilePrefix": "p/"},
    "ReplicationConfiguration": {"Role": "arn:aws:iam::111122223333:role/s3", "Rules": [{"Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""},
      "DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": {"Bucket": "arn:aws:s3:::copy-of-app"}}]}}}
}}`

// TestServicesCallWithTheTimeOfTheRequest: a policy that ends at a time lets a
// service in before it, and not after. Secrets Manager's own call has its test
// there: AWS::Lambda::Permission takes no such condition.
//
// Source: IAM user guide, reference_policies_condition-keys, aws:CurrentTime
// ("always included in the request context").
func TestServicesCallWithTheTimeOfTheRequest(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end     string
		allowed bool
	}{"before the end": {"2999-01-01T00:00:00Z", true}, "after the end": {"2001-01-01T00:00:00Z", false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			for role, service := range map[string]string{"s3": "s3", "lambda": "lambda", "deploy": "cloudformation"} {
				addTimedRole(t, s, role, service+".amazonaws.com", test.end)
			}
			putScript(t, s, "")
			got := map[string]bool{
				"CloudFormation": creates(t, s, `{"Resources":{"L":{"Type":"AWS::Logs::LogGroup"}}}`, "RoleARN=arn:aws:iam::"+source+":role/deploy"),
				"Lambda":         creates(t, s, functionTemplate(t, nil)),
			}
			if !create(t, s, strings.ReplaceAll(callingTemplate, "END", test.end)) {
				t.Fatal("the stack with the buckets was not made")
			}
			c := s3Client(t, s, source)
			put(t, c, "data-of-app", "k", []byte("x"))
			if err := s.WaitReplication(t.Context()); err != nil {
				t.Fatal(err)
			}
			head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("data-of-app"), Key: aws.String("k")})
			if err != nil {
				t.Fatal(err)
			}
			got["S3 replication"] = head.ReplicationStatus == "COMPLETED"
			if err := s.DeliverLogs(t.Context()); err != nil {
				t.Fatal(err)
			}
			list, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("logs-of-app")})
			if err != nil {
				t.Fatal(err)
			}
			got["S3 log delivery"] = len(list.Contents) > 0
			for service, allowed := range got {
				if allowed != test.allowed {
					t.Errorf("%s was let in: %v", service, allowed)
				}
			}
		})
	}
}

func addTimedRole(t *testing.T, s *localaws.Server, name, service, end string) {
	t.Helper()
	document := iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Action: iam.Strings{"sts:AssumeRole"}, Principal: &iam.Principal{Service: iam.Strings{service}},
		Condition: iam.Condition{"DateLessThan": {"aws:CurrentTime": {end}}, "StringEquals": {"aws:RequestedRegion": {"eu-west-1"}}},
	}}}
	if _, err := s.AddRole(source, name, document, statement(iam.Allow, "*", "*")); err != nil {
		t.Fatal(err)
	}
}

// create makes the stack app and says whether it came to be.
func create(t *testing.T, s *localaws.Server, template string, parameters ...string) bool {
	t.Helper()
	status, _ := cloudformation(t, s, "CreateStack", append(parameters, "StackName=app", "TemplateBody="+template)...)
	return status == 200 && settle(t, s) == "CREATE_COMPLETE"
}

// creates is create, and takes the stack away again.
func creates(t *testing.T, s *localaws.Server, template string, parameters ...string) bool {
	t.Helper()
	done := create(t, s, template, parameters...)
	cloudformation(t, s, "DeleteStack", "StackName=app")
	settle(t, s)
	return done
}

// putScript puts the archive of a function into the bucket assets: a script, or
// nothing.
func putScript(t *testing.T, s *localaws.Server, script string) {
	t.Helper()
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	if script != "" {
		h := &zip.FileHeader{Name: "bootstrap"}
		h.SetMode(0o755)
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("#!/bin/sh\n" + script)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	put(t, withBucket(t, s, "assets"), "assets", "f.zip", archive.Bytes())
}

// functionTemplate has the function run, of what putScript put, with the role
// lambda, which Lambda assumes when the function is made. Secrets Manager may
// invoke it.
func functionTemplate(t *testing.T, change func(properties object)) string {
	t.Helper()
	_, resources := wholeTemplate(t)
	properties := within(t, resources, "Function.Properties")
	properties["FunctionName"], properties["Role"], properties["Environment"] = "run", "arn:aws:iam::"+source+":role/lambda", object{}
	properties["Code"] = object{"S3Bucket": "assets", "S3Key": "f.zip"}
	if change != nil {
		change(properties)
	}
	text, err := json.Marshal(object{"Resources": object{"F": resources["Function"], "P": object{"Type": "AWS::Lambda::Permission", "Properties": object{
		"Action": "lambda:InvokeFunction", "FunctionName": object{"Ref": "F"}, "Principal": "secretsmanager.amazonaws.com",
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func put(t *testing.T, c *s3.Client, bucket, key string, body []byte) {
	t.Helper()
	if _, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(body)}); err != nil {
		t.Fatal(err)
	}
}
