package server

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	algorithm4 = "AWS4-ECDSA-P256-SHA256" // SigV4A
	timeForm   = "20060102T150405Z"
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
// presigned URL; nil if the request has neither.
//
// Source: IAM user guide, reference_sigv-create-signed-request; S3 API
// reference, sigv4-auth-using-authorization-header and sigv4-query-string-auth.
func parseAuthorization(r *http.Request) (*authorization, *refusal) {
	header := r.Header.Values("Authorization")
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, &refusal{fault: malformedSignature, message: "the query string is not well-formed: " + err.Error()}
	}
	presigned := query.Has("X-Amz-Algorithm") || query.Has("X-Amz-Signature")
	switch {
	case query.Has("AWSAccessKeyId") && query.Has("Signature"): // presigned with Signature Version 2
		return nil, checkAlgorithm("AWS")
	case len(header) == 0 && !presigned:
		return nil, nil
	case len(header) > 1 || len(header) == 1 && presigned:
		return nil, &refusal{fault: ambiguousSignature}
	case presigned:
		return parseQuery(query)
	}
	return parseHeader(r, header[0])
}

func parseHeader(r *http.Request, text string) (*authorization, *refusal) {
	name, rest, _ := strings.Cut(text, " ")
	if fail := checkAlgorithm(name); fail != nil {
		return nil, fail
	}
	fields := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		k, v, ok := strings.Cut(strings.TrimSpace(part), "=")
		if _, twice := fields[k]; !ok || twice {
			return nil, malformed("the Authorization header is not of the form %s Credential=..., SignedHeaders=..., Signature=...", algorithm)
		}
		fields[k] = v
	}
	a := &authorization{token: r.Header.Get("X-Amz-Security-Token"), timeText: r.Header.Get("X-Amz-Date")}
	return a, a.fill(fields["Credential"], fields["SignedHeaders"], fields["Signature"])
}

func parseQuery(query url.Values) (*authorization, *refusal) {
	for k, v := range query {
		if strings.HasPrefix(k, "X-Amz-") && len(v) > 1 {
			return nil, malformed("the query has %s twice", k)
		}
	}
	if fail := checkAlgorithm(query.Get("X-Amz-Algorithm")); fail != nil {
		return nil, fail
	}
	seconds, err := strconv.Atoi(query.Get("X-Amz-Expires"))
	if err != nil || seconds < 1 || seconds > 604800 {
		return nil, &refusal{fault: malformedQuery, message: "X-Amz-Expires must be a number of seconds from 1 to 604800 (a week)"}
	}
	a := &authorization{
		presigned: true,
		expires:   time.Duration(seconds) * time.Second,
		token:     query.Get("X-Amz-Security-Token"),
		timeText:  query.Get("X-Amz-Date"),
	}
	return a, a.fill(query.Get("X-Amz-Credential"), query.Get("X-Amz-SignedHeaders"), query.Get("X-Amz-Signature"))
}

func checkAlgorithm(name string) *refusal {
	switch {
	case name == algorithm:
		return nil
	case name == algorithm4:
		return &refusal{fault: unsupportedSignature, message: "the local AWS doesn't verify SigV4A (" + algorithm4 + "); sign with " + algorithm}
	}
	return &refusal{fault: unsupportedSignature, message: "The authorization mechanism you have provided is not supported. Please use " + algorithm + "."}
}

// fill checks and sets the parts that header and query share.
func (a *authorization) fill(credential, headers, signature string) *refusal {
	parts := strings.Split(credential, "/")
	if len(parts) != 5 || parts[0] == "" || parts[4] != "aws4_request" {
		return malformed("the credential %q is not of the form ACCESS_KEY/YYYYMMDD/REGION/SERVICE/aws4_request", credential)
	}
	a.accessKey, a.date, a.region, a.service = parts[0], parts[1], parts[2], parts[3]
	t, err := time.Parse(timeForm, a.timeText)
	if err != nil {
		return malformed("X-Amz-Date %q is not of the form YYYYMMDDTHHMMSSZ", a.timeText)
	}
	if a.time = t; a.timeText[:8] != a.date {
		return malformed("the credential's date %s is not the day of X-Amz-Date %s", a.date, a.timeText)
	}
	a.signedHeaders = strings.Split(headers, ";")
	if !slices.IsSorted(a.signedHeaders) || headers != strings.ToLower(headers) {
		return malformed("SignedHeaders %q is not sorted and in lower case", headers)
	}
	if !slices.Contains(a.signedHeaders, "host") {
		return malformed("'Host' must be a 'SignedHeader' in the AWS Authorization.")
	}
	if a.signature = signature; len(signature) != 64 {
		return malformed("the signature is not 64 hexadecimal digits")
	}
	return nil
}
