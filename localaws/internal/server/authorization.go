package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	algorithm4 = "AWS4-ECDSA-P256-SHA256" // SigV4A
	timeForm   = "20060102T150405Z"

	// skew is how far the clocks of client and AWS may be apart.
	skew = 15 * time.Minute
)

// authorization is what a request says about its signature.
type authorization struct {
	accessKey             string
	date, region, service string // credential scope
	signedHeaders         []string
	signature             string
	token                 string
	time                  time.Time
	timeText              string
	presigned             bool
	expires               time.Duration // of presigned requests
}

func (a *authorization) scope() string {
	return a.date + "/" + a.region + "/" + a.service + "/aws4_request"
}

// parseAuthorization reads the Authorization header or the query of a
// presigned URL; nil if the request has neither. What comes back with a refusal
// may hold the service. An empty header is none, and so is a query without
// X-Amz-Algorithm.
//
// What it refuses, it refuses in S3's order: the clock before the credential.
//
// Source: IAM user guide, reference_sigv-create-signed-request; S3 developer
// guide, sigv4-auth-using-authorization-header and sigv4-query-string-auth. The
// order, and words that no page has, are those that public test suites recorded
// of S3.
func parseAuthorization(r *http.Request, now time.Time) (*authorization, *refusal) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, &refusal{fault: malformedSignature, message: "the query string is not well-formed: " + err.Error()}
	}
	header := slices.DeleteFunc(slices.Clone(r.Header.Values("Authorization")), func(s string) bool { return s == "" })
	presigned, version2 := query.Has("X-Amz-Algorithm"), query.Has("Signature")
	switch {
	case len(header) > 1, len(header) == 1 && (presigned || version2), presigned && version2:
		return nil, &refusal{fault: ambiguousSignature, detail: argument(strings.Join(header, ", "))}
	case presigned:
		return parseQuery(query, now)
	case version2 && query.Has("AWSAccessKeyId") && query.Has("Expires"):
		return nil, signatureVersion2()
	case version2:
		return nil, &refusal{fault: incompleteQuery2}
	case len(header) == 1:
		return parseHeader(r, header[0], now)
	}
	return nil, nil
}

// argument is the header as S3's InvalidArgument names it.
func argument(value string) map[string]string {
	detail := map[string]string{"ArgumentName": "Authorization"}
	if value != "" {
		detail["ArgumentValue"] = value
	}
	return detail
}

// signatureVersion2 refuses it as the Regions do that never had it. S3 still
// accepts it in some older ones; no SDK of today makes it, but for the presigned
// URLs of the AWS CLI 1 and boto3.
//
// Source: S3 developer guide, specify-signature-version.
func signatureVersion2() *refusal {
	return &refusal{
		fault:   unsupportedSignature,
		message: "The authorization mechanism you have provided is not supported. Please use " + algorithm + ".",
		detail: map[string]string{
			"Advice": "version 1 of the AWS CLI presigns with it after: aws configure set default.s3.signature_version s3v4",
		},
	}
}

func signatureVersion4A() *refusal {
	return &refusal{fault: unsupportedSignature, message: "the local AWS doesn't verify SigV4A (" + algorithm4 + "); sign with " + algorithm}
}

// fill checks and sets the parts that header and query share.
func (a *authorization) fill(credential, headers, signature string) *refusal {
	if fail := a.readCredential(credential); fail != nil {
		return fail
	}
	a.signedHeaders = strings.Split(headers, ";")
	switch {
	case !slices.IsSorted(a.signedHeaders) || headers != strings.ToLower(headers):
		return a.malformed("SignedHeaders %q is not sorted and in lower case", headers)
	case !slices.Contains(a.signedHeaders, "host"):
		return a.malformed("'Host' must be a 'SignedHeader' in the AWS Authorization.")
	case len(signature) != 64:
		return a.malformed("the signature is not 64 hexadecimal digits")
	}
	a.signature = signature
	return nil
}
