package s3

import (
	"crypto/md5"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
)

// md5Of is the header that DeleteObjects wants.
func md5Of(body string) map[string]string {
	sum := md5.Sum([]byte(body))
	return map[string]string{"Content-MD5": base64.StdEncoding.EncodeToString(sum[:])}
}

// TestKeysThatNoObjectHas: such a key is refused wherever it stands, and the
// bucket can be deleted.
//
// Source: S3 user guide, object-keys; S3 developer guide, ErrorResponses
// (InvalidURI, KeyTooLongError).
func TestKeysThatNoObjectHas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "keys", noRule)
	longest := strings.Repeat("k", 1024)
	const uri, source = "Couldn't parse the specified URI.", "x-amz-copy-source"
	del := func(key string) string { return "<Delete><Object><Key>" + key + "</Key></Object></Delete>" }
	for name, e := range map[string]struct {
		method, path, body string
		header             map[string]string
		status             int
		code, message      string
	}{
		"not UTF-8, written":           {"PUT", "/keys/%FF%FE", "x", nil, 400, "InvalidURI", uri},
		"not UTF-8, read":              {"GET", "/keys/a%C3", "", nil, 400, "InvalidURI", uri},
		"not UTF-8, deleted":           {"DELETE", "/keys/%FF", "", nil, 400, "InvalidURI", uri},
		"not UTF-8, in parts":          {"POST", "/keys/%FF?uploads", "", nil, 400, "InvalidURI", uri},
		"not UTF-8, as a bucket":       {"GET", "/k%FF", "", nil, 400, "InvalidURI", uri},
		"not UTF-8, as a prefix":       {"GET", "/keys?prefix=%FF", "", nil, 400, "InvalidURI", uri},
		"not UTF-8, as a source":       {"PUT", "/keys/k", "", map[string]string{source: "keys/%FF"}, 400, "InvalidArgument", "Invalid copy source encoding"},
		"not UTF-8, of many":           {"POST", "/keys?delete", del("\xff"), md5Of(del("\xff")), 400, "MalformedXML", "invalid UTF-8"},
		"not UTF-8, as a tag":          {"PUT", "/keys/k", "x", map[string]string{"x-amz-tagging": "a=%FF"}, 400, "InvalidArgument", "shall be encoded as UTF-8"},
		"a tag twice":                  {"PUT", "/keys/k", "x", map[string]string{"x-amz-tagging": "a=1&a=2"}, 400, "InvalidArgument", "without tag name duplicates"},
		"source without key":           {"PUT", "/keys/k", "", map[string]string{source: "keys"}, 400, "InvalidArgument", "Invalid copy source object key"},
		"source without bucket":        {"PUT", "/keys/k", "", map[string]string{source: "//k"}, 400, "InvalidArgument", "Invalid copy source bucket name"},
		"source with an ARN":           {"PUT", "/keys/k", "", map[string]string{source: "arn:aws:s3:eu-west-1:1:accesspoint/a/object/k"}, 501, "NotImplemented", "with an ARN"},
		"too long, written":            {"PUT", "/keys/" + longest + "k", "x", nil, 400, "KeyTooLongError", "Your key is too long"},
		"too long, read":               {"GET", "/keys/" + longest + "k", "", nil, 400, "KeyTooLongError", "Your key is too long"},
		"too long in bytes":            {"PUT", "/keys/" + strings.Repeat("%C3%A9", 513), "x", nil, 400, "KeyTooLongError", "Your key is too long"},
		"too long, as a source":        {"PUT", "/keys/k", "", map[string]string{source: "keys/" + longest + "k"}, 400, "KeyTooLongError", ""},
		"as long as may be":            {"PUT", "/keys/" + longest, "x", nil, 200, "", ""},
		"empty, of many":               {"POST", "/keys?delete", del(""), md5Of(del("")), 400, "MalformedXML", "has no Key"},
		"above the bucket":             {"PUT", "/keys/videos/../../video1.wmv", "x", nil, 400, "InvalidURI", uri},
		"above the bucket in between":  {"PUT", "/keys/videos/../../2014/video1.wmv", "x", nil, 400, "InvalidURI", uri},
		"above the bucket at once":     {"GET", "/keys/../video1.wmv", "", nil, 400, "InvalidURI", uri},
		"with dots that stay below":    {"PUT", "/keys/videos/2014/../../video1.wmv", "x", nil, 200, "", ""},
		"with a dot and an empty part": {"PUT", "/keys/.//..hidden", "x", nil, 200, "", ""},
	} {
		a := w.send(w.tls, e.method, e.path, e.body, e.header)
		if a.status != e.status || a.err.Code != e.code || !strings.Contains(a.err.Message, e.message) {
			t.Errorf("%s: %d %+v, want %d %s %q", name, a.status, a.err, e.status, e.code, e.message)
		}
		if a.err.Code == "InvalidURI" && !strings.Contains(a.body, "<URI>/k") {
			t.Errorf("%s: the answer doesn't tell the URI: %s", name, a.body)
		}
		if a.err.Code == "KeyTooLongError" && !strings.Contains(a.body, "<MaxSizeAllowed>1024</MaxSizeAllowed>") {
			t.Errorf("%s: the answer doesn't tell the limit: %s", name, a.body)
		}
	}
	many := del("a/../../b")
	if a := w.send(w.tls, "POST", "/keys?delete", many, md5Of(many)); a.status != 200 || !strings.Contains(a.body, "<Code>InvalidURI</Code>") {
		t.Errorf("one bad key of many: %d %s", a.status, a.body)
	}
	for _, key := range []string{longest, "videos/2014/../../video1.wmv", ".//..hidden"} {
		w.send(w.tls, "DELETE", "/keys/"+key, "", nil)
	}
	if a := w.send(w.tls, "DELETE", "/keys", "", nil); a.status != http.StatusNoContent {
		t.Errorf("the bucket stays: %d %s", a.status, a.body)
	}
}

// TestKeysThatXMLHasNoCharactersFor: a list shows the key itself, as a URL if it
// is asked for one.
//
// Source: S3 API reference, API_ListObjectsV2 (encoding-type).
func TestKeysThatXMLHasNoCharactersFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "characters", noRule)
	for _, path := range []string{"a%01%0B/%EF%BF%BF%0D%3C", "plain/%C3%A9&"} {
		w.send(w.tls, "PUT", "/characters/"+path, "x", nil)
	}
	w.send(w.tls, "POST", "/characters/a%01?uploads", "", nil)
	for _, e := range []struct{ query, want string }{
		{"", "<Key>a&#x1;&#xB;/&#xFFFF;&#xD;&lt;</Key>"},
		{"", "<Key>plain/é&amp;</Key>"},
		{"?encoding-type=url", "<Key>a%01%0B/%EF%BF%BF%0D%3C</Key>"},
		{"?delimiter=/", "<Prefix>a&#x1;&#xB;/</Prefix>"},
		{"?delimiter=/&encoding-type=url", "<Prefix>a%01%0B/</Prefix>"},
		{"?list-type=2&start-after=%01", "<StartAfter>&#x1;</StartAfter>"},
		{"?versions&prefix=a%01", "<Prefix>a&#x1;</Prefix>"},
		{"?uploads&encoding-type=url", "<Key>a%01</Key>"},
	} {
		a := w.send(w.tls, "GET", "/characters"+e.query, "", nil)
		if a.status != 200 || !strings.Contains(a.body, e.want) {
			t.Errorf("%q: %d %s, want %s", e.query, a.status, a.body, e.want)
		}
	}
}
