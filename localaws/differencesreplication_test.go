package localaws_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws"
)

// replicationDifferences are about what S3 asks at the destination of a replica.
var replicationDifferences = map[string]func(*testing.T){
	"Replication uploads in parts what was uploaded in parts or has more than 16 MiB; a part, the end of an upload and a change of tags carry no header of SSE-S3 or SSE-KMS, so a policy sees none": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		withReplication(t, s, statement(iam.Allow, "*", "*"))
		const most = 16 << 20
		for name, test := range map[string]struct {
			size, asked int
		}{"small": {1, 1}, "most": {most, 1}, "more": {most + 1, 4}} {
			if got := replicated(t, s, name, make([]byte, test.size), ""); got != "COMPLETED" {
				t.Errorf("%s: %s", name, got)
			}
			asked := 0
			for _, d := range s.Decisions() {
				if d.Action == "s3:ReplicateObject" && strings.HasSuffix(d.Resource, "/"+name) {
					asked++
				}
			}
			if asked != test.asked {
				t.Errorf("%s: asked %d times, want %d", name, asked, test.asked)
			}
		}
		policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:ReplicateObject","Resource":"arn:aws:s3:::copy/*",` +
			`"Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"}}}]}`
		if status, answer := call(t, s, "s3", "PUT /copy?policy", policy); status != 204 {
			t.Fatal(answer)
		}
		for name, test := range map[string]struct {
			size       int
			tags, want string
		}{"whole": {most, "", "COMPLETED"}, "in parts": {most + 1, "", "FAILED"}, "with a tag": {1, "team=blue", "FAILED"}} {
			if got := replicated(t, s, name, make([]byte, test.size), test.tags); got != test.want {
				t.Errorf("%s, where each request must have the header: %s, want %s", name, got, test.want)
			}
		}
	},

	"Replicated tags need `s3:ReplicateObject` and `s3:ReplicateTags`; a replica whose tags are refused does not arrive": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		withReplication(t, s, statement(iam.Allow, "*", "*"), statement(iam.Deny, "s3:ReplicateTags", "*"))
		for tags, want := range map[string]string{"": "COMPLETED", "team=blue": "FAILED"} {
			if got := replicated(t, s, "k"+tags, nil, tags); got != want {
				t.Errorf("tags %q: %s, want %s", tags, got, want)
			}
		}
	},
}

// withReplication makes the buckets data and copy, with a rule from one to the
// other for a role with these policies.
func withReplication(t *testing.T, s *localaws.Server, policies ...iam.Document) {
	t.Helper()
	document := iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Action: iam.Strings{"sts:AssumeRole"}, Principal: &iam.Principal{Service: iam.Strings{"s3.amazonaws.com"}},
	}}}
	if _, err := s.AddRole(source, "replication", document, policies...); err != nil {
		t.Fatal(err)
	}
	if !create(t, s, `{"Resources": {
		"Copy": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "copy", "VersioningConfiguration": {"Status": "Enabled"}}},
		"Data": {"Type": "AWS::S3::Bucket", "DependsOn": "Copy", "Properties": {"BucketName": "data", "VersioningConfiguration": {"Status": "Enabled"},
			"ReplicationConfiguration": {"Role": "arn:aws:iam::`+source+`:role/replication", "Rules": [{"Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""},
				"DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": {"Bucket": "arn:aws:s3:::copy"}}]}}}
	}}`) {
		t.Fatal("the stack was not made")
	}
}

// replicated puts an object, waits, and gives the status of its replication.
func replicated(t *testing.T, s *localaws.Server, key string, body []byte, tags string) string {
	t.Helper()
	c := s3Client(t, s, source)
	in := &s3.PutObjectInput{Bucket: aws.String("data"), Key: &key, Body: bytes.NewReader(body)}
	if tags != "" {
		in.Tagging = &tags
	}
	if _, err := c.PutObject(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if err := s.WaitReplication(t.Context()); err != nil {
		t.Fatal(err)
	}
	head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("data"), Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	return string(head.ReplicationStatus)
}
