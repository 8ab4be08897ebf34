package server

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// presign makes a URL that is good for 60 seconds from at.
func presign(t *testing.T, s *Server, credentials aws.Credentials, at time.Time, headers map[string]string) (string, http.Header) {
	t.Helper()
	r := request(t, "GET", s.URL()+"/bucket/a%20key?X-Amz-Expires=60", "")
	for k, v := range headers {
		r.Header.Set(k, v)
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping, o.DisableHeaderHoisting = true, true })
	url, signed, err := signer.PresignHTTP(context.Background(), credentials, r, unsignedPayload, "s3", "eu-west-1", at)
	if err != nil {
		t.Fatal(err)
	}
	return url, signed
}

func TestPresignedURL(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	c := client(t, s)
	long := aws.Credentials{AccessKeyID: longTerm, SecretAccessKey: "secret-1"}
	session := aws.Credentials{AccessKeyID: temporary, SecretAccessKey: "secret-2", SessionToken: "token-2"}
	const algorithmHeader = "X-Amz-Server-Side-Encryption-Customer-Algorithm"
	tests := map[string]struct {
		credentials aws.Credentials
		at          time.Time
		headers     map[string]string // signed
		change      func(*http.Request)
		code        string // "": accepted
	}{
		"good":                      {credentials: long, at: testTime},
		"with a session token":      {credentials: session, at: testTime},
		"in its last second":        {credentials: long, at: testTime.Add(-60 * time.Second)},
		"expired":                   {credentials: long, at: testTime.Add(-61 * time.Second), code: "AccessDenied"},
		"not valid yet":             {credentials: long, at: testTime.Add(skew + time.Second), code: "AccessDenied"},
		"longer expiry than signed": {credentials: long, at: testTime, change: replaceQuery("X-Amz-Expires=60", "X-Amz-Expires=600"), code: "SignatureDoesNotMatch"},
		"expiry beyond a week":      {credentials: long, at: testTime, change: replaceQuery("X-Amz-Expires=60", "X-Amz-Expires=604801"), code: "AuthorizationQueryParametersError"},
		"another token":             {credentials: session, at: testTime, change: replaceQuery("token-2", "token-3"), code: "InvalidToken"},
		"another method":            {credentials: long, at: testTime, change: func(r *http.Request) { r.Method = "DELETE" }, code: "SignatureDoesNotMatch"},
		"another key":               {credentials: long, at: testTime, change: func(r *http.Request) { r.URL.RawPath, r.URL.Path = "", "/bucket/other" }, code: "SignatureDoesNotMatch"},
		"signed header sent":        {credentials: long, at: testTime, headers: map[string]string{algorithmHeader: "AES256"}},
		"signed header left out": {credentials: long, at: testTime, headers: map[string]string{algorithmHeader: "AES256"},
			change: func(r *http.Request) { r.Header.Del(algorithmHeader) }, code: "SignatureDoesNotMatch"},
		"unsigned x-amz header added": {credentials: long, at: testTime,
			change: func(r *http.Request) { r.Header.Set(algorithmHeader, "AES256") }, code: "AccessDenied"},
		"customer's key added to a signed algorithm": {credentials: long, at: testTime, headers: map[string]string{algorithmHeader: "AES256"},
			change: func(r *http.Request) {
				r.Header.Set("X-Amz-Server-Side-Encryption-Customer-Key", "k")
				r.Header.Set("X-Amz-Server-Side-Encryption-Customer-Key-MD5", "m")
			}},
		"customer's key added to no algorithm": {credentials: long, at: testTime,
			change: func(r *http.Request) { r.Header.Set("X-Amz-Server-Side-Encryption-Customer-Key", "k") }, code: "AccessDenied"},
		"parameter twice": {credentials: long, at: testTime, change: replaceQuery("X-Amz-Expires=60", "X-Amz-Expires=60&X-Amz-Expires=600"), code: "AuthorizationHeaderMalformed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, signed := presign(t, s, test.credentials, test.at, test.headers)
			r := request(t, "GET", url, "")
			for k := range test.headers {
				r.Header[k] = signed[k]
			}
			if test.change != nil {
				test.change(r)
			}
			resp, body := do(t, c, r)
			if got := between(body, "<Error><Code>", "</Code>"); got != test.code {
				t.Fatalf("%s, code %q, want %q: %s", resp.Status, got, test.code, body)
			}
			if test.code != "" {
				return
			}
			if got := resp.Header.Get("Echo-Key-s3-authType"); got != "REST-QUERY-STRING" {
				t.Errorf("s3:authType %q", got)
			}
			if got, want := resp.Header.Get("Echo-Key-s3-signatureAge"), testTime.Sub(test.at).Milliseconds(); got != itoa(want) {
				t.Errorf("s3:signatureAge %q, want %d", got, want)
			}
		})
	}
}

func replaceQuery(from, to string) func(*http.Request) {
	return func(r *http.Request) {
		if !strings.Contains(r.URL.RawQuery, from) {
			panic("the query has no " + from + ": " + r.URL.RawQuery)
		}
		r.URL.RawQuery = strings.Replace(r.URL.RawQuery, from, to, 1)
	}
}

// TestPreflightOfAPresignedURL: a browser asks with OPTIONS before it uses the
// URL, which was signed for another method. The question has no credentials.
//
// Source: S3 API reference, RESTOPTIONSobject: it "may contain any request
// parameters that are required by the actual request".
func TestPreflightOfAPresignedURL(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	url, _ := presign(t, s, aws.Credentials{AccessKeyID: longTerm, SecretAccessKey: "secret-1"}, testTime, nil)
	resp, body := do(t, client(t, s), request(t, "OPTIONS", url, ""))
	if resp.StatusCode != 200 || resp.Header.Get("Echo-Account") != "" {
		t.Errorf("%s as account %q: %s", resp.Status, resp.Header.Get("Echo-Account"), body)
	}
}
