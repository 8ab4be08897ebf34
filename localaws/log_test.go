package localaws_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws"
)

// logged is a log that a test reads when the server is closed.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// startLogged is start with a log. The function that comes back closes the server
// and gives what was logged.
func startLogged(t *testing.T) (*localaws.Server, func() string) {
	t.Helper()
	l := new(logged)
	s := start(t, func(o *localaws.Options) { o.Log = l })
	return s, func() string {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		return l.text.String()
	}
}

func TestLogSaysWhatDenied(t *testing.T) {
	t.Parallel()
	s, closed := startLogged(t)
	c := s3.NewFromConfig(config(s, s.Credentials(source)))
	bucket := aws.String("acme-logged")
	_, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}})
	done(t, err)
	_, err = c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: aws.String("kept"), Body: strings.NewReader("x")})
	done(t, err)
	_, err = c.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: bucket, Policy: aws.String(`{"Version":"2012-10-17","Statement":[
		{"Sid":"KeepIt","Effect":"Deny","Principal":"*","Action":["s3:GetObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::acme-logged/kept"},
		{"Sid":"Logs","Effect":"Deny","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::acme-logged/*"}]}`)})
	done(t, err)
	_, err = c.PutBucketLogging(t.Context(), &s3.PutBucketLoggingInput{Bucket: bucket, BucketLoggingStatus: &types.BucketLoggingStatus{
		LoggingEnabled: &types.LoggingEnabled{TargetBucket: bucket, TargetPrefix: aws.String("logs/")},
	}})
	done(t, err)
	reader, err := s.AddUser(source, "reader", statement(iam.Allow, "s3:GetObject", "*"))
	done(t, err)

	// The client of each learns no more than its status, or nothing of the policy.
	_, err = c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: bucket, Key: aws.String("kept")})
	denied(t, err, "Forbidden")
	_, err = s3.NewFromConfig(config(s, reader)).GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: aws.String("none")})
	denied(t, err, "AccessDenied")
	_, err = s3.NewFromConfig(config(s, s.Credentials(replica))).GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: aws.String("kept")})
	denied(t, err, "AccessDenied")
	_, err = c.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: bucket, Delete: &types.Delete{Objects: []types.ObjectIdentifier{{Key: aws.String("kept")}}}})
	done(t, err)
	done(t, s.DeliverLogs(t.Context()))

	log := closed()
	for _, want := range []string{
		" 403 AccessDenied: s3:HeadObject on arn:aws:s3:::acme-logged/kept by arn:aws:iam::111122223333:user/administrator, request ",
		"\n    denied explicitly: s3:GetObject on arn:aws:s3:::acme-logged/kept by arn:aws:iam::111122223333:user/administrator: Statement[0] \"KeepIt\" of bucket policy of acme-logged\n",
		" 403 AccessDenied: s3:GetObject on arn:aws:s3:::acme-logged/none by arn:aws:iam::111122223333:user/reader, request ",
		"\n    denied: s3:ListBucket on arn:aws:s3:::acme-logged by arn:aws:iam::111122223333:user/reader: ",
		" 403 AccessDenied: s3:GetObject on arn:aws:s3:::acme-logged/kept by arn:aws:iam::444455556666:user/administrator, request ",
		" 200 in part: s3:DeleteObjects on arn:aws:s3:::acme-logged",
		"\n    denied explicitly: s3:DeleteObject on ",
		" logging.s3.amazonaws.com could not write s3://acme-logged/logs/",
		"\n    denied explicitly: s3:PutObject on arn:aws:s3:::acme-logged/logs/",
	} {
		if !strings.Contains(log, want) {
			t.Errorf("no %q", want)
		}
	}
	if t.Failed() {
		t.Log(log)
	}
}

// TestLogHoldsNoSecrets: each call is refused with a secret in it.
func TestLogHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	s, closed := startLogged(t)
	k := s.Credentials(source)
	c := s3.NewFromConfig(config(s, k))
	bucket, key := aws.String("acme-secret"), aws.String("k")
	_, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}})
	done(t, err)
	_, err = c.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: bucket, Policy: aws.String(`{"Version":"2012-10-17","Statement":[
		{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-secret/*","Condition":{"StringLike":{"aws:Referer":"*"}}}]}`)})
	done(t, err)
	customer := base64.StdEncoding.EncodeToString([]byte("a key of 28 bytes, too short"))
	_, err = c.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: bucket, Key: key, Body: strings.NewReader("the body"), SSECustomerAlgorithm: aws.String("AES256"), SSECustomerKey: &customer,
	})
	denied(t, err, "InvalidArgument")
	signed, err := s3.NewPresignClient(c).PresignGetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: key}, s3.WithPresignExpires(time.Minute))
	done(t, err)
	_, signature, _ := strings.Cut(signed.URL, "X-Amz-Signature=")
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.CA())
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(transport.CloseIdleConnections)
	for _, url := range []string{signed.URL, signed.URL + "&x=1", strings.Replace(signed.URL, "aws4_request", "aws4", 1)} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
		done(t, err)
		r.Header.Set("Referer", signed.URL)
		resp, err := (&http.Client{Transport: transport}).Do(r)
		done(t, err)
		_, _ = io.Copy(io.Discard, resp.Body)
		if resp.Body.Close(); resp.StatusCode < 400 {
			t.Error(resp.Status)
		}
	}
	secrets := secretsmanager.NewFromConfig(config(s, k))
	_, err = secrets.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{SecretId: aws.String("none"), SecretString: aws.String("hunter2")})
	denied(t, err, "ResourceNotFoundException")
	_, err = secrets.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String("bad name"), SecretString: aws.String("hunter2")})
	denied(t, err, "ValidationException")
	_, err = kms.NewFromConfig(config(s, k)).Encrypt(t.Context(), &kms.EncryptInput{KeyId: aws.String("alias/none"), Plaintext: []byte("hunter2")})
	denied(t, err, "NotFoundException")

	log := closed()
	for what, secret := range map[string]string{
		"SSE-C key": customer, "body": "the body", "signature": signature, "secret": "hunter2",
		"plaintext": base64.StdEncoding.EncodeToString([]byte("hunter2")), "secret access key": k.SecretAccessKey,
	} {
		if secret == "" || strings.Contains(log, secret) {
			t.Errorf("%s: %q", what, secret)
		}
	}
	if strings.Count(log, ", request ") != 7 || !strings.Contains(log, "X-Amz-Signature=...") {
		t.Error("not all were logged")
	}
	if t.Failed() {
		t.Log(log)
	}
}

func done(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func denied(t *testing.T, err error, want string) {
	t.Helper()
	if code(err) != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// TestLogLeavesOutRoutine: that a stack isn't there is what the CDK's CLI asks for
// first.
func TestLogLeavesOutRoutine(t *testing.T) {
	t.Parallel()
	s, closed := startLogged(t)
	for _, operation := range []string{"DescribeStacks", "GetTemplate"} {
		if status, answer := call(t, s, "cloudformation", operation, "StackName=none"); status != 400 {
			t.Errorf("%s: %d %s", operation, status, answer)
		}
	}
	if log := closed(); strings.Contains(log, "DescribeStacks") || !strings.Contains(log, "GetTemplate") {
		t.Error(log)
	}
}
