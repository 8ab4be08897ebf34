package lambda

import (
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// broken are Logs with a mistake of their own.
type broken struct{}

func (broken) Put(api.Call, string, string, []string) error { panic("a mistake") }

// Nor does it count forever against the function's concurrency.
func TestAPanicOfAnAsynchronousInvocationIsLogged(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	var log strings.Builder
	f.opt.Log, f.opt.Logs = api.NewLog(&log), broken{}
	f.mustCreate(`{"ReservedConcurrentExecutions":1}`)
	for range 2 {
		equal(t, "invoked", f.invoke(`{}`, "X-Amz-Invocation-Type: Event").status, 202)
		f.work.Wait()
	}
	if n := strings.Count(log.String(), "panic: a mistake, asynchronous invocation\n"); n != 2 {
		t.Errorf("%d panics in the log: %s", n, log.String())
	}
}
