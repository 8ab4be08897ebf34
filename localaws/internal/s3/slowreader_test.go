package s3

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
)

// slowReader is a client that looks, while it gets an answer, whether others could
// write.
type slowReader struct {
	*httptest.ResponseRecorder
	w    *world
	held string
}

func (c *slowReader) Write(p []byte) (int, error) {
	b, err := c.w.s3.find("bucket")
	c.w.ok(err)
	if c.w.s3.mu.TryLock() {
		c.w.s3.mu.Unlock()
	} else {
		c.held += " the service's"
	}
	if b.mu.TryLock() {
		b.mu.Unlock()
	} else {
		c.held += " the bucket's"
	}
	return c.ResponseRecorder.Write(p)
}

func TestClientThatReadsSlowlyHoldsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "bucket", noRule)
	_, err := w.root(home).PutObject(context.Background(), &sdk.PutObjectInput{Bucket: aws.String("bucket"), Key: aws.String("key"), Body: reader("text")})
	w.ok(err)
	for _, target := range []string{
		"/", "/bucket", "/bucket?list-type=2", "/bucket?versions", "/bucket?uploads", "/bucket?location", "/bucket?encryption",
		"/bucket/key", "/bucket/key?tagging", "/bucket/absent",
	} {
		r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, target, nil)
		c := &slowReader{ResponseRecorder: httptest.NewRecorder(), w: w}
		w.s3.Serve(c, r, call(callerOf(home), tokyo, true))
		if c.held != "" || c.Body.Len() == 0 {
			t.Errorf("GET %s: %d while these locks are held:%s", target, c.Code, c.held)
		}
	}
}
