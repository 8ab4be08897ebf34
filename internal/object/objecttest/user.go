package objecttest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// NewUser makes an IAM user with one policy, whose text is JSON, and returns the
// variables of a function that acts as that user.
func (s *Server) NewUser(t testing.TB, policy string) map[string]string {
	t.Helper()
	s.Lock()
	s.users++
	name := fmt.Sprintf("user-%d", s.users)
	s.Unlock()
	s.iam(t, "CreateUser", url.Values{"UserName": {name}})
	s.iam(t, "PutUserPolicy", url.Values{"UserName": {name}, "PolicyName": {"own"}, "PolicyDocument": {policy}})
	var made struct {
		Key struct {
			ID     string `xml:"AccessKeyId"`
			Secret string `xml:"SecretAccessKey"`
		} `xml:"CreateAccessKeyResult>AccessKey"`
	}
	if err := xml.Unmarshal(s.iam(t, "CreateAccessKey", url.Values{"UserName": {name}}), &made); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"AWS_ACCESS_KEY_ID": made.Key.ID, "AWS_SECRET_ACCESS_KEY": made.Key.Secret}
}

// iam calls IAM as the administrator. Its SDK would be a dependency for three
// calls.
func (s *Server) iam(t testing.TB, action string, parameters url.Values) []byte {
	t.Helper()
	parameters.Set("Action", action)
	parameters.Set("Version", "2010-05-08")
	body := parameters.Encode()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, *s.Admin.BaseEndpoint, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	keys, err := s.Admin.Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(body))
	if err := v4.NewSigner().SignHTTP(context.Background(), keys, r, hex.EncodeToString(sum[:]), "iam", "us-east-1", time.Now()); err != nil {
		t.Fatal(err)
	}
	out, err := s.Admin.HTTPClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	text, err := io.ReadAll(out.Body)
	if err != nil || out.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s: %v", action, out.StatusCode, text, err)
	}
	return text
}
