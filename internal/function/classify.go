package function

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/ssec"
)

// An AWSAnswer is what AWS answered to a failed call; its fields are zero when
// there was no answer. Nothing promises that Message never repeats a header, so
// it is not for logs.
type AWSAnswer struct {
	Status    int
	Code      string
	Message   string
	RequestID string
}

// AnswerOf returns what AWS answered, if err is of a call.
func AnswerOf(err error) AWSAnswer {
	var a AWSAnswer
	var api smithy.APIError
	if errors.As(err, &api) {
		a.Code, a.Message = api.ErrorCode(), api.ErrorMessage()
	}
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) {
		a.Status = response.HTTPStatusCode()
	}
	var withID interface{ ServiceRequestID() string }
	if errors.As(err, &withID) {
		a.RequestID = withID.ServiceRequestID()
	}
	return a
}

// Classify gives err, which came from what (as "putting the object"), its type.
// An *Error stays as it is.
func Classify(ctx context.Context, what string, err error) *Error {
	var typed *Error
	if errors.As(err, &typed) {
		return typed
	}
	var badSecret *ssec.BadSecretError
	if errors.As(err, &badSecret) {
		return &Error{BadSecret, badSecret.Error(), err}
	}
	if errors.Is(err, awsclient.ErrNotTLS) {
		return &Error{BadConfig, what + ": " + awsclient.ErrNotTLS.Error(), err}
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || ctx.Err() != nil {
		if last := awsclient.LastAttempt(ctx); last != nil {
			if t := typeOf(last); t == Throttled || t == Unavailable {
				return &Error{t, what + ": no time left for another try; at the last, " + Describe(last), last}
			}
		}
		return &Error{Timeout, what + ": no time left", err}
	}
	return &Error{typeOf(err), what + ": " + Describe(err), err}
}

// typeOf is the type of an error of an AWS call that is not about time.
func typeOf(err error) Type {
	a := AnswerOf(err)
	switch {
	case awsclient.Untrusted(err):
		return BadConfig
	case awsclient.Throttled(err):
		return Throttled
	case awsclient.Disturbed(err):
		return Unavailable
	}
	var operation *smithy.OperationError
	if errors.As(err, &operation) && operation.Service() == secretsmanager.ServiceID {
		switch a.Code {
		case "AccessDeniedException", "DecryptionFailure":
			return SecretAccessDenied
		case "ResourceNotFoundException", "InvalidRequestException":
			return SecretNotFound // InvalidRequest: "marked for deletion"
		}
	}
	if strings.HasPrefix(a.Code, "KMS.") {
		return KMSKeyUnusable
	}
	switch a.Code {
	case "NoSuchBucket", "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException":
		return BadConfig
	case "NoSuchKey", "NoSuchVersion", "NotFound", "MethodNotAllowed":
		return ObjectNotFound // MethodNotAllowed: the version is a delete marker
	case "PreconditionFailed", "ConditionalRequestConflict":
		return Conflict
	case "InvalidRange", "InvalidArgument", "KeyTooLongError", "InvalidRequest", "InvalidURI", "InvalidTag", "MetadataTooLarge", "RequestHeaderSectionTooLarge", "InvalidObjectState":
		return BadRequest // InvalidObjectState: archived, restore it first
	case "ExpiredToken", "InvalidToken", "ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException", "IncompleteSignature":
		return AccessDenied // the credentials; the last four are Secrets Manager's words
	}
	switch a.Status {
	case http.StatusForbidden, http.StatusUnauthorized:
		return AccessDenied
	}
	return Internal
}

// Describe says what AWS answered. Its own message is left out, for nothing
// promises that it never repeats a header, but for what a denial says.
func Describe(err error) string {
	a := AnswerOf(err)
	switch {
	case awsclient.Untrusted(err):
		return "the endpoint's certificate does not verify (AWS_CA_BUNDLE)"
	case a.Status >= 200 && a.Status < 300 && a.Code == "":
		return fmt.Sprintf("AWS's answer broke off, or could not be read (status %d, request id %s)", a.Status, a.RequestID)
	case a.Code != "" || a.Status != 0:
		return fmt.Sprintf("AWS answered %s (status %d, request id %s)%s", a.Code, a.Status, a.RequestID, denial(a))
	case awsclient.Disturbed(err):
		return "no connection, or it broke"
	}
	return "the request could not be made or read"
}
