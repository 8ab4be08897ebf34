package outside

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
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
	administrator := client(t, server, server.Credentials(account))
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
	writer := client(t, server, session)
	if _, err := writer.PutObject(t.Context(), &s3.PutObjectInput{Bucket: name, Key: aws.String("a"), Body: strings.NewReader("text")}); err != nil {
		t.Error(err)
	}
	if _, err := writer.GetObject(t.Context(), &s3.GetObjectInput{Bucket: name, Key: aws.String("a")}); err == nil || !strings.Contains(err.Error(), "AccessDenied") {
		t.Errorf("the writer reads: %v", err)
	}
}

// client signs with the keys and trusts the server's own authority.
func client(t *testing.T, server *localaws.Server, keys localaws.Credentials) *s3.Client {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(server.CA())
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(transport.CloseIdleConnections)
	return s3.New(s3.Options{
		Region:       region,
		BaseEndpoint: aws.String(server.URL()),
		HTTPClient:   &http.Client{Transport: transport},
		Credentials:  credentials.NewStaticCredentialsProvider(keys.AccessKeyID, keys.SecretAccessKey, keys.SessionToken),
	})
}
