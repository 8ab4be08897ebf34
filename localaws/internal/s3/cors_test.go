package s3

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
)

// pages is a bucket that everybody may read, with rules for other origins.
func (w *world) pages(name string, rules ...types.CORSRule) {
	w.t.Helper()
	ctx, c := context.Background(), w.root(home)
	w.bucket(home, name, noRule)
	_, err := c.DeletePublicAccessBlock(ctx, &sdk.DeletePublicAccessBlockInput{Bucket: &name})
	w.ok(err)
	w.policy(home, name, iam.Statement{
		Effect: iam.Allow, Principal: &iam.Principal{Any: true}, Action: iam.Strings{"s3:GetObject"}, Resource: iam.Strings{"arn:aws:s3:::" + name + "/*"},
	})
	if len(rules) > 0 {
		_, err = c.PutBucketCors(ctx, &sdk.PutBucketCorsInput{Bucket: &name, CORSConfiguration: &types.CORSConfiguration{CORSRules: rules}})
		w.ok(err)
	}
	w.send(w.tls, "PUT", "/"+name+"/k", "text", nil)
}

// browser sends a request without credentials.
func (w *world) browser(method, path string, header map[string]string) *http.Response {
	w.t.Helper()
	r, err := http.NewRequest(method, w.tls.URL+path, nil)
	w.ok(err)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	out, err := w.tls.Client().Do(r)
	w.ok(err)
	w.ok(out.Body.Close())
	return out
}

// TestPreflight: the first rule decides that matches origin, method and headers.
//
// Source: AmazonS3/latest/userguide/cors.html,
// AmazonS3/latest/API/RESTOPTIONSobject.html.
func TestPreflight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "closed", noRule)
	w.pages("pages",
		types.CORSRule{AllowedOrigins: []string{"https://*.example.com"}, AllowedMethods: []string{"PUT", "POST"}, AllowedHeaders: []string{"x-amz-*", "Content-Type"}, ExposeHeaders: []string{"ETag", "x-amz-request-id"}, MaxAgeSeconds: aws.Int32(3000)},
		types.CORSRule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}},
	)
	const origin = "https://www.example.com"
	for name, e := range map[string]struct {
		bucket, origin, method, headers string
		status                          int
		allowed                         string
	}{
		"put":                 {"pages", origin, "PUT", "", 200, origin},
		"headers":             {"pages", origin, "PUT", "X-Amz-Acl, content-type", 200, origin},
		"a header too many":   {"pages", origin, "PUT", "x-amz-acl, authorization", 403, ""},
		"another origin":      {"pages", "https://example.org", "PUT", "", 403, ""},
		"no subdomain":        {"pages", "https://example.com", "PUT", "", 403, ""},
		"a rule for everyone": {"pages", "https://example.org", "GET", "", 200, "*"},
		"another method":      {"pages", origin, "DELETE", "", 403, ""},
		"no rules":            {"closed", origin, "GET", "", 403, ""},
		"no origin":           {"pages", "", "GET", "", 400, ""},
		"no method":           {"pages", origin, "", "", 400, ""},
		"no bucket":           {"nowhere", origin, "GET", "", 404, ""},
	} {
		header := map[string]string{}
		for n, v := range map[string]string{"Origin": e.origin, "Access-Control-Request-Method": e.method, "Access-Control-Request-Headers": e.headers} {
			if v != "" {
				header[n] = v
			}
		}
		a := w.browser("OPTIONS", "/"+e.bucket+"/k", header)
		if got := a.Header.Get("Access-Control-Allow-Origin"); a.StatusCode != e.status || got != e.allowed {
			t.Errorf("%s: %d, allows %q", name, a.StatusCode, got)
		}
		if e.status != 200 {
			continue
		}
		if got := a.Header.Get("Access-Control-Allow-Methods"); got != e.method {
			t.Errorf("%s: allows methods %q", name, got)
		}
		if got := a.Header.Get("Access-Control-Allow-Headers"); got != strings.ToLower(e.headers) {
			t.Errorf("%s: allows headers %q", name, got)
		}
		if want := map[string]string{origin: "ETag, x-amz-request-id", "*": ""}[e.allowed]; a.Header.Get("Access-Control-Expose-Headers") != want {
			t.Errorf("%s: exposes %q", name, a.Header.Get("Access-Control-Expose-Headers"))
		}
	}
	if got := w.browser("OPTIONS", "/pages/k", map[string]string{"Origin": origin, "Access-Control-Request-Method": "PUT"}).Header.Get("Access-Control-Max-Age"); got != "3000" {
		t.Errorf("max age %q", got)
	}
}

