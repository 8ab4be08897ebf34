package awsclient

import (
	"crypto/tls"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Throttled reports whether AWS asks to slow down: S3, Secrets Manager, or KMS
// through one of them, whose codes begin with "KMS." there.
func Throttled(err error) bool {
	c := code(err)
	_, known := retry.DefaultThrottleErrorCodes[c]
	return known || status(err) == http.StatusTooManyRequests || strings.Contains(c, "Throttling")
}

// disturbances are the codes, without "KMS.", of what another try may not meet
// again, whatever their status.
//
//   - BadDigest, IncompleteBody, RequestTimeout: the body changed or got lost on
//     its way. The function computed the checksum from what it sends.
//   - TemporaryRedirect, Redirect: a bucket was just made elsewhere. No redirect
//     is followed, since it would send the key along, and it ends when DNS knows.
//   - OperationAborted: another operation is at work on the resource.
//   - InternalError: also within a 200, of a copy.
//   - the last: the errors of KMS that it says to retry.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html
// https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
var disturbances = []string{
	"BadDigest", "IncompleteBody", "RequestTimeout", "RequestTimeoutException", "TemporaryRedirect", "Redirect",
	"OperationAborted", "InternalError", "ServiceUnavailable",
	"DependencyTimeoutException", "KeyUnavailableException", "KMSInternalException",
}

// Disturbed reports whether a connection broke, or AWS failed in a way that may
// pass.
func Disturbed(err error) bool {
	c, s := strings.TrimPrefix(code(err), "KMS."), status(err)
	switch {
	case Untrusted(err), errors.Is(err, ErrNotTLS):
		return false
	case slices.Contains(disturbances, c), s >= 500, s == http.StatusTemporaryRedirect:
		return true
	case s == 0:
		var send *smithyhttp.RequestSendError
		return errors.As(err, &send)
	}
	// An answer that broke off, or was none: AWS did what was asked, and all
	// that is asked here may be asked again.
	return c == "" && s < 300
}

// Untrusted reports whether the endpoint's certificate did not verify, which no
// later try changes.
func Untrusted(err error) bool {
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &certificate)
}

func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

func status(err error) int {
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) {
		return response.HTTPStatusCode()
	}
	return 0
}
