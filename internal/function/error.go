// Package function is what all Lambda functions have in common: failures with a
// type, and an answer before the function's own timeout.
package function

import (
	"fmt"
	"slices"
	"strings"
)

// A Type names a kind of failure. It is the errorType of the function's answer,
// which Step Functions matches in ErrorEquals.
type Type string

// The types. Those of the last group may pass: the same call is worth another
// try later.
const (
	BadRequest      Type = "S3Seal.BadRequest"      // the event, or what it asks of S3
	PayloadTooLarge Type = "S3Seal.PayloadTooLarge" // more bytes than the function moves at once
	Conflict        Type = "S3Seal.Conflict"        // createOnly or ifMatch does not hold
	ObjectNotFound  Type = "S3Seal.ObjectNotFound"  // no such object or version, or a delete marker
	ObjectNotSSEC   Type = "S3Seal.ObjectNotSSEC"   // the function reads SSE-C objects, and this is none
	NoMatchingKey   Type = "S3Seal.NoMatchingKey"   // no key of the ring opens the object

	BadConfig          Type = "S3Seal.BadConfig"          // the function's environment
	BadSecret          Type = "S3Seal.BadSecret"          // the secret is no key ring
	SecretNotFound     Type = "S3Seal.SecretNotFound"     // no such secret, or it is being deleted
	SecretAccessDenied Type = "S3Seal.SecretAccessDenied" // no right to the secret or to its KMS key
	AccessDenied       Type = "S3Seal.AccessDenied"       // no right to the object, bucket or KMS key
	SSECBlocked        Type = "S3Seal.SSECBlocked"        // the bucket refuses every SSE-C upload
	KMSKeyUnusable     Type = "S3Seal.KMSKeyUnusable"     // the KMS key is disabled, being deleted, or missing
	Internal           Type = "S3Seal.Internal"           // anything else

	Throttled   Type = "S3Seal.Throttled"   // S3, KMS or Secrets Manager asks to slow down
	Timeout     Type = "S3Seal.Timeout"     // half a second before the function's own timeout
	Unavailable Type = "S3Seal.Unavailable" // a connection, or a 5xx answer
)

// MayPass reports whether the same call is worth another try later.
func (t Type) MayPass() bool { return t == Throttled || t == Timeout || t == Unavailable }

// An Error is a failure with its type. Its text holds no key and no secret, for
// the Lambda runtime writes it to the log.
type Error struct {
	Type Type
	Text string
	Err  error // the cause, may be nil; not part of the text
}

func (e *Error) Error() string { return e.Text }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// maxQuoted is how many bytes of a text an Error quotes: an event may have
// millions of them, which nobody reads and the log would keep.
const maxQuoted = 1000

// Errorf returns an Error. cause may be nil, and is not part of the text. Strings
// among args are cut at maxQuoted bytes.
func Errorf(t Type, cause error, format string, args ...any) *Error {
	args = slices.Clone(args)
	for i, arg := range args {
		if s, ok := arg.(string); ok && len(s) > maxQuoted {
			args[i] = strings.ToValidUTF8(s[:maxQuoted], "") + "…"
		}
	}
	return &Error{t, fmt.Sprintf(format, args...), cause}
}
