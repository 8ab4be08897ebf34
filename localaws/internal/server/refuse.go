package server

import (
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// fault is a kind of refusal. Each family of services has its own status, code
// and words for it.
type fault int

const (
	malformedSignature fault = iota
	malformedQuery
	incompleteQuery2
	invalidHeader
	missingDate
	ambiguousSignature
	unsupportedSignature
	missingSignature
	unknownKey
	wrongToken
	expiredToken
	expiredURL
	skewedTime
	unsignedHeader
	badPayload
	wrongSignature
	headerTooLarge // this and the next: S3 only
	virtualHost
	noService
	broken
)

// refusal is why the front door refuses a request. Code and message, where
// they are set, come before those of the table.
type refusal struct {
	fault         fault
	code, message string
	detail        map[string]string // S3 only
	cause         string            // for the log
}

func malformed(format string, args ...any) *refusal {
	return &refusal{fault: malformedSignature, message: fmt.Sprintf(format, args...)}
}

func malformedQueryf(format string, args ...any) *refusal {
	return &refusal{fault: malformedQuery, message: fmt.Sprintf(format, args...)}
}

type words struct {
	status        int
	code, message string
}

const (
	invalidToken    = "The security token included in the request is invalid."
	expired         = "The security token included in the request is expired"
	checkYourKey    = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	notASigned      = "an x-amz-* header of the request is not a 'SignedHeader' in the AWS Authorization."
	onlyOneAuth     = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified"
	missingAuth     = "Request is missing Authentication Token"
	internalFailure = "The request processing has failed because of an unknown error, exception or failure."
	contradiction   = "the request's body is not what its signature covers"
	queryAuth2      = "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
	missingXDate    = "AWS authentication requires a valid Date or x-amz-date header"
)

// The tables are indexed by fault.
//
// Sources: S3 API reference, ErrorResponses; IAM, KMS and Lambda API
// references, CommonErrors; real answers quoted in issues of the AWS SDKs.
// 403 or 400 for JSON services: the KMS reference says 403 for some of them,
// the services answer 400 to all, as JSON 1.1 does for every client error.
var vocabulary = map[protocol][broken + 1]words{
	restXML: {
		malformedSignature:   {400, "AuthorizationHeaderMalformed", ""},
		malformedQuery:       {400, "AuthorizationQueryParametersError", ""},
		incompleteQuery2:     {403, "AccessDenied", queryAuth2},
		invalidHeader:        {400, "InvalidArgument", ""},
		missingDate:          {403, "AccessDenied", missingXDate},
		ambiguousSignature:   {400, "InvalidArgument", onlyOneAuth},
		unsupportedSignature: {400, "InvalidRequest", ""},
		missingSignature:     {403, "AccessDenied", "Access Denied"},
		unknownKey:           {403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."},
		wrongToken:           {400, "InvalidToken", "The provided token is malformed or otherwise invalid."},
		expiredToken:         {400, "ExpiredToken", "The provided token has expired."},
		expiredURL:           {403, "AccessDenied", ""},
		skewedTime:           {403, "RequestTimeTooSkewed", ""},
		unsignedHeader:       {403, "AccessDenied", "There were headers present in the request which were not signed"},
		badPayload:           {400, "", ""},
		wrongSignature:       {403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method."},
		headerTooLarge:       {400, "RequestHeaderSectionTooLarge", "Your request header section exceeds the maximum allowed size."},
		virtualHost:          {400, "InvalidHostHeader", ""},
		noService:            {501, "NotImplemented", ""},
		broken:               {500, "InternalError", "We encountered an internal error. Please try again."},
	},
	query: {
		malformedSignature:   {403, "IncompleteSignature", ""},
		malformedQuery:       {403, "IncompleteSignature", ""},
		incompleteQuery2:     {403, "IncompleteSignature", queryAuth2},
		invalidHeader:        {403, "IncompleteSignature", ""},
		missingDate:          {403, "IncompleteSignature", missingXDate},
		ambiguousSignature:   {403, "IncompleteSignature", onlyOneAuth},
		unsupportedSignature: {403, "IncompleteSignature", ""},
		missingSignature:     {403, "MissingAuthenticationToken", missingAuth},
		unknownKey:           {403, "InvalidClientTokenId", invalidToken},
		wrongToken:           {403, "InvalidClientTokenId", invalidToken},
		expiredToken:         {403, "ExpiredToken", expired},
		expiredURL:           {403, "SignatureDoesNotMatch", ""},
		skewedTime:           {403, "SignatureDoesNotMatch", ""},
		unsignedHeader:       {403, "SignatureDoesNotMatch", notASigned},
		badPayload:           {403, "SignatureDoesNotMatch", contradiction},
		wrongSignature:       {403, "SignatureDoesNotMatch", checkYourKey},
		noService:            {400, "InvalidAction", ""},
		broken:               {500, "InternalFailure", internalFailure},
	},
	jsonRPC:  jsonWords(400),
	restJSON: jsonWords(403),
	rpcCBOR:  jsonWords(400),
}

func jsonWords(status int) [broken + 1]words {
	return [broken + 1]words{
		malformedSignature:   {status, "IncompleteSignatureException", ""},
		malformedQuery:       {status, "IncompleteSignatureException", ""},
		incompleteQuery2:     {status, "IncompleteSignatureException", queryAuth2},
		invalidHeader:        {status, "IncompleteSignatureException", ""},
		missingDate:          {status, "IncompleteSignatureException", missingXDate},
		ambiguousSignature:   {status, "IncompleteSignatureException", onlyOneAuth},
		unsupportedSignature: {status, "IncompleteSignatureException", ""},
		missingSignature:     {status, "MissingAuthenticationTokenException", missingAuth},
		unknownKey:           {status, "UnrecognizedClientException", invalidToken},
		wrongToken:           {status, "UnrecognizedClientException", invalidToken},
		expiredToken:         {status, "ExpiredTokenException", expired},
		expiredURL:           {status, "InvalidSignatureException", ""},
		skewedTime:           {status, "InvalidSignatureException", ""},
		unsignedHeader:       {status, "InvalidSignatureException", notASigned},
		badPayload:           {status, "InvalidSignatureException", contradiction},
		wrongSignature:       {status, "InvalidSignatureException", checkYourKey},
		noService:            {404, "UnknownOperationException", ""},
		broken:               {500, "InternalFailure", internalFailure},
	}
}

// refusalError is a refusal in the words of the service's protocol.
func refusalError(p protocol, f *refusal) *api.Error {
	answer := vocabulary[p][f.fault]
	if answer.code == "" || p == restXML && f.code != "" {
		answer.code = f.code
	}
	if f.message != "" {
		answer.message = f.message
	}
	if p == restXML && f.fault == skewedTime {
		answer.message = "The difference between the request time and the current time is too large."
	}
	e := &api.Error{Status: answer.status, Code: answer.code, Message: answer.message, Cause: f.cause}
	if p == restXML {
		e.Detail = f.detail
	}
	return e
}

// refuse writes a refusal in the form of the service's protocol.
func refuse(w http.ResponseWriter, r *http.Request, p protocol, c api.Call, f *refusal) {
	announce(w, p, c.RequestID)
	e := refusalError(p, f)
	c.Trace.Answered("", e)
	switch p {
	case restXML:
		writeS3Error(w, r, c.RequestID, e)
	case query:
		api.WriteQueryError(w, c.RequestID, "", e)
	case jsonRPC:
		api.WriteJSONError(w, e)
	case restJSON:
		api.WriteRESTError(w, e)
	case rpcCBOR:
		api.WriteCBORError(w, c, e)
	}
}

func writeS3Error(w http.ResponseWriter, r *http.Request, requestID string, e *api.Error) {
	type element struct {
		XMLName xml.Name
		Text    string `xml:",chardata"`
	}
	elements := []element{{xml.Name{Local: "Code"}, e.Code}, {xml.Name{Local: "Message"}, e.Message}}
	for _, name := range slices.Sorted(maps.Keys(e.Detail)) {
		elements = append(elements, element{xml.Name{Local: name}, e.Detail[name]})
	}
	elements = append(elements, element{xml.Name{Local: "RequestId"}, requestID}, element{xml.Name{Local: "HostId"}, hostID})
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(e.Status)
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write([]byte(xml.Header))
	_ = xml.NewEncoder(w).Encode(struct {
		XMLName xml.Name `xml:"Error"`
		Content []element
	}{Content: elements})
}
