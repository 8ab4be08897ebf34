package cfn

import (
	"errors"
	"fmt"
)

// Error says that a template is wrong: CloudFormation would refuse it too.
type Error struct {
	Stack  string // stack name, or ""
	Path   string // e.g. "Resources.Bucket.Properties.Tags[0].Value"
	Reason string

	// Keys lead to the entry that Mappings lack, where that is what is wrong:
	// another account, Region or parameter may have one.
	Keys []string
}

func (e *Error) Error() string { return located(e.Stack, e.Path, e.Reason) }

// UnknownError says that a value can't be known from what is given. The
// template itself may be right.
type UnknownError struct {
	Stack  string // stack name, or ""
	Path   string // as in Error
	Reason string
}

func (e *UnknownError) Error() string { return located(e.Stack, e.Path, "unknown: "+e.Reason) }

// IsUnknown tells whether err is, or wraps, an UnknownError.
func IsUnknown(err error) bool {
	var unknown *UnknownError
	return errors.As(err, &unknown)
}

func located(stack, path, reason string) string {
	switch {
	case stack != "" && path != "":
		return stack + ": " + path + ": " + reason
	case stack != "" || path != "":
		return stack + path + ": " + reason
	}
	return reason
}

// Errorf is an Error at a place of the evaluator's stack.
func (e *Evaluator) Errorf(at *Path, format string, args ...any) error {
	return &Error{Stack: e.stack.Name, Path: at.String(), Reason: fmt.Sprintf(format, args...)}
}

// Unknownf is an UnknownError at a place of the evaluator's stack.
func (e *Evaluator) Unknownf(at *Path, format string, args ...any) error {
	return &UnknownError{Stack: e.stack.Name, Path: at.String(), Reason: fmt.Sprintf(format, args...)}
}

// Via reports err at the given path, where a reference led to it: the reader looks
// for the place that can't be resolved, and needs the place of the cause with it.
func (e *Evaluator) Via(at *Path, reference string, err error) error {
	var unknown *UnknownError
	if errors.As(err, &unknown) {
		cause := located(unknown.Stack, unknown.Path, unknown.Reason)
		return e.Unknownf(at, "%s: %s", reference, cause)
	}
	var wrong *Error
	via := &Error{Stack: e.stack.Name, Path: at.String(), Reason: fmt.Sprintf("%s: %s", reference, err)}
	if errors.As(err, &wrong) {
		via.Keys = wrong.Keys
	}
	return via
}
