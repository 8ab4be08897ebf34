package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// malformed words a refusal of the signature as S3 does for where it stands.
func (a *authorization) malformed(format string, args ...any) *refusal {
	if a.presigned {
		return malformedQueryf("Error parsing the X-Amz-Credential parameter; "+format, args...)
	}
	return malformed("The authorization header is malformed; "+format, args...)
}

// serviceOf is the service that a credential names, "" if none: a refusal is
// worded in its protocol, whatever else is wrong.
func serviceOf(credential string) string {
	if parts := strings.Split(credential, "/"); len(parts) == 5 {
		return parts[3]
	}
	return ""
}

// readCredential reads ACCESS_KEY/DATE/REGION/SERVICE/aws4_request.
func (a *authorization) readCredential(credential string) *refusal {
	parts := strings.Split(credential, "/")
	switch {
	case len(parts) != 5 || parts[0] == "":
		return a.malformed(`the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`)
	case parts[2] == "":
		return a.malformed("a non-empty region must be provided in the credential.")
	case parts[4] != "aws4_request":
		return a.malformed(`incorrect terminal "%s". This endpoint uses "aws4_request".`, parts[4])
	}
	a.accessKey, a.date, a.region, a.service = parts[0], parts[1], parts[2], parts[3]
	day := a.timeText[:8] // its form is checked
	switch {
	case a.date == day:
		return nil
	case a.presigned:
		return malformedQueryf(`Invalid credential date "%s". This date is not the same as X-Amz-Date: "%s".`, a.date, day)
	}
	return a.malformed("Invalid credential date. Date is not the same as X-Amz-Date.")
}

// checkScope refuses Regions that this AWS doesn't have. IAM is global and
// signs for us-east-1, and so does STS at its old global endpoint.
//
// S3 adds the right Region as a member of its error, and SDKs go on there. Here
// that would be another Region than the caller's settings say, without a word.
func (s *Server) checkScope(a *authorization, r *http.Request) *refusal {
	global := (a.service == "iam" || a.service == "sts") && a.region == "us-east-1"
	if !global && !slices.Contains(s.options.Regions, a.region) {
		return a.malformed("the region '%s' is wrong; expecting '%s'", a.region, strings.Join(s.options.Regions, "' or '"))
	}
	switch {
	case s.options.Services[a.service] != nil && a.service != controlService:
		return nil
	case a.presigned && protocolOf(a.service, r) == restXML:
		return a.malformed(`incorrect service "%s". This endpoint belongs to "s3".`, a.service)
	}
	return &refusal{fault: noService, message: fmt.Sprintf("the local AWS has no service %q", a.service)}
}
