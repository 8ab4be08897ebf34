package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// FuzzAuthorization: nobody gets in without the secret, whatever the header and
// the query say, and every refusal is the client's fault.
func FuzzAuthorization(f *testing.F) {
	scope := longTerm + "/20261122/eu-west-1/s3/aws4_request"
	for _, seed := range [][2]string{
		{algorithm + " Credential=" + scope + ", SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" + emptyHash, ""},
		{algorithm + " Credential=" + scope + ",SignedHeaders=,Signature=", "list-type=2"},
		{algorithm4 + " Credential=x", ""},
		{"AWS AKIA:c2ln", ""},
		{"", "X-Amz-Algorithm=" + algorithm + "&X-Amz-Credential=" + url.QueryEscape(scope) + "&X-Amz-Date=20261122T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=" + emptyHash},
		{"", "AWSAccessKeyId=AKIA&Signature=c2ln&Expires=1"},
		{"", "X-Amz-Signature=a&X-Amz-Signature=b"},
		{"", "a=%zz;b"},
	} {
		f.Add(seed[0], seed[1], "20261122T120000Z", emptyHash)
	}
	s := startEcho(f, Options{})
	f.Fuzz(func(t *testing.T, header, query, date, hash string) {
		r := httptest.NewRequest("GET", "/bucket/key", nil)
		r.URL.RawQuery = query
		for name, value := range map[string]string{"Authorization": header, "X-Amz-Date": date, "X-Amz-Content-Sha256": hash} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, r)
		h := answer.Header()
		switch {
		case h.Get("Echo-Signed") == "false" && h.Get("Echo-Caller") == "anonymous" && header == "":
		case h.Get("Echo-Service") == "" && answer.Code >= 400 && answer.Code < 500:
		default:
			t.Errorf("%d %v %s", answer.Code, h, answer.Body)
		}
		if again := canonicalQuery(canonicalQuery(query)); again != canonicalQuery(query) {
			t.Errorf("%q is not canonical", again)
		}
	})
}

// FuzzSignature: what the SDK signs, in a header or in a URL, is accepted, and not
// when it is changed on the way.
func FuzzSignature(f *testing.F) {
	f.Add("bucket/a key", "list-type", "2", "a  b", []byte("text"), false)
	f.Add("bucket//ä+b%", "a b", "c&d=e", "", []byte(""), true)
	f.Add("bucket/!$'()*~", "", "", "\"a\"", []byte(""), true)
	s := startEcho(f, Options{})
	credentials := aws.Credentials{AccessKeyID: longTerm, SecretAccessKey: "secret-1"}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping, o.DisableHeaderHoisting = true, true })
	f.Fuzz(func(t *testing.T, path, name, value, header string, body []byte, presigned bool) {
		if strings.HasPrefix(name, "X-Amz-") || name == "AWSAccessKeyId" || name == "Signature" {
			return // what they say of the signature is for FuzzAuthorization
		}
		// The transport trims a value. Of other white space than spaces SDKs
		// sign different things, and AWS's pages say nothing.
		header = strings.Trim(header, " ")
		if strings.Join(strings.Fields(header), "") != strings.ReplaceAll(header, " ", "") {
			return
		}
		r := httptest.NewRequest("PUT", "https://127.0.0.1/", strings.NewReader(string(body)))
		segments := strings.Split("/"+path, "/")
		for i, segment := range segments {
			segments[i] = encode(segment)
		}
		r.URL.Path, r.URL.RawPath = "/"+path, strings.Join(segments, "/")
		if name != "" {
			r.URL.RawQuery = url.Values{name: {value}}.Encode()
		}
		r.Header.Set("X-Amz-Meta-A", header)
		sum := sha256.Sum256(body)
		hash := hex.EncodeToString(sum[:])
		if presigned {
			q := r.URL.Query()
			q.Set("X-Amz-Expires", "60")
			r.URL.RawQuery = q.Encode()
			uri, signed, err := signer.PresignHTTP(context.Background(), credentials, r, unsignedPayload, "s3", "eu-west-1", testTime)
			if err != nil {
				t.Fatal(err)
			}
			if r.URL, err = url.Parse(uri); err != nil {
				t.Fatal(err)
			}
			r.Header = signed
			r.Header.Del("Host")
		} else {
			r.Header.Set("X-Amz-Content-Sha256", hash)
			if err := signer.SignHTTP(context.Background(), credentials, r, hash, "s3", "eu-west-1", testTime); err != nil {
				t.Fatal(err)
			}
		}
		changed := r.Clone(context.Background())
		changed.URL.RawPath += "x"
		changed.URL.Path += "x"
		changed.Body = http.NoBody
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, r)
		if answer.Code != http.StatusOK || answer.Header().Get("Echo-Signed") != "true" || answer.Body.String() != string(body) {
			t.Errorf("%s %v: %d %s", r.URL, r.Header, answer.Code, answer.Body)
		}
		answer = httptest.NewRecorder()
		if s.ServeHTTP(answer, changed); answer.Code < 400 {
			t.Errorf("%s was signed as %s", changed.URL, r.URL)
		}
	})
}
