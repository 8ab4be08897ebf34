package server

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	longTerm  = "AKIA0000000000000001"
	temporary = "ASIA0000000000000001"
	outdated  = "ASIA0000000000000002"
	roleARN   = "arn:aws:iam::111122223333:role/r"
)

func TestSignedRequestReachesItsService(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	c := client(t, s)
	tests := map[string]struct {
		path    string
		signing signing
		caller  string
	}{
		"s3 key with odd characters": {"/bucket/a%20b%2Bc/%C3%A9%281%29%2F~.txt?versionId=a%2Fb&tagging", good("s3"), exampleUser},
		"lambda function ARN":        {"/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A111122223333%3Afunction%3Af/invocations", good("lambda"), exampleUser},
		"kms":                        {"/", good("kms"), exampleUser},
		"second Region":              {"/", signing{longTerm, "secret-1", "", "kms", "us-west-2", testTime, ""}, exampleUser},
		"global iam":                 {"/", signing{longTerm, "secret-1", "", "iam", "us-east-1", testTime, ""}, exampleUser},
		"temporary credentials":      {"/", signing{temporary, "secret-2", "token-2", "kms", "eu-west-1", testTime, ""}, "arn:aws:sts::111122223333:assumed-role/r/s"},
		"15 minutes old":             {"/", signing{longTerm, "secret-1", "", "kms", "eu-west-1", testTime.Add(-skew), ""}, exampleUser},
		"15 minutes ahead":           {"/", signing{longTerm, "secret-1", "", "kms", "eu-west-1", testTime.Add(skew), ""}, exampleUser},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := request(t, "POST", s.URL()+test.path, "the body")
			r.Header.Set("X-Spaced", "  a   b  ")
			test.signing.sign(t, r, "the body")
			resp, body := do(t, c, r)
			if resp.StatusCode != 200 || body != "the body" {
				t.Fatalf("%s: %s", resp.Status, body)
			}
			for header, want := range map[string]string{
				"Echo-Service": test.signing.service, "Echo-Region": test.signing.region, "Echo-Caller": test.caller,
				"Echo-Account": "111122223333", "Echo-Key-aws-SecureTransport": "true", "Echo-Key-s3-TlsVersion": "1.3",
				"Echo-Key-aws-SourceIp": "127.0.0.1", "Echo-Key-aws-CurrentTime": "2026-11-22T12:00:00Z",
			} {
				if got := resp.Header.Get(header); got != want {
					t.Errorf("%s: %q, want %q", header, got, want)
				}
			}
		})
	}
}

