package api

import "fmt"

// Error is an answer of a service that is not a success. The protocol code of
// each service writes it in the service's own form (XML or JSON).
type Error struct {
	Status  int    // HTTP status
	Code    string // "AccessDenied"
	Message string
	// Detail holds further members of the error body, such as Key or
	// BucketName of S3's errors.
	Detail map[string]string
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Code, e.Message) }

// Errorf makes an Error.
func Errorf(status int, code, format string, args ...any) *Error {
	return &Error{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// At is err with the property of a template in front of its message.
func At(property string, err error) *Error {
	e := *AsError(err)
	e.Message = property + ": " + e.Message
	return &e
}
