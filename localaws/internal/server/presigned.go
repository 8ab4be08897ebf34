package server

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// week is the longest time that a presigned URL is good for.
const week = 7 * 24 * time.Hour

var queryParameters = []string{"X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Expires"}

// parseQuery reads the query of a presigned URL.
func parseQuery(query url.Values, now time.Time) (*authorization, *refusal) {
	for k, v := range query {
		if strings.HasPrefix(k, "X-Amz-") && len(v) > 1 {
			return nil, malformed("the query has %s twice", k)
		}
	}
	a := &authorization{
		presigned: true,
		service:   serviceOf(query.Get("X-Amz-Credential")),
		token:     query.Get("X-Amz-Security-Token"),
		timeText:  query.Get("X-Amz-Date"),
	}
	switch query.Get("X-Amz-Algorithm") {
	case algorithm:
	case algorithm4:
		return a, signatureVersion4A()
	default:
		return a, malformedQueryf(`X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"`)
	}
	for _, name := range queryParameters {
		if !query.Has(name) {
			return a, malformedQueryf("Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.")
		}
	}
	var err error
	if a.time, err = time.Parse(timeForm, a.timeText); err != nil {
		return a, malformedQueryf(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`)
	}
	if fail := a.readExpiry(query.Get("X-Amz-Expires"), now); fail != nil {
		return a, fail
	}
	return a, a.fill(query.Get("X-Amz-Credential"), query.Get("X-Amz-SignedHeaders"), query.Get("X-Amz-Signature"))
}

// readExpiry reads X-Amz-Expires and compares it with the clock. The documented
// minimum is 1; what S3 makes of 0 is not documented, and here it is always over.
func (a *authorization) readExpiry(text string, now time.Time) *refusal {
	seconds, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil && !errors.Is(err, strconv.ErrRange):
		return malformedQueryf("X-Amz-Expires should be a number")
	case seconds < 0:
		return malformedQueryf("X-Amz-Expires must be non-negative")
	case seconds > int64(week/time.Second):
		return malformedQueryf("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds")
	}
	a.expires = time.Duration(seconds) * time.Second
	end := a.time.Add(a.expires)
	fail := &refusal{fault: expiredURL, detail: map[string]string{
		"Expires": end.Format(time.RFC3339), "ServerTime": now.UTC().Format(time.RFC3339),
	}}
	switch {
	case a.time.After(now.Add(skew)):
		fail.message = "Request is not yet valid"
		fail.detail["X-Amz-Date"] = strconv.FormatInt(a.time.UnixMilli(), 10)
	case now.After(end) || seconds == 0:
		fail.message = "Request has expired"
		fail.detail["X-Amz-Expires"] = text
	default:
		return nil
	}
	return fail
}
