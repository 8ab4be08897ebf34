package api

import (
	"errors"
	"fmt"
	"net/http"
)

// Error is an answer of a service that is not a success. The protocol code of
// each service writes it in the service's own form (XML or JSON).
type Error struct {
	Status  int    // HTTP status
	Code    string // "AccessDenied"
	Message string
	// Detail holds further members of the error body, such as Key or
	// BucketName of S3's errors.
	Detail map[string]string
	// Cause says more in the log; the client does not get it.
	Cause string
	// Routine is an answer by which clients learn what is there: the log has no
	// entry for it.
	Routine bool
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Code, e.Message) }

// Errorf makes an Error.
func Errorf(status int, code, format string, args ...any) *Error {
	return &Error{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// AsError is the *Error in err, or an InternalFailure that shows its text.
func AsError(err error) *Error {
	var x *Error
	if errors.As(err, &x) {
		return x
	}
	return Errorf(http.StatusInternalServerError, "InternalFailure", "%v", err)
}

// HasCode says whether err is an *Error with this code.
func HasCode(err error, code string) bool {
	var x *Error
	return errors.As(err, &x) && x.Code == code
}

// Ignore is err, or nil if it has this code: what Delete makes of a resource
// that is gone already.
func Ignore(err error, code string) error {
	if HasCode(err, code) {
		return nil
	}
	return err
}

// At is err with the property of a template in front of its message.
func At(property string, err error) *Error {
	e := *AsError(err)
	e.Message = property + ": " + e.Message
	return &e
}
