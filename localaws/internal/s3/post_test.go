package s3

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/iam"
)

// signedBy are the fields of a form that ROOT signed with conditions.
func signedBy(conditions string) []string {
	date := time.Now().UTC().Format("20060102T150405Z")
	credential := "ROOT/" + date[:8] + "/" + tokyo + "/s3/aws4_request"
	policy := fmt.Sprintf(`{"expiration": %q, "conditions": [{"x-amz-date": %q}, {"x-amz-credential": %q}, ["eq", "$x-amz-algorithm", "AWS4-HMAC-SHA256"], %s]}`,
		time.Now().UTC().Add(time.Minute).Format(time.RFC3339), date, credential, conditions)
	return []string{"x-amz-date", date, "x-amz-credential", credential, "x-amz-algorithm", "AWS4-HMAC-SHA256",
		"policy", base64.StdEncoding.EncodeToString([]byte(policy)), "x-amz-signature", "s"}
}

// post sends a form to a bucket; fields are names and values.
func (w *world) post(bucket, file string, fields ...string) answer {
	w.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 2 {
		w.ok(m.WriteField(fields[i], fields[i+1]))
	}
	part, err := m.CreateFormFile("file", "pic.png")
	w.ok(err)
	_, err = io.WriteString(part, file)
	w.ok(err)
	w.ok(m.Close())
	r, err := http.NewRequest("POST", w.tls.URL+"/"+bucket, &body)
	w.ok(err)
	r.Header.Set("Content-Type", m.FormDataContentType())
	c := *w.tls.Client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return w.read(c.Do(r))
}

// TestPostObject: a form is a PutObject of whoever signed its policy.
//
// Source: AmazonS3/latest/API/RESTObjectPOST.html.
func TestPostObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "forms", noRule)
	w.versioned(home, "forms")
	w.send(w.tls, "GET", "/forms", "", nil) // makes ROOT a caller
	signed := signedBy(`{"bucket": "forms"}, ["starts-with", "$key", "u/"], ["starts-with", "$x-amz-meta-a", ""], {"tagging": "<Tagging><TagSet><Tag><Key>k</Key><Value>a&amp;b=c</Value></Tag></TagSet></Tagging>"},
		["starts-with", "$Content-Type", "image/"], {"x-amz-server-side-encryption": "AES256"}, ["content-length-range", 1, 9], ["starts-with", "$success_action_status", ""]`)
	fields := func(more ...string) []string {
		return append(append([]string{"key", "u/${filename}", "x-amz-meta-a", "b", "Content-Type", "image/png", "x-amz-server-side-encryption", "AES256",
			"tagging", "<Tagging><TagSet><Tag><Key>k</Key><Value>a&amp;b=c</Value></Tag></TagSet></Tagging>"}, signed...), more...)
	}
	a := w.post("forms", "text", fields("success_action_status", "201")...)
	for _, part := range []string{"<Bucket>forms</Bucket>", "<Key>u/pic.png</Key>", "<Location>/forms/u/pic.png</Location>", "<ETag>&#34;1cb251ec0d568de6a929b520c4aed8d1&#34;</ETag>"} {
		if a.status != 201 || !strings.Contains(a.body, part) {
			t.Errorf("%d %s, want %s in it", a.status, a.body, part)
		}
	}
	if a.header.Get("x-amz-version-id") == "" || a.header.Get("x-amz-server-side-encryption") != "AES256" {
		t.Errorf("headers %v", a.header)
	}
	ctx, c := context.Background(), w.root(home)
	got, err := c.GetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String("forms"), Key: aws.String("u/pic.png")})
	w.ok(err)
	if content(got) != "text" || *got.ContentType != "image/png" || got.Metadata["a"] != "b" || *got.TagCount != 1 {
		t.Errorf("%+v", got)
	}
	tags, err := c.GetObjectTagging(ctx, &sdk.GetObjectTaggingInput{Bucket: aws.String("forms"), Key: aws.String("u/pic.png")})
	w.ok(err)
	if *tags.TagSet[0].Value != "a&b=c" {
		t.Errorf("tag %q", *tags.TagSet[0].Value)
	}
	for _, e := range []struct {
		status string
		want   int
	}{{"200", 200}, {"204", 204}, {"302", 204}} {
		if a := w.post("forms", "text", fields("success_action_status", e.status)...); a.status != e.want || a.body != "" {
			t.Errorf("success_action_status %s: %d %q", e.status, a.status, a.body)
		}
	}
	if a := w.post("forms", "text in excess", fields("success_action_status", "200")...); a.err.Code != "EntityTooLarge" {
		t.Errorf("%d %+v", a.status, a.err)
	}
	if len(w.files()) != 0 {
		t.Errorf("files of refused forms: %v", w.files())
	}
}

