package form

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

var now = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// request is a form of names and values; "file" is a file named C:\x\pic.png.
func request(t *testing.T, fields ...string) *http.Request {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 2 {
		var part io.Writer
		var err error
		if fields[i] == "file" {
			part, err = w.CreateFormFile("file", `C:\x\pic.png`)
		} else {
			part, err = w.CreateFormField(fields[i])
		}
		if err == nil {
			_, err = io.WriteString(part, fields[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &http.Request{Header: http.Header{"Content-Type": {w.FormDataContentType()}}, Body: io.NopCloser(&body)}
}

func codeOf(err error) string {
	var e *api.Error
	if errors.As(err, &e) {
		return e.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// TestForm reads fields and the file.
//
// Source: AmazonS3/latest/API/sigv4-HTTPPOSTForms.html; for the errors,
// AmazonS3/latest/API/ErrorResponses.html.
func TestForm(t *testing.T) {
	t.Parallel()
	f, err := Read(request(t, "Key", "a/${filename}", "x-amz-meta-from", "${filename}!", "file", "text", "submit", "Upload"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil || string(text) != "text" || f.Get("key") != "a/pic.png" || f.Get("x-amz-meta-from") != "pic.png!" {
		t.Errorf("%q %v, key %q", text, err, f.Get("key"))
	}
	if _, ok := f.Lookup("submit"); ok {
		t.Error("a field behind the file counts")
	}
	cut := request(t, "key", "k", "file", "text")
	whole, _ := io.ReadAll(cut.Body)
	cut.Body = io.NopCloser(bytes.NewReader(whole[:len(whole)-10]))
	for name, e := range map[string]struct {
		request *http.Request
		code    string
	}{
		"no form":         {&http.Request{Header: http.Header{"Content-Type": {"text/plain"}}, Body: http.NoBody}, "PreconditionFailed"},
		"no boundary":     {&http.Request{Header: http.Header{"Content-Type": {"multipart/form-data"}}, Body: http.NoBody}, "PreconditionFailed"},
		"no file":         {request(t, "key", "k"), "IncorrectNumberOfFilesInPostRequest"},
		"two files":       {request(t, "key", "k", "file", "a", "submit", "b", "file", "c"), "IncorrectNumberOfFilesInPostRequest"},
		"a field twice":   {request(t, "key", "k", "KEY", "l", "file", "a"), "InvalidArgument"},
		"long fields":     {request(t, "key", strings.Repeat("k", maxFields+readAhead), "file", "a"), "MaxPostPreDataLengthExceeded"},
		"long end":        {request(t, "key", "k", "file", "a", "b", strings.Repeat("k", 2*maxFields)), "MaxPostPreDataLengthExceeded"},
		"cut off":         {cut, "MalformedPOSTRequest"},
		"something else":  {&http.Request{Header: request(t, "key", "k").Header, Body: io.NopCloser(strings.NewReader("key=k"))}, "IncorrectNumberOfFilesInPostRequest"},
		"a very long one": {&http.Request{Header: request(t, "key", "k").Header, Body: io.NopCloser(io.LimitReader(zeros{}, 1<<40))}, "MalformedPOSTRequest"},
	} {
		f, err := Read(e.request)
		if err == nil {
			_, err = io.ReadAll(f)
		}
		if codeOf(err) != e.code {
			t.Errorf("%s: %v, want %s", name, err, e.code)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func policyOf(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// TestPolicyDocument is what is no policy.
//
// Source: AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html.
func TestPolicyDocument(t *testing.T) {
	t.Parallel()
	const until = `"expiration": "2026-11-27T12:00:01Z"`
	for _, text := range []string{
		``, `[]`, `{`, `{` + until + `}`, `{"conditions": []}`, `{` + until + `, "conditions": {}}`,
		`{"Expiration": "2026-11-27T12:00:01Z", "conditions": []}`, `{` + until + `, "Conditions": []}`,
		`{"expiration": "2026-11-27 12:00:01", "conditions": []}`, `{"expiration": "2026-11-27T12:00:01+01:00", "conditions": []}`,
		`{` + until + `, "conditions": [{}]}`, `{` + until + `, "conditions": [{"key": "a", "acl": "b"}]}`,
		`{` + until + `, "conditions": [{"key": "a", "key": "b"}]}`, `{` + until + `, "conditions": [{"key": 1}]}`,
		`{` + until + `, "conditions": ["key"]}`, `{` + until + `, "conditions": [["eq", "key", "a"]]}`, `{` + until + `, "conditions": [["ends-with", "$key", "a"]]}`,
		`{` + until + `, "conditions": [["content-length-range", 0]]}`, `{` + until + `, "conditions": [["content-length-range", -1, 0]]}`,
		`{` + until + `, "conditions": [["content-length-range", 0, 1.5]]}`, `{` + until + `, "conditions": [], "more": 1}`,
	} {
		if _, err := ParsePolicy(policyOf(text)); codeOf(err) != "InvalidPolicyDocument" {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := ParsePolicy("%"); codeOf(err) != "InvalidPolicyDocument" {
		t.Errorf("no Base64: %v", err)
	}
}

// TestPolicyDecides: every condition must hold, and every field must be in one.
//
// Source: AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html.
func TestPolicyDecides(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]struct {
		conditions string
		fields     []string
		why        string // "": it may
	}{
		"all":                   {`{"bucket": "b"}, ["eq", "$key", "k"]`, []string{"key", "k"}, ""},
		"another case":          {`{"Bucket": "b"}, ["Starts-With", "$KEY", "k"]`, []string{"Key", "kk"}, ""},
		"another key":           {`{"bucket": "b"}, ["eq", "$key", "k"]`, []string{"key", "kk"}, "Policy Condition failed"},
		"no bucket":             {`["eq", "$key", "k"]`, []string{"key", "k"}, "Extra input fields: bucket"},
		"another bucket":        {`{"bucket": "c"}, ["eq", "$key", "k"]`, []string{"key", "k"}, "Policy Condition failed"},
		"a field too many":      {`{"bucket": "b"}, {"key": "k"}`, []string{"key", "k", "acl", "private"}, "Extra input fields: acl"},
		"ignored fields":        {`{"bucket": "b"}, {"key": "k"}`, []string{"key", "k", "X-Ignore-Me", "x", "x-amz-signature", "s", "policy", "p"}, ""},
		"a field missing":       {`{"bucket": "b"}, {"key": "k"}, {"acl": "private"}`, []string{"key", "k"}, "Policy Condition failed"},
		"any value":             {`{"bucket": "b"}, ["starts-with", "$key", ""]`, []string{"key", "anything"}, ""},
		"content types":         {`{"bucket": "b"}, ["starts-with", "$key", ""], ["starts-with", "$Content-Type", "image/"]`, []string{"key", "k", "Content-Type", "image/jpg,image/png"}, ""},
		"one other":             {`{"bucket": "b"}, ["starts-with", "$key", ""], ["starts-with", "$Content-Type", "image/"]`, []string{"key", "k", "Content-Type", "image/jpg,text/plain"}, "Policy Condition failed"},
		"commas elsewhere":      {`{"bucket": "b"}, ["starts-with", "$key", "a"]`, []string{"key", "a,b"}, ""},
		"the expanded value":    {`{"bucket": "b"}, ["eq", "$key", "u/pic.png"]`, []string{"key", "u/${filename}"}, ""},
		"a dollar":              {`{"bucket": "b"}, ["eq", "$key", "\$1\v"]`, []string{"key", "$1\v"}, ""},
		"two on one field":      {`{"bucket": "b"}, ["starts-with", "$key", "a"], {"key": "ab"}`, []string{"key", "ac"}, "Policy Condition failed"},
		"the file is too large": {`{"bucket": "b"}, {"key": "k"}, ["content-length-range", 0, 3]`, []string{"key", "k"}, "exceeds the maximum"},
		"the file is too small": {`{"bucket": "b"}, {"key": "k"}, ["content-length-range", 5, 9]`, []string{"key", "k"}, "smaller than the minimum"},
		"it fits":               {`{"bucket": "b"}, {"key": "k"}, ["content-length-range", "4", "4"]`, []string{"key", "k"}, ""},
	} {
		text := `{"expiration": "2026-11-27T12:00:00.500Z", "conditions": [` + e.conditions + `]}`
		p, err := ParsePolicy(policyOf(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		f, err := Read(request(t, append(e.fields, "file", "text")...))
		if err != nil {
			t.Fatal(err)
		}
		if err = p.Check(f, "b", now); err == nil {
			_, err = io.ReadAll(f)
		}
		if e.why == "" && err != nil || e.why != "" && (err == nil || !strings.Contains(err.Error(), e.why)) {
			t.Errorf("%s: %v, want %q", name, err, e.why)
		}
		if err := p.Check(f, "b", now.Add(time.Second)); codeOf(err) != "AccessDenied" {
			t.Errorf("%s, expired: %v", name, err)
		}
	}
}

// FuzzForm: any body is read or refused, what is read is no longer than what came,
// and any policy is read or refused.
func FuzzForm(f *testing.F) {
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\ntext\r\n--b--\r\n"),
		[]byte(`{"expiration": "2026-11-27T12:00:01Z", "conditions": [{"bucket": "b"}, ["starts-with", "$key", ""], ["content-length-range", 0, 9]]}`))
	f.Add([]byte("--b\r\n\r\n--b--"), []byte(`{"expiration": "\$"}`))
	f.Fuzz(func(t *testing.T, body, policy []byte) {
		form, err := Read(&http.Request{Header: http.Header{"Content-Type": {"multipart/form-data; boundary=b"}}, Body: io.NopCloser(bytes.NewReader(body))})
		p, badPolicy := ParsePolicy(policyOf(string(policy)))
		if err != nil {
			return
		}
		if badPolicy == nil && p.Check(form, "b", now) != nil {
			return
		}
		if text, _ := io.ReadAll(form); len(text) > len(body) {
			t.Errorf("%d bytes out of %d", len(text), len(body))
		}
	})
}
