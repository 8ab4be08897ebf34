package localaws_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/s3seal/s3seal/localaws"
)

// send signs a request as the source account's administrator.
func send(t *testing.T, s *localaws.Server, service, method, path, body string, headers map[string]string) (int, string) {
	t.Helper()
	return sendAt(t, s, time.Now(), service, method, path, body, headers)
}

// sendAt signs a request at a time. The headers may name another host, and what
// the signature covers instead of the body's hash.
func sendAt(t *testing.T, s *localaws.Server, at time.Time, service, method, path, body string, headers map[string]string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range headers {
		r.Header.Set(k, v)
	}
	sum := sha256.Sum256([]byte(body))
	hash := cmp.Or(headers["X-Amz-Content-Sha256"], hex.EncodeToString(sum[:]))
	r.Header.Set("X-Amz-Content-Sha256", hash)
	r.Host = headers["Host"]
	k := s.Credentials(source)
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" })
	if err := signer.SignHTTP(context.Background(), aws.Credentials{AccessKeyID: k.AccessKeyID, SecretAccessKey: k.SecretAccessKey},
		r, hash, service, "eu-west-1", at); err != nil {
		t.Fatal(err)
	}
	resp, err := s.HTTPClient().Do(r)
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

// TestUnknownOperationsAreRefusedByName, for every service that is wired.
func TestUnknownOperationsAreRefusedByName(t *testing.T) {
	t.Parallel()
	s := start(t)
	form := map[string]string{"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
	target := func(prefix string) map[string]string {
		return map[string]string{"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": prefix + ".FlyToTheMoon"}
	}
	tests := map[string]struct {
		method, path, body string
		headers            map[string]string
		word               string
	}{
		"cloudformation": {"POST", "/", "Action=FlyToTheMoon&Version=2010-05-15", form, "FlyToTheMoon"},
		"iam":            {"POST", "/", "Action=FlyToTheMoon&Version=2010-05-08", form, "FlyToTheMoon"},
		"sts":            {"POST", "/", "Action=FlyToTheMoon&Version=2011-06-15", form, "FlyToTheMoon"},
		"sns":            {"POST", "/", "Action=FlyToTheMoon&Version=2010-03-31", form, "FlyToTheMoon"},
		"monitoring":     {"POST", "/", "{}", target("GraniteServiceVersion20100801"), "FlyToTheMoon"},
		"events":         {"POST", "/", "{}", target("AWSEvents"), "FlyToTheMoon"},
		"kms":            {"POST", "/", "{}", target("TrentService"), "FlyToTheMoon"},
		"secretsmanager": {"POST", "/", "{}", target("secretsmanager"), "FlyToTheMoon"},
		"ssm":            {"POST", "/", "{}", target("AmazonSSM"), "FlyToTheMoon"},
		"logs":           {"POST", "/", "{}", target("Logs_20140328"), "FlyToTheMoon"},
		"sqs":            {"POST", "/", "{}", target("AmazonSQS"), "FlyToTheMoon"},
		"s3 control":     {"GET", "/v20180820/fly-to-the-moon", "", map[string]string{"X-Amz-Account-Id": source}, "fly-to-the-moon"},
		"lambda":         {"GET", "/2015-03-31/fly-to-the-moon", "", nil, "fly-to-the-moon"},
		"s3":             {"GET", "/bucket?fly-to-the-moon", "", nil, "fly-to-the-moon"},
	}
	for service, test := range tests {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			name, _, _ := strings.Cut(service, " ")
			status, body := send(t, s, name, test.method, test.path, test.body, test.headers)
			if status < 400 || status == http.StatusInternalServerError || !strings.Contains(body, test.word) {
				t.Errorf("%d %s, want a refusal that names %s", status, body, test.word)
			}
		})
	}
}