// TestPostObjectAnswers: what is wrong with a form, and where it leads.
//
// Source: AmazonS3/latest/API/RESTObjectPOST.html,
// AmazonS3/latest/API/sigv4-HTTPPOSTForms.html.
func TestPostObjectAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "answers", noRule)
	w.send(w.tls, "GET", "/answers", "", nil)
	any := signedBy(`{"bucket": "answers"}, {"key": "k"}, ["starts-with", "$success_action_redirect", ""]`)
	a := w.post("answers", "text", append(any, "key", "k", "success_action_redirect", "https://example.com/done?a=b")...)
	if want := "https://example.com/done?a=b&bucket=answers&key=k&etag=%221cb251ec0d568de6a929b520c4aed8d1%22"; a.status != 303 || a.header.Get("Location") != want {
		t.Errorf("%d, to %s", a.status, a.header.Get("Location"))
	}
	if a := w.post("answers", "text", append(any, "key", "k", "success_action_redirect", "no URL")...); a.status != 204 {
		t.Errorf("without a URL: %d", a.status)
	}
	without := func(name string) []string {
		var list []string
		for i := 0; i < len(any); i += 2 {
			if any[i] != name {
				list = append(list, any[i:i+2]...)
			}
		}
		return append(list, "key", "k", "success_action_redirect", "")
	}
	other := func(conditions string, fields ...string) []string {
		return append(append(signedBy(`{"bucket": "answers"}, {"key": "k"}, `+conditions), "key", "k"), fields...)
	}
	for name, e := range map[string]struct {
		bucket string
		fields []string
		status int
		code   string
	}{
		"no key":              {"answers", any, 400, "InvalidArgument"},
		"no signature":        {"answers", without("x-amz-signature"), 400, "InvalidArgument"},
		"no policy":           {"answers", without("policy"), 400, "InvalidArgument"},
		"no date":             {"answers", without("x-amz-date"), 400, "InvalidArgument"},
		"version 2":           {"answers", []string{"key", "k", "AWSAccessKeyId", "ROOT", "policy", "e30=", "signature", "s"}, 400, "InvalidRequest"},
		"another key":         {"answers", append(any, "key", "l", "success_action_redirect", ""), 403, "AccessDenied"},
		"anonymous":           {"answers", []string{"key", "k"}, 403, "AccessDenied"},
		"no bucket":           {"nowhere", append(signedBy(`{"bucket": "nowhere"}, {"key": "k"}`), "key", "k"), 404, "NoSuchBucket"},
		"no header of S3":     {"answers", other(`{"x-amz-object-lock-mode": "x"}`, "x-amz-object-lock-mode", "x"), 501, "NotImplemented"},
		"an ACL":              {"answers", other(`{"acl": "public-read"}`, "acl", "public-read"), 400, "AccessControlListNotSupported"},
		"tags that are none":  {"answers", other(`{"tagging": "a=b"}`, "tagging", "a=b"), 400, "MalformedXML"},
		"a trailer":           {"answers", other(`{"x-amz-trailer": "x-amz-checksum-crc32"}`, "x-amz-trailer", "x-amz-checksum-crc32"), 400, "MalformedTrailerError"},
		"a checksum of other": {"answers", other(`{"x-amz-checksum-crc32": "AAAAAA=="}`, "x-amz-checksum-crc32", "AAAAAA=="), 400, "BadDigest"},
		"SSE-C is blocked": {"answers", other(`{"x-amz-server-side-encryption-customer-algorithm": "AES256"}, ["starts-with", "$x-amz-server-side-encryption-customer-key", ""], ["starts-with", "$x-amz-server-side-encryption-customer-key-MD5", ""]`,
			"x-amz-server-side-encryption-customer-algorithm", "AES256", "x-amz-server-side-encryption-customer-key", base64.StdEncoding.EncodeToString(make([]byte, 32)),
			"x-amz-server-side-encryption-customer-key-MD5", "cLyPS3KoaSFGi/joRB3OUQ=="), 403, "AccessDenied"},
	} {
		if a := w.post(e.bucket, "text", e.fields...); a.status != e.status || a.err.Code != e.code {
			t.Errorf("%s: %d %+v, want %d %s", name, a.status, a.err, e.status, e.code)
		}
	}
}

// TestPostObjectIsDecidedAsPutObject: the bucket policy sees the fields as the
// headers of a PutObject, also of an anonymous form.
//
// Source: AmazonS3/latest/API/RESTObjectPOST.html.
func TestPostObjectIsDecidedAsPutObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "guarded", noRule)
	ctx, c := context.Background(), w.root(home)
	_, err := c.DeletePublicAccessBlock(ctx, &sdk.DeletePublicAccessBlockInput{Bucket: aws.String("guarded")})
	w.ok(err)
	everybody := iam.Statement{Effect: iam.Allow, Principal: &iam.Principal{Any: true}, Action: iam.Strings{"s3:PutObject"}, Resource: iam.Strings{"arn:aws:s3:::guarded/*"}}
	unencrypted := everybody
	unencrypted.Effect = iam.Deny
	unencrypted.Condition = iam.Condition{"Null": {"s3:x-amz-server-side-encryption": {"true"}}}
	w.policy(home, "guarded", everybody, unencrypted)
	if a := w.post("guarded", "text", "key", "k"); a.status != 403 {
		t.Errorf("without the field: %d", a.status)
	}
	if a := w.post("guarded", "text", "key", "k", "x-amz-server-side-encryption", "AES256"); a.status != 204 {
		t.Errorf("with the field: %d %+v", a.status, a.err)
	}
}
