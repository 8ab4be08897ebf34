package stage

import (
	"slices"

	"github.com/s3seal/s3seal/policy"
)

// checkQueue checks that the queue can invoke the put functions. Lambda invokes a
// function for a queue at least twice at the same time: with one copy, messages
// would be received and throttled until they are in the dead-letter queue, and
// none of them tried.
//
// Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
func (d *document) checkQueue(s *Stage) {
	at, c := fieldPath(s, "functions.queue"), s.Functions.ReservedConcurrency
	switch {
	case !s.Functions.Queue || d.failed(at):
	case !slices.Contains(s.Functions.Verbs, policy.VerbPut):
		d.report(at, "queue has no effect, as its messages are events of put, which verbs does not list: remove it, or add put to verbs")
	case c != nil && *c == 1:
		d.report(at, "queue with reservedConcurrency 1: a queue invokes its function at least twice at the same time: write reservedConcurrency: 2 or more, or 0, which stops the functions and leaves the messages in the queue")
	}
}
