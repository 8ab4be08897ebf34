package s3

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestMetadataComesBackAsMail: what is not ASCII is returned in a word of RFC
// 2047, and such a word is read.
//
// Source: S3 user guide, UsingMetadata ("User-defined metadata"), whose example is
// the first row; the others are what public test suites recorded of S3.
func TestMetadataComesBackAsMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "metadata", noRule)
	for name, e := range map[string]struct{ sent, returned string }{
		"the page's example":     {"ÄMÄZÕÑ S3", "=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?="},
		"ASCII":                  {"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"},
		"empty":                  {"", ""},
		"ISO 8859-1":             {"se\xf1or", "=?UTF-8?Q?se=C3=B1or?="},
		"encoded, mostly ASCII":  {"=?UTF-8?Q?test=5F=E2=80=94=5Ffile%E2%80%94=5F=C3=A9=5F2=3F.pdf?=", "=?UTF-8?Q?test=5F=E2=80=94=5Ffile%E2%80%94=5F=C3=A9=5F2=3F.pdf?="},
		"encoded in Base64":      {"=?UTF-8?B?w4RNw4Raw5XDkSBTMw==?=", "=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?="},
		"encoded control bytes":  {"=?UTF-8?Q?=00=01=02=03?=", "=?UTF-8?B?AAECAw==?="},
		"encoded replacement":    {"=?UTF-8?B?77+977+977+977+977+977+977+9?=", "=?UTF-8?B?77+977+977+977+977+977+977+9?="},
		"encoded ASCII":          {"=?UTF-8?Q?actually-ascii?=", "actually-ascii"},
		"encoded ASCII in B":     {"=?UTF-8?B?YWJj?=", "abc"},
		"a pair counts as two":   {"=?UTF-8?Q?ab=F0=9F=91=91?=", "=?UTF-8?B?YWLwn5GR?="},
		"encoded wrongly":        {"=?UTF-8?B?YQ?=", "=?UTF-8?B?YQ?="},
		"encoded but not UTF-8":  {"=?UTF-8?B?YWJj/w==?=", "=?UTF-8?Q?abc=EF=BF=BD?="},
		"in an unknown alphabet": {"=?klingon?Q?a?=", "=?klingon?Q?a?="},
	} {
		path := "/metadata/" + strings.ReplaceAll(name, " ", "%20")
		if a := w.send(w.tls, "PUT", path, "x", map[string]string{"x-amz-meta-v": e.sent}); a.status != 200 {
			t.Errorf("%s: %d %+v", name, a.status, a.err)
		}
		a := w.send(w.tls, "HEAD", path, "", nil)
		if got := a.header.Get("x-amz-meta-v"); got != e.returned {
			t.Errorf("%s: %q, want %q", name, got, e.returned)
		}
		// A copy keeps the text, not its form on the way.
		w.send(w.tls, "PUT", path+"2", "", map[string]string{"x-amz-copy-source": path})
		if got := w.send(w.tls, "HEAD", path+"2", "", nil).header.Get("x-amz-meta-v"); got != e.returned {
			t.Errorf("copy of %s: %q, want %q", name, got, e.returned)
		}
	}
}

// TestMetadataIsLimited: 2 KB, counted in bytes of names and values in UTF-8.
//
// Source: S3 user guide, UsingMetadata ("User-defined metadata"); S3 developer
// guide, ErrorResponses (MetadataTooLarge).
func TestMetadataIsLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "limited", noRule)
	for name, e := range map[string]struct {
		value string
		size  int // of name and value
	}{
		"ASCII at the limit":       {strings.Repeat("a", 2044), 2048},
		"ASCII over the limit":     {strings.Repeat("a", 2045), 2049},
		"two bytes each, within":   {strings.Repeat("\xe9", 1022), 2048},
		"two bytes each, beyond":   {strings.Repeat("\xe9", 1023), 2050},
		"encoded, counted as text": {"=?UTF-8?B?" + strings.Repeat("w6nDqcOp", 340) + "?=", 2044},
	} {
		a := w.send(w.tls, "PUT", "/limited/k", "x", map[string]string{"X-Amz-Meta-Name": e.value})
		switch fits := e.size <= 2048; {
		case fits && a.status != http.StatusOK:
			t.Errorf("%s: %d %+v", name, a.status, a.err)
		case !fits && (a.status != 400 || a.err.Code != "MetadataTooLarge" || !strings.Contains(a.body, fmt.Sprintf("<MaxSizeAllowed>2048</MaxSizeAllowed><Size>%d</Size>", e.size))):
			t.Errorf("%s: %d %s, want %d bytes refused", name, a.status, a.body, e.size)
		}
	}
}