// TestCrossOriginGrantsNothing: the headers go with each answer, and the policies
// decide as ever.
//
// Source: AmazonS3/latest/userguide/cors.html, "The ACLs and policies continue to
// apply when you enable CORS on your bucket".
func TestCrossOriginGrantsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.pages("shown", types.CORSRule{AllowedOrigins: []string{"https://a.example", "https://b.example"}, AllowedMethods: []string{"GET", "DELETE"}})
	for _, e := range []struct {
		method, origin string
		status         int
		allowed        string
	}{
		{"GET", "", 200, ""},
		{"GET", "https://b.example", 200, "https://b.example"},
		{"GET", "https://c.example", 200, ""},
		{"DELETE", "https://b.example", 403, "https://b.example"},
		{"PUT", "https://b.example", 403, ""},
	} {
		header := map[string]string{}
		if e.origin != "" {
			header["Origin"] = e.origin
		}
		a := w.browser(e.method, "/shown/k", header)
		if got := a.Header.Get("Access-Control-Allow-Origin"); a.StatusCode != e.status || got != e.allowed {
			t.Errorf("%s from %q: %d, allows %q", e.method, e.origin, a.StatusCode, got)
		}
		if vary := a.Header.Get("Vary"); (vary != "") != (e.allowed != "") {
			t.Errorf("%s from %q varies with %q", e.method, e.origin, vary)
		}
	}
}

// TestCrossOriginRules: what PutBucketCors refuses, and the configuration as it
// comes back.
//
// Source: AmazonS3/latest/userguide/ManageCorsUsing.html,
// AmazonS3/latest/API/API_CORSRule.html.
func TestCrossOriginRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "rules", noRule)
	ctx, c, bucket := context.Background(), w.root(home), aws.String("rules")
	_, err := c.GetBucketCors(ctx, &sdk.GetBucketCorsInput{Bucket: bucket})
	w.refused(err, 404, "NoSuchCORSConfiguration", "The CORS configuration does not exist")
	rule := func(edit func(*types.CORSRule)) types.CORSRule {
		r := types.CORSRule{ID: aws.String("one"), AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET", "PUT", "HEAD", "POST", "DELETE"}, AllowedHeaders: []string{"*"}, ExposeHeaders: []string{"ETag"}, MaxAgeSeconds: aws.Int32(0)}
		edit(&r)
		return r
	}
	put := func(rules ...types.CORSRule) error {
		_, err := c.PutBucketCors(ctx, &sdk.PutBucketCorsInput{Bucket: bucket, CORSConfiguration: &types.CORSConfiguration{CORSRules: rules}})
		return err
	}
	right := rule(func(*types.CORSRule) {})
	for code, rules := range map[string][][]types.CORSRule{
		"MalformedXML": {
			{}, make([]types.CORSRule, 101),
			{rule(func(r *types.CORSRule) { r.AllowedOrigins = []string{} })},
			{rule(func(r *types.CORSRule) { r.AllowedMethods = []string{} })},
		},
		"InvalidRequest": {
			{rule(func(r *types.CORSRule) { r.AllowedMethods = []string{"PATCH"} })},
			{right, rule(func(r *types.CORSRule) { r.AllowedOrigins = []string{"*.example.*"} })},
			{rule(func(r *types.CORSRule) { r.AllowedHeaders = []string{"x-*-*"} })},
			{rule(func(r *types.CORSRule) { r.ExposeHeaders = []string{"x-amz-*"} })},
			{rule(func(r *types.CORSRule) { r.ID = aws.String(strings.Repeat("i", 256)) })},
		},
	} {
		for _, list := range rules {
			if len(list) == 101 {
				for i := range list {
					list[i] = right
				}
			}
			w.refused(put(list...), 400, code, "")
		}
	}
	w.ok(put(right))
	out, err := c.GetBucketCors(ctx, &sdk.GetBucketCorsInput{Bucket: bucket})
	w.ok(err)
	if r := out.CORSRules[0]; len(out.CORSRules) != 1 || *r.ID != "one" || len(r.AllowedMethods) != 5 || *r.MaxAgeSeconds != 0 || r.ExposeHeaders[0] != "ETag" {
		t.Errorf("rules came back as %+v", out.CORSRules)
	}
	_, err = c.DeleteBucketCors(ctx, &sdk.DeleteBucketCorsInput{Bucket: bucket})
	w.ok(err)
	_, err = c.GetBucketCors(ctx, &sdk.GetBucketCorsInput{Bucket: bucket})
	w.refused(err, 404, "NoSuchCORSConfiguration", "")
}
