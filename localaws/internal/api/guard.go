package api

import (
	"fmt"
	"net/http"
	"runtime/debug"
)

// Guard does work in a goroutine that no handler of a request is in: a panic
// there would end the process, and with it all that the local AWS holds. It is
// logged, and becomes an error.
//
// Source: IAM API reference, CommonErrors: InternalFailure.
func (l *Log) Guard(work string, do func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			l.Panic(v, work)
			err = Errorf(http.StatusInternalServerError, "InternalFailure", "Internal Failure")
		}
	}()
	return do()
}

// Panic is the entry of a recovered panic, with where it was. It must be called
// by the deferred function that has recovered it.
func (l *Log) Panic(v any, during string) {
	l.Entry(fmt.Sprintf("panic: %v, %s", v, during), string(debug.Stack()))
}
