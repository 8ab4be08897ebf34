package metric

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Namespace is that of every metric.
const Namespace = "s3seal"

// A Dimension is one of those under which CloudWatch keeps the metrics.
type Dimension struct{ Name, Value string }

// A Writer writes the metrics of invocations, which may run at the same time.
type Writer struct {
	mu         sync.Mutex
	out        io.Writer
	now        func() time.Time
	dimensions []Dimension
}

// NewWriter returns a Writer to out, which is os.Stdout outside of tests. The
// dimensions are those of every metric, all together: a value that is rarely the
// same twice, as an object's key, would make a metric each.
func NewWriter(out io.Writer, dimensions ...Dimension) *Writer {
	return &Writer{out: out, now: time.Now, dimensions: dimensions}
}

// FromEnvironment returns the Writer of a function, or nil if its environment has
// no METRICS=true. Its metrics have, besides the dimensions, that of the function
// and, with BUCKET_NAME, that of the bucket.
func FromEnvironment(getenv func(string) string, out io.Writer, dimensions ...Dimension) *Writer {
	if getenv("METRICS") != "true" {
		return nil
	}
	of := []Dimension{{"FunctionName", getenv("AWS_LAMBDA_FUNCTION_NAME")}, {"Bucket", getenv("BUCKET_NAME")}}
	of = slices.DeleteFunc(of, func(d Dimension) bool { return d.Value == "" })
	return NewWriter(out, append(of, dimensions...)...)
}

// A set is what one invocation has added.
type set struct {
	mu     sync.Mutex
	values map[string][]float64
	failed map[string]float64 // how often, by type
}

type setKey struct{}

// Begin returns the context of an invocation, and what ends it: that writes the
// metrics. What is added after it is lost.
func (w *Writer) Begin(ctx context.Context) (context.Context, func()) {
	if w == nil {
		return ctx, func() {}
	}
	s := &set{values: map[string][]float64{}, failed: map[string]float64{}}
	return context.WithValue(ctx, setKey{}, s), func() {
		requestID := ""
		if lc, ok := lambdacontext.FromContext(ctx); ok {
			requestID = lc.AwsRequestID
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		w.write(s, requestID)
	}
}

// Add adds a value of m to the invocation of ctx.
func Add(ctx context.Context, m Metric, value float64) {
	s, ok := ctx.Value(setKey{}).(*set)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	values := s.values[m.Name]
	if m.each || len(values) == 0 {
		s.values[m.Name] = append(values, value)
		return
	}
	values[0] += value
}

// Fail adds a failure of a type, such as "S3Seal.Throttled", to Errors.
func Fail(ctx context.Context, errorType string) {
	Add(ctx, Errors, 1)
	if s, ok := ctx.Value(setKey{}).(*set); ok {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.failed[errorType]++
	}
}