// TestRefusals: every wrong request is refused, in the form and with the code
// of each protocol. Each row is a good request with one thing wrong.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	c := client(t, s)
	change := func(f func(*signing)) func(*signing) { return f }
	none := func(*http.Request) {}
	tests := map[string]struct {
		before func(*signing)
		after  func(*http.Request)
		// codes of s3, sts (query), kms (JSON), lambda (REST JSON)
		codes [4]string
	}{
		"unknown key": {change(func(g *signing) { g.key = "AKIAUNKNOWN" }), none,
			[4]string{"InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException", "UnrecognizedClientException"}},
		"wrong secret": {change(func(g *signing) { g.secret = "wrong" }), none,
			[4]string{"SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignatureException"}},
		"token with a long-term key": {change(func(g *signing) { g.token = "token" }), none,
			[4]string{"InvalidToken", "InvalidClientTokenId", "UnrecognizedClientException", "UnrecognizedClientException"}},
		"temporary key without token": {change(func(g *signing) { g.key, g.secret = temporary, "secret-2" }), none,
			[4]string{"InvalidToken", "InvalidClientTokenId", "UnrecognizedClientException", "UnrecognizedClientException"}},
		"temporary key with another token": {change(func(g *signing) { g.key, g.secret, g.token = temporary, "secret-2", "token-3" }), none,
			[4]string{"InvalidToken", "InvalidClientTokenId", "UnrecognizedClientException", "UnrecognizedClientException"}},
		"expired credentials": {change(func(g *signing) { g.key, g.secret, g.token = outdated, "secret-3", "token-3" }), none,
			[4]string{"ExpiredToken", "ExpiredToken", "ExpiredTokenException", "ExpiredTokenException"}},
		"too old": {change(func(g *signing) { g.time = testTime.Add(-skew - time.Second) }), none,
			[4]string{"RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignatureException"}},
		"from the future": {change(func(g *signing) { g.time = testTime.Add(skew + time.Second) }), none,
			[4]string{"RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignatureException"}},
		"another Region": {change(func(g *signing) { g.region = "ap-northeast-1" }), none,
			[4]string{"AuthorizationHeaderMalformed", "IncompleteSignature", "IncompleteSignatureException", "IncompleteSignatureException"}},
		"changed method": {nil, func(r *http.Request) { r.Method = "PUT" },
			[4]string{"SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignatureException"}},
		"changed path": {nil, func(r *http.Request) { r.URL.Path += "x" },
			[4]string{"SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignatureException"}},
		"added query": {nil, func(r *http.Request) { r.URL.RawQuery += "&acl" },
			[4]string{"SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignatureException"}},
		"changed signed header": {nil, func(r *http.Request) { r.Header.Set("X-Amz-Meta-A", "2") },
			[4]string{"SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignatureException"}},
		"doubled signed header": {nil, func(r *http.Request) { r.Header.Add("X-Amz-Meta-A", "2") },
			[4]string{"SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignatureException"}},
		"added x-amz header": {nil, func(r *http.Request) { r.Header.Set("X-Amz-Acl", "public-read") },
			[4]string{"AccessDenied", "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignatureException"}},
		"changed body": {nil, func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader("the b0dy")), 8
		}, [4]string{"XAmzContentSHA256Mismatch", "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignatureException"}},
		"changed scope": {nil, func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "/eu-west-1/", "/us-west-2/", 1))
		}, [4]string{"SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignatureException"}},
		"signature with a changed digit": {nil, func(r *http.Request) {
			h := r.Header.Get("Authorization")
			r.Header.Set("Authorization", h[:len(h)-1]+string('0'+('1'-h[len(h)-1])&1))
		}, [4]string{"SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignatureException"}},
		"SigV4A": {nil, func(r *http.Request) {
			r.Header.Set("Authorization", "AWS4-ECDSA-P256-SHA256 Credential=x")
		}, [4]string{"InvalidRequest", "IncompleteSignature", "IncompleteSignatureException", "IncompleteSignatureException"}},
		"signed twice": {nil, func(r *http.Request) { r.URL.RawQuery += "&X-Amz-Algorithm=" + algorithm },
			[4]string{"InvalidArgument", "IncompleteSignature", "IncompleteSignatureException", "IncompleteSignatureException"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i, service := range []string{"s3", "sts", "kms", "lambda"} {
				path := map[string]string{"s3": "/bucket/key", "lambda": "/2015-03-31/functions/f", "sts": "/", "kms": "/"}[service]
				r := request(t, "POST", s.URL()+path+"?q=1", "the body")
				r.Header.Set("X-Amz-Meta-A", "1")
				switch service {
				case "kms":
					r.Header.Set("X-Amz-Target", "TrentService.Decrypt")
				case "sts":
					r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
				}
				g := good(service)
				if test.before != nil {
					test.before(&g)
				}
				g.sign(t, r, "the body")
				if test.after != nil {
					test.after(r)
				}
				resp, body := do(t, c, r)
				if resp.StatusCode < 400 || resp.Header.Get("Echo-Service") != "" {
					t.Fatalf("%s: accepted with %s", service, resp.Status)
				}
				if got := errorCode(t, service, resp, body); got != test.codes[i] {
					t.Errorf("%s: code %q, want %q in %s", service, got, test.codes[i], body)
				}
			}
		})
	}
}

// errorCode finds the code where the service's protocol has it.
func errorCode(t *testing.T, service string, resp *http.Response, body string) string {
	t.Helper()
	switch service {
	case "s3":
		return between(body, "<Error><Code>", "</Code>")
	case "sts":
		return between(body, "<ErrorResponse><Error><Type>Sender</Type><Code>", "</Code>")
	case "kms":
		return between(body, `"__type":"`, `"`)
	}
	return resp.Header.Get("X-Amzn-Errortype")
}

func between(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	found, _, _ := strings.Cut(rest, to)
	return found
}

// TestLongBodyIsComparedWhileItIsRead: S3 learns at the end of a long body that
// it isn't the one whose hash is signed.
func TestLongBodyIsComparedWhileItIsRead(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	c := client(t, s)
	text := strings.Repeat("a", maxHeld+1)
	for name, test := range map[string]struct{ sent, want string }{
		"as signed": {text, text},
		"changed":   {text[1:] + "b", "XAmzContentSHA256Mismatch"},
	} {
		r := request(t, "PUT", s.URL()+"/bucket/key", test.sent)
		good("s3").sign(t, r, text)
		if _, body := do(t, c, r); !strings.HasPrefix(body, test.want) {
			t.Errorf("%s: %.100s", name, body)
		}
	}
}
