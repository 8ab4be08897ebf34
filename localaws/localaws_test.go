package localaws_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/s3seal/s3seal/localaws"
)

func TestEnv(t *testing.T) {
	t.Parallel()
	s := start(t)
	env := s.Env(source)
	k := s.Credentials(source)
	for _, want := range []string{
		"AWS_ENDPOINT_URL=" + s.URL(), "AWS_CA_BUNDLE=" + s.CAFile(), "NODE_EXTRA_CA_CERTS=" + s.CAFile(),
		"AWS_ACCESS_KEY_ID=" + k.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + k.SecretAccessKey,
		"AWS_SESSION_TOKEN=", "AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1",
	} {
		if !slices.Contains(env, want) {
			t.Errorf("no %s in %q", want, env)
		}
	}
	for _, line := range append(env, s.Env(replica)...) {
		if strings.ContainsAny(line, " '\"$`\\") {
			t.Errorf("%s needs quoting", line)
		}
	}
	if s.Env("999999999999") != nil || s.EnvIn(source, "us-east-1") != nil {
		t.Error("an account or a Region that isn't there has an environment")
	}
	pem, err := os.ReadFile(s.CAFile())
	if err != nil || !bytes.Equal(pem, s.CA()) {
		t.Errorf("CA file: %v", err)
	}
	for path, want := range map[string]os.FileMode{s.CAFile(): 0o600, filepath.Dir(s.CAFile()): 0o700 | os.ModeDir} {
		info, err := os.Stat(path)
		if err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestEnvInAnotherRegion(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *localaws.Options) { o.Regions = append(o.Regions, "us-east-1") })
	got := s.EnvIn(replica, "us-east-1")
	for i, line := range s.Env(replica) {
		if want := strings.ReplaceAll(line, "=eu-west-1", "=us-east-1"); got[i] != want {
			t.Errorf("%s, want %s", got[i], want)
		}
	}
}

func TestAddressInUse(t *testing.T) {
	t.Parallel()
	address := strings.TrimPrefix(start(t).URL(), "https://")
	s, err := localaws.Start(localaws.Options{Accounts: []string{source}, Address: address})
	if err == nil {
		s.Close()
		t.Fatal("started")
	}
	if want := "local AWS: address " + address + ": another program listens there; end it, or use port 0 for any free one"; err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	t.Parallel()
	s, err := localaws.Start(localaws.Options{Accounts: []string{source}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(s.CAFile())); !os.IsNotExist(err) {
		t.Errorf("the CA's folder is still there: %v", err)
	}
	if c, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "https://")); err == nil {
		c.Close()
		t.Error("still listening")
	}
}

func TestBadOptions(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]localaws.Options{
		"no account": {}, "bad account": {Accounts: []string{"1"}}, "not loopback": {Accounts: []string{source}, Address: "0.0.0.0:0"},
	} {
		s, err := localaws.Start(o)
		if err == nil {
			s.Close()
			t.Errorf("%s: started", name)
		}
	}
}

func s3Client(t *testing.T, s *localaws.Server, account string, change ...func(*s3.Options)) *s3.Client {
	t.Helper()
	return s3.NewFromConfig(config(s, s.Credentials(account)), change...)
}

// withBucket makes a bucket in the source account.
func withBucket(t *testing.T, s *localaws.Server, name string) *s3.Client {
	t.Helper()
	c := s3Client(t, s, source)
	_, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket:                    &name,
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestUploads: every way in which the SDK sends a body.
func TestUploads(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := withBucket(t, s, "uploads")
	body := bytes.Repeat([]byte("0123456789abcdef"), 20000)
	for name, test := range map[string]struct {
		body   io.Reader
		change func(*s3.Options)
	}{
		"trailing checksum": {bytes.NewReader(body), func(*s3.Options) {}},
		"no checksum":       {bytes.NewReader(body), func(o *s3.Options) { o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired }},
		"not seekable":      {io.MultiReader(bytes.NewReader(body)), func(*s3.Options) {}},
	} {
		if _, err := c.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String("uploads"), Key: aws.String(name), Body: test.body, ContentLength: aws.Int64(int64(len(body))),
		}, test.change); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("uploads"), Key: aws.String(name)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := io.ReadAll(out.Body)
		out.Body.Close()
		if err != nil || !bytes.Equal(got, body) {
			t.Errorf("%s: %d bytes came back, %v", name, len(got), err)
		}
	}
}

