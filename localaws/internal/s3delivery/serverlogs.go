package s3delivery

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/s3"
)

const loggingPrincipal = "logging.s3.amazonaws.com"

// record is a line of a log, and the time of its request.
type record struct {
	time time.Time
	line string
}

// Record notes a finished request, for the log of its bucket and, of a
// copy, for that of the bucket that it read. It goes where that bucket logs to
// at this moment; AWS says only that a change of the target takes time.
//
// The deliveries of logs are not logged themselves. On AWS they are, in a
// bucket that has logging: those in a bucket that logs to itself without end.
func (d *Deliverer) Record(f s3.Finished) {
	if f.BucketOwner == "" || f.Call.Caller.Service() == loggingPrincipal {
		return
	}
	finished := d.opt.Now()
	if l, ok := d.opt.S3.ServerLogging(f.Bucket); ok {
		d.add(l, record{f.Started, line(&f, finished)})
	}
	if bucket, read, ok := copied(&f); ok {
		if l, ok := d.opt.S3.ServerLogging(bucket); ok {
			read.BucketOwner = l.Account
			d.add(l, record{f.Started, line(&read, finished)})
		}
	}
}

func (d *Deliverer) add(l s3.ServerLogging, r record) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pending[l] = append(d.pending[l], r)
}

// DeliverLogs delivers the records that there are, one file for each bucket
// that was logged and each target. When ctx ends, the rest stays for the next
// time; that is its only error.
func (d *Deliverer) DeliverLogs(ctx context.Context) error {
	d.delivering.Lock()
	defer d.delivering.Unlock()
	d.mu.Lock()
	targets := slices.SortedFunc(maps.Keys(d.pending), func(a, b s3.ServerLogging) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Target, b.Target), cmp.Compare(a.Prefix, b.Prefix))
	})
	d.mu.Unlock()
	for _, l := range targets {
		if err := ctx.Err(); err != nil {
			return err
		}
		d.mu.Lock()
		records := d.pending[l]
		delete(d.pending, l)
		d.mu.Unlock()
		d.deliver(l, records)
	}
	return nil
}

// deliver uploads one file, or one for each day under keys by event time. It
// names the owner that the target had when logging was set up: a bucket of
// that name can be somebody else's by now.
func (d *Deliverer) deliver(l s3.ServerLogging, records []record) {
	files := map[string]*strings.Builder{} // by key
	unique := uniqueString()
	for _, r := range records {
		key := logKey(l, d.opt.Now(), r.time, unique)
		if files[key] == nil {
			files[key] = &strings.Builder{}
		}
		files[key].WriteString(r.line)
	}
	for _, key := range slices.Sorted(maps.Keys(files)) {
		d.put(upload{
			service: loggingPrincipal, source: l.Source, sourceARN: l.SourceARN, account: l.Account, region: l.Region,
			target: l.Target, key: key, body: []byte(files[key].String()),
			headers: map[string]string{"Content-Type": "text/plain", "x-amz-expected-bucket-owner": l.Account},
		})
	}
}

// logKey is PREFIX YYYY-mm-DD-HH-MM-SS-UNIQUE, in UTC, or with a partitioned
// prefix PREFIX ACCOUNT/REGION/BUCKET/YYYY/mm/DD/YYYY-mm-DD-HH-MM-SS-UNIQUE,
// where by event time the day is that of the request and the time is zero.
//
// Source: S3 user guide, ServerLogs, "Log object key format".
func logKey(l s3.ServerLogging, delivered, event time.Time, unique string) string {
	const form = "2006-01-02-15-04-05-"
	at := delivered.UTC()
	if l.DateSource == "" {
		return l.Prefix + at.Format(form) + unique
	}
	if l.DateSource == "EventTime" {
		at = event.UTC().Truncate(24 * time.Hour)
	}
	return l.Prefix + l.Account + "/" + l.Region + "/" + l.Source + "/" + at.Format("2006/01/02/"+form) + unique
}
