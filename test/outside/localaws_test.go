package outside

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws"
	"github.com/s3seal/s3seal/policy"
)

// A role that may put may not get.
func TestAWriterCannotRead(t *testing.T) {
	server, err := localaws.Start(localaws.Options{Accounts: []string{account}})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	administrator := s3.NewFromConfig(server.Config(server.Credentials(account)))
	name := aws.String("acme-records")
	if _, err := administrator.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: name}); err != nil {
		t.Fatal(err)
	}
	trust := policy.Document(iam.Statement{
		Effect: iam.Allow, Principal: &iam.Principal{AWS: iam.Strings{policy.AccountRootARN("aws", account)}}, Action: iam.Strings{"sts:AssumeRole"},
	})
	role, err := server.AddRole(account, "writer", trust, policy.Document(iam.Statement{
		Effect: iam.Allow, Action: iam.Strings{"s3:PutObject"}, Resource: iam.Strings{policy.BucketARN("aws", *name) + "/*"},
	}))
	if err != nil {
		t.Fatal(err)
	}
	session, err := server.SessionCredentials(role, "test", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	writer := s3.NewFromConfig(server.Config(session))
	if _, err := writer.PutObject(t.Context(), &s3.PutObjectInput{Bucket: name, Key: aws.String("a"), Body: strings.NewReader("text")}); err != nil {
		t.Error(err)
	}
	if _, err := writer.GetObject(t.Context(), &s3.GetObjectInput{Bucket: name, Key: aws.String("a")}); err == nil || !strings.Contains(err.Error(), "AccessDenied") {
		t.Errorf("the writer reads: %v", err)
	}
}
