package server

import (
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// TestRefusedSignatures: S3's status, code and words for each way in which a
// signature says what it can't.
//
// Source: S3 developer guide, sigv4-query-string-auth (limits of X-Amz-Expires),
// specify-signature-version and ErrorResponses; the words are those that public
// test suites recorded of S3.
func TestRefusedSignatures(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	c := client(t, s)
	const (
		query   = "AuthorizationQueryParametersError"
		only    = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified"
		version = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
		six     = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
		scope   = "Error parsing the X-Amz-Credential parameter; "
		shape   = `the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`
		header  = "The authorization header is malformed; "
	)
	expires := func(text string) func(*http.Request) {
		return replaceQuery("X-Amz-Expires=60", "X-Amz-Expires="+text)
	}
	credential := func(old, replacement string) func(*http.Request) { return replaceQuery(old, replacement) }
	authorization := func(value string) func(*http.Request) {
		return func(r *http.Request) {
			r.URL.RawQuery = ""
			r.Header.Set("X-Amz-Date", testTime.Format(timeForm))
			r.Header.Set("Authorization", value)
		}
	}
	ofKey := func(scope string) func(*http.Request) {
		return authorization(algorithm + " Credential=" + longTerm + scope + ", SignedHeaders=host, Signature=" + emptyHash)
	}
	for name, test := range map[string]struct {
		change        func(*http.Request)
		status        int
		code, message string
	}{
		"expires in more than a week": {expires("604801"), 400, query, "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds"},
		"expires in an age":           {expires("9223372036854775808"), 400, query, "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds"},
		"expires before it begins":    {expires("-1"), 400, query, "X-Amz-Expires must be non-negative"},
		"expires at no number":        {expires("soon"), 400, query, "X-Amz-Expires should be a number"},
		"expires at nothing":          {expires(""), 400, query, "X-Amz-Expires should be a number"},
		"expires at once":             {expires("0"), 403, "AccessDenied", "Request has expired"},
		"without expiry":              {replaceQuery("X-Amz-Expires=60", "a=b"), 400, query, six},
		"without signature":           {replaceQuery("X-Amz-Signature=", "a="), 400, query, six},
		"date in another form":        {replaceQuery("20261122T120000Z", "2026-11-22"), 400, query, `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`},
		"date an hour ahead":          {replaceQuery("20261122T120000Z", "20261122T130000Z"), 403, "AccessDenied", "Request is not yet valid"},
		"scope of another day":        {credential("%2F20261122%2F", "%2F20261121%2F"), 400, query, `Invalid credential date "20261121". This date is not the same as X-Amz-Date: "20261122".`},
		"scope of another Region":     {credential("eu-west-1", "eu-west-9"), 400, query, scope + "the region 'eu-west-9' is wrong; expecting 'eu-west-1' or 'us-west-2'"},
		"scope without Region":        {credential("eu-west-1", ""), 400, query, scope + "a non-empty region must be provided in the credential."},
		"scope of another service":    {credential("%2Fs3%2F", "%2Fs4%2F"), 400, query, scope + `incorrect service "s4". This endpoint belongs to "s3".`},
		"scope with another end":      {credential("aws4_request", "aws5_request"), 400, query, scope + `incorrect terminal "aws5_request". This endpoint uses "aws4_request".`},
		"scope encoded twice":         {credential("%2F", "%252F"), 400, query, scope + shape},
		"another algorithm":           {replaceQuery(algorithm, "AWS4-HMAC-SHA1"), 400, query, `X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"`},
		"SigV4A":                      {replaceQuery(algorithm, algorithm4), 400, "InvalidRequest", "the local AWS doesn't verify SigV4A (AWS4-ECDSA-P256-SHA256); sign with AWS4-HMAC-SHA256"},
		"two versions":                {func(r *http.Request) { r.URL.RawQuery += "&Signature=c2ln" }, 400, "InvalidArgument", only},
		"version 2":                   {func(r *http.Request) { r.URL.RawQuery = "AWSAccessKeyId=AKIA&Signature=c2ln&Expires=1" }, 400, "InvalidRequest", version},
		"version 2 without expiry":    {func(r *http.Request) { r.URL.RawQuery = "AWSAccessKeyId=AKIA&Signature=c2ln" }, 403, "AccessDenied", "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"},
		"version 2 in the header":     {authorization("AWS AKIA:c2ln"), 400, "InvalidRequest", version},
		"header and version 2":        {func(r *http.Request) { authorization("AWS AKIA:c2ln")(r); r.URL.RawQuery = "Signature=c2ln" }, 400, "InvalidArgument", only},
		"header without a space":      {authorization(algorithm), 400, "InvalidArgument", "Authorization header is invalid -- one and only one ' ' (space) required"},
		"header of another kind":      {authorization("Bearer token"), 400, "InvalidArgument", "Unsupported Authorization Type"},
		"header of one component":     {authorization(algorithm + " Credential=x"), 400, "AuthorizationHeaderMalformed", header + "the authorization header requires three components: Credential, SignedHeaders, and Signature."},
		"header without date":         {func(r *http.Request) { ofKey("")(r); r.Header.Del("X-Amz-Date") }, 403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header"},
		"header of another shape":     {ofKey("/eu-west-1/s3/aws4_request"), 400, "AuthorizationHeaderMalformed", header + shape},
		"header of another day":       {ofKey("/20261121/eu-west-1/s3/aws4_request"), 400, "AuthorizationHeaderMalformed", header + "Invalid credential date. Date is not the same as X-Amz-Date."},
		"header of another Region":    {ofKey("/20261122/eu-west-9/s3/aws4_request"), 400, "AuthorizationHeaderMalformed", header + "the region 'eu-west-9' is wrong; expecting 'eu-west-1' or 'us-west-2'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := presign(t, s, aws.Credentials{AccessKeyID: longTerm, SecretAccessKey: "secret-1"}, testTime, nil)
			r := request(t, "GET", url, "")
			test.change(r)
			resp, body := do(t, c, r)
			code, message := between(body, "<Code>", "</Code>"), unescape(between(body, "<Message>", "</Message>"))
			if resp.StatusCode != test.status || code != test.code || message != test.message {
				t.Errorf("%d %s %q, want %d %s %q", resp.StatusCode, code, message, test.status, test.code, test.message)
			}
			if got, want := strings.Contains(body, "aws configure set default.s3.signature_version s3v4"), message == version; got != want {
				t.Errorf("the advice is there: %t, want %t", got, want)
			}
		})
	}
}

// unescape reads the references that encoding/xml writes.
func unescape(s string) string {
	return strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">").Replace(s)
}

