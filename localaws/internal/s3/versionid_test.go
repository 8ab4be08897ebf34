package s3

import (
	"regexp"
	"strings"
	"testing"
)

// TestMalformedVersionIDs: an id that S3 did not make is refused, and one that
// belongs to no version is not found.
//
// Source: S3 developer guide, ErrorResponses (InvalidArgument, NoSuchVersion); the
// words are those that public test suites recorded of S3.
func TestMalformedVersionIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "ids", noRule)
	w.versioned(home, "ids")
	id := w.send(w.tls, "PUT", "/ids/k", "x", nil).header.Get("x-amz-version-id")
	if !regexp.MustCompile(`^[A-Za-z0-9._]{32}$`).MatchString(id) {
		t.Errorf("the id %q is not of S3's form", id)
	}
	changed := id[:28] + "ABCD"
	other := newVersionID()
	const bad, none = "Invalid version id specified", "This operation does not accept a version-id."
	del := func(id string) string {
		return "<Delete><Object><Key>k</Key><VersionId>" + id + "</VersionId></Object></Delete>"
	}
	for name, e := range map[string]struct {
		method, path, body string
		header             map[string]string
		status             int
		code, message      string
	}{
		"read":                    {"GET", "/ids/k?versionId=" + changed, "", nil, 400, "InvalidArgument", bad},
		"read, of AWS's examples": {"GET", "/ids/k?versionId=L4kqtJlcpXroDTDmpUMLUo", "", nil, 400, "InvalidArgument", bad},
		"read, empty":             {"GET", "/ids/k?versionId=", "", nil, 400, "InvalidArgument", "Version id cannot be the empty string"},
		"read, of no version":     {"GET", "/ids/k?versionId=" + other, "", nil, 404, "NoSuchVersion", "The specified version does not exist."},
		"read, null":              {"GET", "/ids/k?versionId=null", "", nil, 404, "NoSuchVersion", "The specified version does not exist."},
		"deleted":                 {"DELETE", "/ids/k?versionId=" + changed, "", nil, 400, "InvalidArgument", bad},
		"deleted, of no version":  {"DELETE", "/ids/k?versionId=" + other, "", nil, 204, "", ""},
		"tags":                    {"GET", "/ids/k?tagging&versionId=" + changed, "", nil, 400, "InvalidArgument", bad},
		"copied":                  {"PUT", "/ids/c", "", map[string]string{"x-amz-copy-source": "ids/k?versionId=" + changed}, 400, "InvalidArgument", bad},
		"copied, empty":           {"PUT", "/ids/c", "", map[string]string{"x-amz-copy-source": "ids/k?versionId="}, 400, "InvalidArgument", "Version id cannot be the empty string"},
		"marker":                  {"GET", "/ids?versions&key-marker=k&version-id-marker=" + changed, "", nil, 400, "InvalidArgument", bad},
		"written":                 {"PUT", "/ids/k?versionId=" + id, "x", nil, 400, "InvalidArgument", none},
		"upload":                  {"POST", "/ids/k?uploads&versionId=" + id, "", nil, 400, "InvalidArgument", none},
		"bucket":                  {"GET", "/ids?versionId=" + id, "", nil, 400, "InvalidArgument", none},
		"of many":                 {"POST", "/ids?delete", del(changed), md5Of(del(changed)), 200, "", ""},
		"itself":                  {"GET", "/ids/k?versionId=" + id, "", nil, 200, "", ""},
	} {
		a := w.send(w.tls, e.method, e.path, e.body, e.header)
		if a.status != e.status || a.err.Code != e.code || a.err.Message != e.message {
			t.Errorf("%s: %d %+v, want %d %s %q", name, a.status, a.err, e.status, e.code, e.message)
		}
		if name == "of many" && !strings.Contains(a.body, "<Code>NoSuchVersion</Code>") {
			t.Errorf("%s: %s", name, a.body)
		}
	}
}
