package object

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/function"
)

func TestHeadersComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	long := strings.Repeat("v", maxMetadata-len("a")-len("first-name")-len("a  b!"))
	f.mustCall(t, f.put, fmt.Sprintf(`{"body":"x","contentType":"a/b; c=\"d  e\"","contentEncoding":"gzip","cacheControl":"max-age=60, private","metadata":{"a":%q,"first-name":"a  b!"}}`, long))
	got := f.mustCall(t, f.get, `{}`)
	if got["contentType"] != `a/b; c="d  e"` || got["contentEncoding"] != "gzip" || got["cacheControl"] != "max-age=60, private" {
		t.Errorf("got %v", got)
	}
	if diff := cmp.Diff(map[string]any{"a": long, "first-name": "a  b!"}, got["metadata"]); diff != "" {
		t.Error(diff)
	}
	if at, err := time.Parse(time.RFC3339, got["lastModified"].(string)); err != nil || time.Since(at).Abs() > time.Minute {
		t.Errorf("lastModified %v", got["lastModified"])
	}
	f.mustCall(t, f.put, `{"body":"x"}`)
	for _, field := range []string{"contentEncoding", "cacheControl", "metadata"} {
		if v, has := f.mustCall(t, f.get, `{}`)[field]; has {
			t.Errorf("%s of a put without it: %v", field, v)
		}
	}
}

func TestHeadersThatWouldNotComeBack(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	long := strings.Repeat("v", maxMetadata)
	for fields, want := range map[string]string{
		`"contentType":"a\r\nx-amz-acl: public-read"`: `"contentType" is "a\r\nx-amz-acl: public-read": want printable ASCII`,
		`"contentType":"é"`:                           `"contentType"`,
		`"contentEncoding":"gzip\n"`:                  `"contentEncoding"`,
		`"cacheControl":"\u0000"`:                     `"cacheControl"`,
		`"cacheControl":" a"`:                         `"cacheControl"`,
		`"ifMatch":"\u007f"`:                          `"ifMatch"`,
		`"metadata":{"a":"é"}`:                        `"metadata" has the value "é" of "a"`,
		`"metadata":{"a":"b "}`:                       `"metadata" has the value "b " of "a"`,
		`"metadata":{"First":"b"}`:                    `"metadata" has the name "First"`,
		`"metadata":{"":"b"}`:                         `"metadata" has the name ""`,
		`"metadata":{"a b":"b"}`:                      `"metadata" has the name "a b"`,
		`"metadata":{"x-amz-key":"b"}`:                `"metadata" has the name "x-amz-key": names that begin with x-amz- are reserved`,
		`"metadata":{"a":"` + long + `"}`:             `"metadata" has 2049 bytes in names and values: S3 allows at most 2048`,
	} {
		if _, failed, text := f.call(t, f.put, `{"body":"x",`+fields+`}`); failed != function.BadRequest || !strings.HasPrefix(text, want) {
			t.Errorf("%.60s: %s: %s", fields, failed, text)
		}
	}
	if got := f.calls(); got != "" {
		t.Errorf("bad events made calls: %s", got)
	}
}
