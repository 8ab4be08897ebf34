// Package fileerror words what went wrong with a file, for messages that begin
// with its path.
package fileerror

import (
	"errors"
	"io/fs"
)

// Reason is an error of package os without the path that it has.
func Reason(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
