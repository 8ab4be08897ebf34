package stage

import (
	"fmt"
	"slices"

	"github.com/s3seal/s3seal/internal/bucketname"
	"github.com/s3seal/s3seal/policy"
)

// needsConcurrency reports a queue whose function has one copy. Lambda invokes a
// function for a queue at least twice at the same time: with one copy, messages
// would be received and throttled until they are in the dead-letter queue, and
// none of them tried.
//
// Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
func (d *document) needsConcurrency(path string, s *Stage) {
	if c := s.Functions.ReservedConcurrency; c != nil && *c == 1 {
		d.report(path, "%s with reservedConcurrency 1: a queue invokes its function at least twice at the same time: write reservedConcurrency: 2 or more, or 0, which stops the functions and leaves the messages in the queue", lastName(path))
	}
}

// checkQueue checks that the queue can invoke the put functions.
func (d *document) checkQueue(s *Stage) {
	switch at := fieldPath(s, "functions.queue"); {
	case !s.Functions.Queue || d.failed(at):
	case !slices.Contains(s.Functions.Verbs, policy.VerbPut):
		d.report(at, "queue has no effect, as its messages are events of put, which verbs does not list: remove it, or add put to verbs")
	default:
		d.needsConcurrency(at, s)
	}
}

// checkPutIfMatch checks that there is a put function that accepts ifMatch.
func (d *document) checkPutIfMatch(s *Stage) {
	if at := fieldPath(s, "functions.putIfMatch"); s.Functions.PutIfMatch && !d.failed(at) && !slices.Contains(s.Functions.Verbs, policy.VerbPut) {
		d.report(at, "putIfMatch has no effect, as verbs does not list put: remove it, or add put to verbs")
	}
}

// checkIngest checks the buckets that are copied from, once the names of the
// stage's own are known. A notification reaches only a queue of the bucket's
// Region, and the role that reads is the source account's.
//
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
func (d *document) checkIngest(s *Stage) {
	own := s.SourceBuckets()
	for _, l := range s.logBuckets() {
		own = append(own, l.name)
	}
	for p, o := range s.bucketOptions() {
		path := fieldPath(s, "buckets."+string(p)+".ingestFrom")
		if !d.has(path) || d.failed(path) {
			continue
		}
		if len(*o.ingestFrom) > 0 {
			d.needsConcurrency(path, s)
		}
		first := map[string]string{}
		for i, from := range *o.ingestFrom {
			at := fmt.Sprintf("%s[%d].bucket", path, i)
			if d.required(at, "write the name of the bucket that is copied from") {
				wrong, instead := bucketname.Fault(from.Bucket)
				switch {
				case wrong != "":
					d.report(at, "bucket name %s %s: %s", quote(from.Bucket), wrong, instead)
				case slices.Contains(own, from.Bucket):
					d.report(at, "%s is the stage's own bucket, and its notifications are not the stage's to set: name a bucket of another stack", from.Bucket)
				case first[from.Bucket] != "":
					d.report(at, "%s comes twice, first at %s: remove one", quote(from.Bucket), d.where(first[from.Bucket]))
				}
				first[from.Bucket] = at
			}
			if key := fmt.Sprintf("%s[%d].kmsKeyArn", path, i); d.has(key) && !d.environmentFailed(s, s.Source) {
				d.checkKey(key, from.KMSKeyARN, s.Source,
					"which needs no line here",
					"and the function's policy has to name the key itself",
					"the objects are of the source environment")
			}
		}
	}
}
