package server

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/identity"
)

// exampleKeys has the key pair that AWS's documents use.
type exampleKeys struct{}

const (
	exampleID     = "AKIAIOSFODNN7EXAMPLE"
	exampleSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	exampleUser   = "arn:aws:iam::111122223333:user/example"
)

func (exampleKeys) Credential(id string) (identity.Credential, bool) {
	return identity.Credential{Secret: exampleSecret, Caller: iam.User(exampleUser)}, id == exampleID
}

// exampleTime is a minute after the examples.
var exampleTime = time.Date(2013, 5, 24, 0, 1, 0, 0, time.UTC)

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// TestDocumentedSignatures: requests and signatures as AWS's documents print
// them.
//
// Source: S3 API reference, sig-v4-header-based-auth ("Examples") and
// sigv4-query-string-auth ("An Example").
func TestDocumentedSignatures(t *testing.T) {
	t.Parallel()
	header := func(signed, signature string) string {
		return "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=" + signed + ",Signature=" + signature
	}
	tests := map[string]struct {
		method, url string
		headers     map[string]string
		body        string
	}{
		"GET object": {"GET", "/test.txt", map[string]string{
			"Range": "bytes=0-9", "x-amz-content-sha256": emptyHash,
			"Authorization": header("host;range;x-amz-content-sha256;x-amz-date", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
		}, ""},
		"PUT object": {"PUT", "/test%24file.text", map[string]string{
			"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY",
			"x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
			"Authorization":        header("date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
		}, "Welcome to Amazon S3."},
		"GET bucket lifecycle": {"GET", "/?lifecycle", map[string]string{
			"x-amz-content-sha256": emptyHash,
			"Authorization":        header("host;x-amz-content-sha256;x-amz-date", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
		}, ""},
		"list objects, query not sorted": {"GET", "/?prefix=J&max-keys=2", map[string]string{
			"x-amz-content-sha256": emptyHash,
			"Authorization":        header("host;x-amz-content-sha256;x-amz-date", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
		}, ""},
		"presigned": {"GET", "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" +
			"&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404", nil, ""},
	}
	s := &Server{options: Options{Keys: exampleKeys{}}}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			authenticate := func(url string) *refusal {
				r := httptest.NewRequest(test.method, url, strings.NewReader(test.body))
				r.Host = "examplebucket.s3.amazonaws.com"
				for k, v := range test.headers {
					r.Header.Set(k, v)
				}
				if r.Header.Get("Authorization") != "" {
					r.Header.Set("x-amz-date", "20130524T000000Z")
				}
				a, fail := parseAuthorization(r, exampleTime)
				if fail != nil {
					return fail
				}
				c := api.Call{Time: exampleTime, Context: map[string]iam.Strings{}}
				_, fail = s.authenticate(httptest.NewRecorder(), r, a, &c)
				if fail == nil && c.Account != "111122223333" {
					t.Errorf("account %q", c.Account)
				}
				return fail
			}
			if fail := authenticate(test.url); fail != nil {
				t.Errorf("refused: %+v", fail)
			}
			if fail := authenticate(strings.Replace(test.url, "/", "/x", 1)); fail == nil || fail.fault != wrongSignature {
				t.Errorf("another path: %+v, want a wrong signature", fail)
			}
		})
	}
}

// BenchmarkAuthenticate is what the front door adds to a small request.
func BenchmarkAuthenticate(b *testing.B) {
	s := &Server{options: Options{Keys: exampleKeys{}}}
	for b.Loop() {
		r := httptest.NewRequest("GET", "/?max-keys=2&prefix=J", nil)
		r.Host = "examplebucket.s3.amazonaws.com"
		r.Header.Set("x-amz-date", "20130524T000000Z")
		r.Header.Set("x-amz-content-sha256", emptyHash)
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"+
			"SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
		a, fail := parseAuthorization(r, exampleTime)
		if fail != nil {
			b.Fatal(fail)
		}
		c := api.Call{Time: exampleTime, Context: map[string]iam.Strings{}}
		if _, fail := s.authenticate(httptest.NewRecorder(), r, a, &c); fail != nil {
			b.Fatal(fail)
		}
	}
}