// TestSkewNamesBothClocks: a client that sees them can tell which one is wrong.
func TestSkewNamesBothClocks(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	r := request(t, "GET", s.URL()+"/b/k", "")
	g := good("s3")
	g.time = testTime.Add(-skew - 1e9)
	g.sign(t, r, "")
	_, body := do(t, client(t, s), r)
	for name, want := range map[string]string{
		"RequestTime": "20261122T114459Z", "ServerTime": "2026-11-22T12:00:00Z", "MaxAllowedSkewMilliseconds": strconv.Itoa(900000),
	} {
		if got := between(body, "<"+name+">", "</"+name+">"); got != want {
			t.Errorf("%s %q, want %q", name, got, want)
		}
	}
}

// TestNoSignature: S3 takes a request with an empty Authorization header, or with
// parts of a signature only, for an anonymous one.
func TestNoSignature(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	for _, query := range []string{"", "?AWSAccessKeyId=AKIA", "?X-Amz-Signature=" + emptyHash} {
		r := request(t, "GET", s.URL()+"/b/k"+query, "")
		r.Header.Set("Authorization", "")
		resp, body := do(t, client(t, s), r)
		if got := resp.Header.Get("Echo-Caller"); got != "anonymous" {
			t.Errorf("%q: caller %q: %s", query, got, body)
		}
	}
}

// TestDateHeader: a signed request may have its time in Date.
//
// Source: S3 developer guide, RESTCommonRequestHeaders (Date, x-amz-date).
func TestDateHeader(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	for name, test := range map[string]struct {
		change func(http.Header)
		code   string
	}{
		"Date":                    {func(h http.Header) { h.Del("X-Amz-Date") }, ""},
		"of another time":         {func(h http.Header) { h.Del("X-Amz-Date"); h.Set("Date", "20261122T120001Z") }, "SignatureDoesNotMatch"},
		"too old":                 {func(h http.Header) { h.Del("X-Amz-Date"); h.Set("Date", "20261122T110000Z") }, "RequestTimeTooSkewed"},
		"Date in a form of mail":  {func(h http.Header) { h.Del("X-Amz-Date"); h.Set("Date", "Sun, 22 Nov 2026 12:00:00 GMT") }, "AccessDenied"},
		"X-Amz-Date in that form": {func(h http.Header) { h.Set("X-Amz-Date", "Sun, 22 Nov 2026 12:00:00 GMT") }, "AccessDenied"},
	} {
		r := request(t, "GET", s.URL()+"/b/k", "")
		g := good("s3")
		g.sign(t, r, "")
		a, fail := parseAuthorization(r, testTime)
		if fail != nil {
			t.Fatal(fail)
		}
		// The SDK signs X-Amz-Date too; a client with Date does not.
		a.signedHeaders = []string{"host", "x-amz-content-sha256"}
		r.Header.Set("Date", testTime.Format(timeForm))
		signature := mac(signingKey(g.secret, a), stringToSign(a, canonicalRequest(r, a, emptyHash)))
		r.Header.Set("Authorization", algorithm+" Credential="+longTerm+"/"+a.scope()+",SignedHeaders=host;x-amz-content-sha256,Signature="+hex.EncodeToString(signature))
		test.change(r.Header)
		resp, body := do(t, client(t, s), r)
		if got := between(body, "<Code>", "</Code>"); got != test.code || test.code == "" && resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %s %s, want %q", name, resp.Status, body, test.code)
		}
	}
	r := request(t, "GET", s.URL()+"/b/k", "")
	r.Header.Set("Date", "Sun, 22 Nov 2026 11:00:00 GMT")
	good("s3").sign(t, r, "")
	if resp, body := do(t, client(t, s), r); resp.StatusCode != http.StatusOK {
		t.Errorf("of two dates, X-Amz-Date counts: %s %s", resp.Status, body)
	}
}
