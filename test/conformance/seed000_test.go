package conformance

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

// The key of the transcript.
const (
	seedKey    = "hws7rqxtlcwd98e8nds94jf8al3yyi5t"
	seedKey64  = "aHdzN3JxeHRsY3dkOThlOG5kczk0amY4YWwzeXlpNXQ="
	seedKeyMD5 = "aLkI4bOu2sXS3Guq7vU37A=="
	emptyMD5   = "d41d8cd98f00b204e9800998ecf8427e"

	unreadable = "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object."
)

func read(t testing.TB, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// seed000 deploys the article's stack and gives its secret the transcript's
// value.
func seed000(t testing.TB, s *localaws.Server) {
	t.Helper()
	createStack(t, s, source, "fa-125", read(t, "testdata/stacks/seed000.yaml"))
	a := secrets(t, s, "PutSecretValue", `{"SecretId":"fa-125","ClientRequestToken":"7d7a7c3f-1f57-43b7-a340-07857b491f5a","SecretString":"`+seedKey+`"}`)
	if a.status != http.StatusOK {
		t.Fatal(a.body)
	}
}

func secrets(t testing.TB, s *localaws.Server, operation, body string) answer {
	t.Helper()
	return newEndpoint(t, s, "secretsmanager", source).send(t, "POST", "/", map[string]string{
		"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "secretsmanager." + operation,
	}, body)
}

// customerKey are the headers of an SSE-C request.
func customerKey(algorithm, key, md5 string) map[string]string {
	h := map[string]string{}
	for name, v := range map[string]string{"Algorithm": algorithm, "Key": key, "Key-Md5": md5} {
		if v != "" {
			h["X-Amz-Server-Side-Encryption-Customer-"+name] = v
		}
	}
	return h
}

// TestSeed000Transcript replays the article's requests. What AWS answered is
// expected to the letter, but for the text of a denial: since 2024 S3 adds who
// may not do what, and why, to "Access Denied".
func TestSeed000Transcript(t *testing.T) {
	t.Parallel()
	s := start(t)
	seed000(t, s)
	key := customerKey("AES256", seedKey64, seedKeyMD5)
	echo := map[string]string{
		"X-Amz-Server-Side-Encryption-Customer-Algorithm": "AES256",
		"X-Amz-Server-Side-Encryption-Customer-Key-Md5":   seedKeyMD5,
		"X-Amz-Server-Side-Encryption":                    "",
	}
	aes := map[string]string{"X-Amz-Server-Side-Encryption": "AES256"}
	kms := map[string]string{"X-Amz-Server-Side-Encryption": "aws:kms"}
	const c = "/fa-125-sse-c/test4-1-1.txt"
	tests := []struct {
		name, method, path string
		header             map[string]string
		status             int
		code, message      string // message: that it has this text
		want               map[string]string
	}{
		{"SSE-S3, upload", "PUT", "/fa-125-sse-s3/test1.txt", nil, 200, "", "", aes},
		{"SSE-S3, download", "GET", "/fa-125-sse-s3/test1.txt", nil, 200, "", "", aes},
		{"AWS managed key, upload", "PUT", "/fa-125-sse-kms-aws-managed/test2.txt", nil, 200, "", "", kms},
		{"AWS managed key, download", "GET", "/fa-125-sse-kms-aws-managed/test2.txt", nil, 200, "", "", kms},
		{"customer managed key, upload", "PUT", "/fa-125-sse-kms-cmk/test3.txt", nil, 200, "", "", kms},
		{"customer managed key, download", "GET", "/fa-125-sse-kms-cmk/test3.txt", nil, 200, "", "", kms},
		{"SSE-C, upload without key", "PUT", c, nil, 403, "AccessDenied", "explicit deny in a resource-based policy", nil},
		{"SSE-C, upload", "PUT", c, key, 200, "", "", echo},
		{"SSE-C, download without key", "GET", c, nil, 400, "InvalidRequest", unreadable, nil},
		{"SSE-C, download", "GET", c, key, 200, "", "", with(echo, map[string]string{
			"Accept-Ranges": "bytes", "Content-Length": "0", "Content-Type": "binary/octet-stream",
		})},
		{"SSE-C, head without key", "HEAD", c, nil, 400, "", "", nil}, // no body: "An error occurred (400) ... Bad Request"
		{"SSE-C, head", "HEAD", c, key, 200, "", "", echo},
	}
	e := newEndpoint(t, s, "s3", source)
	etags := map[string]bool{}
	for _, test := range tests {
		a := e.send(t, test.method, test.path, test.header, "")
		if a.status != test.status || a.code != test.code || !strings.Contains(a.message, test.message) {
			t.Errorf("%s: %d %s %q, want %d %s %q", test.name, a.status, a.code, a.message, test.status, test.code, test.message)
		}
		for name, want := range test.want {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", test.name, name, got, want)
			}
		}
		etag := a.header.Get("Etag")
		if strings.HasPrefix(test.name, "SSE-C") && etag != "" {
			etags[etag] = true
			if !regexp.MustCompile(`^"[0-9a-f]{32}"$`).MatchString(etag) || strings.Contains(etag, emptyMD5) {
				t.Errorf("%s: ETag %s, want 32 hex digits that are not the MD5 of the body", test.name, etag)
			}
		}
		if strings.HasPrefix(test.name, "SSE-S3") && etag != `"`+emptyMD5+`"` {
			t.Errorf("%s: ETag %s, want the MD5 of the body", test.name, etag)
		}
		if a.header.Get("X-Amz-Request-Id") == "" {
			t.Errorf("%s: no x-amz-request-id", test.name)
		}
	}
	if len(etags) != 1 {
		t.Errorf("one SSE-C object has the ETags %v", etags)
	}
	list := e.send(t, "GET", "/fa-125-sse-c?list-type=2", nil, "")
	if element(list.body, "Key") != "test4-1-1.txt" || element(list.body, "Size") != "0" || element(list.body, "KeyCount") != "1" {
		t.Errorf("listing:\n%s", list.body)
	}
}

