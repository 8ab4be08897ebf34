package rule

import (
	"cmp"
	"fmt"

	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
	"github.com/s3seal/s3seal/logdelivery"
)

// sentLog is a log that a resource sends to a bucket.
type sentLog struct {
	logdelivery.Delivery // SourceARNs holds what the service will send
	traits               logdelivery.Traits

	from   *template.Resource
	at     string // path of the destination
	bucket string // name of the destination

	// object is the key of an object that has to arrive, the first if the
	// service tries the bucket with one.
	object string

	// kmsKey is the key that the source itself asks for, by id, ARN or alias;
	// sseS3 says that it asks for SSE-S3. Otherwise the bucket's default decides.
	kmsKey string
	sseS3  bool
}

// sentBy are the sources whose logs a type of resource sends.
var sentBy = func() map[string][]logdelivery.Source {
	by := map[string][]logdelivery.Source{}
	for _, s := range logdelivery.Sources() {
		t, _ := logdelivery.Of(s)
		by[t.Setting.Type] = append(by[t.Setting.Type], s)
	}
	return by
}()

// eachLog calls f for everything that a resource of the stacks sends to a
// bucket. What can't be read leaves the rule undecided.
func (c *checker) eachLog(f func(sentLog)) {
	for _, s := range c.stacks {
		for _, r := range s.Resources() {
			if r.Type == "AWS::Logs::Delivery" {
				c.logsOfDelivery(r, f)
				continue
			}
			for _, source := range sentBy[r.Type] {
				c.logsOf(r, source, f)
			}
		}
	}
}

// eachArrival is eachLog for those whose destination is in the stacks.
func (c *checker) eachArrival(f func(sentLog, *resource.Bucket)) {
	c.eachLog(func(l sentLog) { c.arrive(l, f) })
}

func (c *checker) arrive(l sentLog, f func(sentLog, *resource.Bucket)) {
	b := c.set.BucketNamed(l.bucket)
	if b != nil && (l.Account == "") == (b.Account == "") && (l.Region == "") == (b.Region == "") {
		f(l, b)
		return
	}
	why := errNowhere
	if b == nil {
		why = cmp.Or(c.set.LeftOut(l.bucket), fmt.Errorf("whether logs arrive in bucket %s: it is in none of the stacks", l.bucket))
	}
	c.unknown(l.from, l.at, why)
}

// log begins the description of what r sends.
func (c *checker) log(r *template.Resource, s logdelivery.Source) sentLog {
	l := sentLog{from: r}
	l.traits, _ = logdelivery.Of(s)
	l.Source, l.Account, l.Region, l.Partition = s, r.Stack().Account, r.Stack().Region, partition.Of(r.Stack().Region).Name
	return l
}