func TestSDKPresignedURL(t *testing.T) {
	t.Parallel()
	var now clock
	s := start(t, func(o *localaws.Options) { o.Now = now.now })
	c := withBucket(t, s, "presigned")
	if _, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("presigned"), Key: aws.String("a key"), Body: strings.NewReader("text")}); err != nil {
		t.Fatal(err)
	}
	p, err := s3.NewPresignClient(c).PresignGetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("presigned"), Key: aws.String("a key")},
		s3.WithPresignExpires(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	get := func(url string) (int, string) {
		t.Helper()
		resp, err := s.HTTPClient().Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(b)
	}
	if status, body := get(p.URL); status != http.StatusOK || body != "text" {
		t.Errorf("%d %s", status, body)
	}
	if status, body := get(strings.Replace(p.URL, "a%20key", "b%20key", 1)); status != http.StatusForbidden {
		t.Errorf("another key: %d %s", status, body)
	}
	now.offset = 2 * time.Minute
	if status, body := get(p.URL); status != http.StatusForbidden || !strings.Contains(body, "Request has expired") {
		t.Errorf("expired: %d %s", status, body)
	}
}

// TestPlainHTTP: without TLS, S3 refuses keys of customers, and a policy can
// refuse everything.
func TestPlainHTTP(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *localaws.Options) { o.PlainHTTP = true })
	c := withBucket(t, s, "plain")
	plain := s3Client(t, s, source, func(o *s3.Options) { o.BaseEndpoint = aws.String(s.PlainURL()) })
	in := func() *s3.PutObjectInput {
		return &s3.PutObjectInput{Bucket: aws.String("plain"), Key: aws.String("k"), Body: strings.NewReader("text")}
	}
	if _, err := plain.PutObject(t.Context(), in()); err != nil {
		t.Errorf("without TLS and without a policy: %v", err)
	}
	withKey := in()
	withKey.SSECustomerAlgorithm = aws.String("AES256")
	withKey.SSECustomerKey = aws.String("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
	withKey.SSECustomerKeyMD5 = aws.String("6GTr1bgvx0t30S5yzhbDmA==")
	if _, err := plain.PutObject(t.Context(), withKey); code(err) != "InvalidRequest" || !strings.Contains(err.Error(), "secure connection") {
		t.Errorf("SSE-C without TLS: %v", err)
	}
	if _, err := c.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String("plain"), Policy: aws.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::plain","arn:aws:s3:::plain/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}}`)}); err != nil {
		t.Fatal(err)
	}
	if _, err := plain.PutObject(t.Context(), in()); code(err) != "AccessDenied" || !strings.Contains(err.Error(), "with an explicit deny in a resource-based policy") {
		t.Errorf("without TLS under the policy: %v", err)
	}
	if _, err := c.PutObject(t.Context(), in()); err != nil {
		t.Errorf("with TLS under the policy: %v", err)
	}
}

func TestDecisionsAreKept(t *testing.T) {
	t.Parallel()
	s := start(t)
	role := "arn:aws:iam::" + source + ":role/none"
	_, _ = assume(t.Context(), stsClient(s, s.Credentials(source)), role)
	d := s.Decisions()
	if len(d) != 1 || d[0].Action != "sts:AssumeRole" || d[0].Resource != role || d[0].Allowed || d[0].Explanation == "" {
		t.Errorf("%+v", d)
	}
	if _, err := stsClient(s, s.Credentials(source)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}); err != nil {
		t.Error(err)
	}
}
