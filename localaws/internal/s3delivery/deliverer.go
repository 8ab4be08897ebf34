package s3delivery

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3"
)

// Options of New. All but Tick and Log are needed.
type Options struct {
	S3  *s3.Service
	Now func() time.Time

	// Tick delivers the server access logs whenever it fires.
	Tick <-chan time.Time

	// Log is told of each failure.
	Log *api.Log
}

// Deliverer collects records and delivers files.
type Deliverer struct {
	opt  Options
	stop context.CancelFunc
	done chan struct{} // the background has ended

	delivering sync.Mutex // one delivery at a time

	mu       sync.Mutex // guards all below
	pending  map[s3.ServerLogging][]record
	failures []Failure
}

// Failure is a file that could not be delivered, and is lost.
type Failure struct {
	Time     time.Time
	Service  string // principal that tried: "logging.s3.amazonaws.com"
	Source   string // bucket that the file is about
	Target   string // bucket that didn't get it
	Key      string
	Reason   string // S3's answer
	Decision string // why the policies refused it; "" if they didn't
}

func (f Failure) String() string {
	s := fmt.Sprintf("%s could not write s3://%s/%s for the bucket %s: %s", f.Service, f.Target, f.Key, f.Source, f.Reason)
	if f.Decision != "" {
		s += ": " + strings.ReplaceAll(f.Decision, "\n  ", "; ")
	}
	return s
}

// keptFailures bounds Failures: a server that runs for days must not grow.
const keptFailures = 1000

// New starts to deliver at each tick. Close it before the S3.
func New(o Options) *Deliverer {
	ctx, stop := context.WithCancel(context.Background())
	d := &Deliverer{opt: o, stop: stop, done: make(chan struct{}), pending: map[s3.ServerLogging][]record{}}
	go d.run(ctx)
	return d
}

func (d *Deliverer) run(ctx context.Context) {
	defer close(d.done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.opt.Tick:
			_ = d.opt.Log.Guard("delivery of logs", func() error { return d.DeliverLogs(ctx) }) // fails only when ctx ends
		}
	}
}

// Close ends the background. What is pending is lost.
func (d *Deliverer) Close() error {
	d.stop()
	<-d.done
	return nil
}

// Failures are the last files that could not be delivered, the oldest first.
func (d *Deliverer) Failures() []Failure {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.failures)
}

// serviceAccount is the account by which S3 writes logs and inventories. AWS
// doesn't publish its number; this one is made up.
const serviceAccount = "999999999999"

// upload is one file for another bucket.
type upload struct {
	service                            string // principal
	source, sourceARN, account, region string // of the bucket that the file is about
	target, key                        string
	body                               []byte
	headers                            map[string]string
}

// put uploads a file and records the failure if it is refused.
func (d *Deliverer) put(u upload) bool {
	now := d.opt.Now()
	c := api.ServiceCall(u.service, serviceAccount, u.region, now).For(u.sourceARN, u.account)
	c.Trace = new(api.Trace)
	err := d.opt.S3.PutObject(c, u.target, u.key, u.body, u.headers)
	if err == nil {
		return true
	}
	f := Failure{Time: now, Service: u.service, Source: u.source, Target: u.target, Key: u.key, Reason: err.Error()}
	denials := c.Trace.Denials()
	d.opt.Log.Entry(f.String(), denials...)
	f.Decision = strings.Join(denials, "; ")
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failures = append(d.failures, f)
	d.failures = d.failures[max(0, len(d.failures)-keptFailures):]
	return false
}

// uniqueString is 16 hexadecimal digits.
func uniqueString() string { return fmt.Sprintf("%016X", rand.Uint64()) }
