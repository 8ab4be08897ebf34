package server

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// parseHeader reads an Authorization header. The time is that of X-Amz-Date or, if
// the request has none, of Date in the same form.
//
// Source: S3 developer guide, RESTCommonRequestHeaders (Date, x-amz-date).
func parseHeader(r *http.Request, text string, now time.Time) (*authorization, *refusal) {
	name, rest, ok := strings.Cut(text, " ")
	switch scheme := strings.ToUpper(name); {
	case !ok:
		return nil, &refusal{fault: invalidHeader, detail: argument(text),
			message: "Authorization header is invalid -- one and only one ' ' (space) required"}
	case scheme == "AWS":
		return nil, signatureVersion2()
	case scheme == algorithm4:
		return nil, signatureVersion4A()
	case scheme != algorithm:
		return nil, &refusal{fault: invalidHeader, detail: argument(text), message: "Unsupported Authorization Type"}
	}
	a := &authorization{token: r.Header.Get("X-Amz-Security-Token"), timeText: cmp.Or(r.Header.Get("X-Amz-Date"), r.Header.Get("Date"))}
	fields := map[string]string{}
	whole := true
	for part := range strings.SplitSeq(rest, ",") {
		k, v, ok := strings.Cut(strings.TrimSpace(part), "=")
		_, twice := fields[k]
		whole = whole && ok && !twice
		fields[k] = v
	}
	a.service = serviceOf(fields["Credential"])
	var err error
	if a.time, err = time.Parse(timeForm, a.timeText); err != nil {
		return a, &refusal{fault: missingDate}
	}
	if fail := checkSkew(a, now); fail != nil {
		return a, fail
	}
	if !whole || fields["Credential"] == "" || fields["SignedHeaders"] == "" || fields["Signature"] == "" {
		return a, a.malformed("the authorization header requires three components: Credential, SignedHeaders, and Signature.")
	}
	return a, a.fill(fields["Credential"], fields["SignedHeaders"], fields["Signature"])
}

// checkSkew compares the time of a signed header with the clock.
func checkSkew(a *authorization, now time.Time) *refusal {
	nowText := now.UTC().Format(timeForm)
	fail := &refusal{fault: skewedTime, detail: map[string]string{
		"RequestTime": a.timeText, "ServerTime": now.UTC().Format(time.RFC3339), "MaxAllowedSkewMilliseconds": fmt.Sprint(skew.Milliseconds()),
	}}
	switch {
	case now.Sub(a.time) > skew:
		fail.message = fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - 15 min.)",
			a.timeText, now.Add(-skew).UTC().Format(timeForm), nowText)
	case a.time.Sub(now) > skew:
		fail.message = fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + 15 min.)",
			a.timeText, now.Add(skew).UTC().Format(timeForm), nowText)
	default:
		return nil
	}
	return fail
}
