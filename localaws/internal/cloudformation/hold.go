package cloudformation

import (
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// holdsFor bounds how long DescribeStacks waits for the operation on its stack.
// The CDK's CLI sleeps for 5 s after an answer that says IN_PROGRESS, and the AWS
// CLI's waiters for 30 s (botocore's waiters-2.json: StackCreateComplete), where
// an operation takes a tenth of a second here. It is far below the time after
// which clients give up on an answer (60 s in botocore's Config, read_timeout).
const holdsFor = 3 * time.Second

// hold waits until no operation is under way on a stack, and not longer than
// holdsFor, the client or the service. The answer that follows is as true as one
// at once: it says what the stack is when it is sent. Service.mu must not be
// held, or the operation could not end.
func (s *Service) hold(c api.Call, nameOrARN string) {
	s.mu.Lock()
	var ended chan struct{}
	if st := s.find(c.Account, c.Region, nameOrARN); st != nil && st.running != nil {
		ended = st.running.ended
	}
	s.mu.Unlock()
	if ended == nil {
		return
	}
	enough := time.NewTimer(holdsFor)
	defer enough.Stop()
	select {
	case <-ended:
	case <-enough.C:
	case <-c.Gone:
	case <-s.ctx.Done():
	}
}