func with(a, b map[string]string) map[string]string {
	m := map[string]string{}
	for _, from := range []map[string]string{a, b} {
		for k, v := range from {
			m[k] = v
		}
	}
	return m
}

// TestSeed000Secret: the generated value is as the template asks, and a Lambda
// role may read it by the ARN that Ref gives.
func TestSeed000Secret(t *testing.T) {
	t.Parallel()
	s := start(t)
	createStack(t, s, source, "fa-125", read(t, "testdata/stacks/seed000.yaml"))
	a := secrets(t, s, "GetSecretValue", `{"SecretId":"fa-125"}`)
	m := regexp.MustCompile(`"SecretString":"([^"]*)"`).FindStringSubmatch(a.body)
	if m == nil || !regexp.MustCompile(`^[a-z0-9]{32}$`).MatchString(m[1]) || !strings.ContainsAny(m[1], "0123456789") {
		t.Errorf("secret: %s", a.body)
	}
}

// TestSeed000WithoutUnblocking: the article's template as it is, on a bucket
// of today.
func TestSeed000WithoutUnblocking(t *testing.T) {
	t.Parallel()
	s := start(t)
	e := newEndpoint(t, s, "s3", source)
	if a := e.send(t, "PUT", "/fa-125-sse-c", nil, `<CreateBucketConfiguration><LocationConstraint>`+region+`</LocationConstraint></CreateBucketConfiguration>`); a.status != 200 {
		t.Fatal(a.body)
	}
	a := e.send(t, "PUT", "/fa-125-sse-c/k", customerKey("AES256", seedKey64, seedKeyMD5), "x")
	if a.status != 403 || a.code != "AccessDenied" || !strings.Contains(a.message, "blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C)") {
		t.Errorf("%d %s %s", a.status, a.code, a.message)
	}
}
