package server

import (
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// TestSignatureOfAForm is the example of S3's documentation.
//
// Source: AmazonS3/latest/API/sigv4-post-example.html.
func TestSignatureOfAForm(t *testing.T) {
	t.Parallel()
	const policy = "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9"
	a := &authorization{date: "20151229", region: "us-east-1", service: "s3"}
	got := hex.EncodeToString(mac(signingKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", a), policy))
	if got != "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e" {
		t.Errorf("the documented policy is signed %s", got)
	}
}

// TestFormIsItsSigners: who signed the policy is the caller.
//
// Source: AmazonS3/latest/API/sigv4-HTTPPOSTForms.html; for s3:authType,
// AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html.
func TestFormIsItsSigners(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	sign := func(secret, text string) string {
		return hex.EncodeToString(mac(signingKey(secret, &authorization{date: testTime.Format("20060102"), region: "eu-west-1", service: "s3"}), text))
	}
	scope := "/" + testTime.Format("20060102") + "/eu-west-1/s3/aws4_request"
	good := api.FormSignature{Policy: "cG9saWN5", Algorithm: algorithm, Credential: longTerm + scope, Date: testTime.Format(timeForm), Signature: sign("secret-1", "cG9saWN5")}
	for name, e := range map[string]struct {
		edit func(*api.FormSignature)
		code string
	}{
		"good": {func(*api.FormSignature) {}, ""},
		"a session": {func(f *api.FormSignature) {
			f.Credential, f.Token, f.Signature = temporary+scope, "token-2", sign("secret-2", f.Policy)
		}, ""},
		"another token": {func(f *api.FormSignature) {
			f.Credential, f.Token, f.Signature = temporary+scope, "token-3", sign("secret-2", f.Policy)
		}, "InvalidToken"},
		"another policy": {func(f *api.FormSignature) { f.Policy = "cG9saWNz" }, "SignatureDoesNotMatch"},
		"another secret": {func(f *api.FormSignature) { f.Signature = sign("secret-2", f.Policy) }, "SignatureDoesNotMatch"},
		"no key":         {func(f *api.FormSignature) { f.Credential = "AKIANOBODY" + scope }, "InvalidAccessKeyId"},
		"no scope":       {func(f *api.FormSignature) { f.Credential = longTerm }, "AuthorizationHeaderMalformed"},
		"another service": {func(f *api.FormSignature) {
			f.Credential = longTerm + "/" + testTime.Format("20060102") + "/eu-west-1/sts/aws4_request"
		}, "AuthorizationHeaderMalformed"},
		"another Region": {func(f *api.FormSignature) {
			f.Credential = longTerm + "/" + testTime.Format("20060102") + "/mars-1/s3/aws4_request"
		}, "AuthorizationHeaderMalformed"},
		"no date":          {func(f *api.FormSignature) { f.Date = "2026" }, "AuthorizationHeaderMalformed"},
		"another day":      {func(f *api.FormSignature) { f.Date = testTime.AddDate(0, 0, 1).Format(timeForm) }, "AuthorizationHeaderMalformed"},
		"version 2":        {func(f *api.FormSignature) { f.Algorithm = "AWS" }, "InvalidRequest"},
		"signature no hex": {func(f *api.FormSignature) { f.Signature = "x" }, "AuthorizationHeaderMalformed"},
	} {
		f := good
		e.edit(&f)
		before := api.Call{Caller: iam.Anonymous(), Time: testTime.Add(5 * time.Hour), Context: map[string]iam.Strings{}}
		if name == "a session" {
			before.Time = testTime
		}
		c, err := s.authenticateForm(before, f)
		var refused *api.Error
		code := ""
		if errors.As(err, &refused) {
			code = refused.Code
		}
		if code != e.code {
			t.Errorf("%s: %v, want %q", name, err, e.code)
		}
		if e.code != "" {
			if c.Account != "" {
				t.Errorf("%s: refused, and the caller is %s", name, c.Caller)
			}
			continue
		}
		if c.Account == "" || c.Region != "eu-west-1" || c.Context["s3:authType"][0] != "POST" || len(before.Context) != 0 {
			t.Errorf("%s: %s in %s, %v", name, c.Caller, c.Region, c.Context)
		}
		if _, ok := c.Context["s3:x-amz-content-sha256"]; ok {
			t.Errorf("%s: a form has no hash of its file", name)
		}
	}
}
