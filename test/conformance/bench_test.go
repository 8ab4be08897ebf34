package conformance

import (
	"bytes"
	"fmt"
	"io"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// BenchmarkObjects is the throughput that a client sees, through TLS,
// signatures and policies, with as many clients as there are processors.
func BenchmarkObjects(b *testing.B) {
	s := start(b)
	c := s3Client(b, s, source)
	newBucket(b, c, "bench")
	for _, size := range []int{1 << 10, 1 << 20} {
		content := bytes.Repeat([]byte("x"), size)
		put := func(key string) error {
			_, err := c.PutObject(b.Context(), &s3.PutObjectInput{Bucket: aws.String("bench"), Key: &key, Body: bytes.NewReader(content)})
			return err
		}
		get := func(key string) error {
			out, err := c.GetObject(b.Context(), &s3.GetObjectInput{Bucket: aws.String("bench"), Key: &key})
			if err != nil {
				return err
			}
			defer out.Body.Close()
			_, err = io.Copy(io.Discard, out.Body)
			return err
		}
		if err := put("warm"); err != nil {
			b.Fatal(err)
		}
		for _, operation := range []struct {
			name string
			run  func(n int64) error
		}{
			{"put", func(n int64) error { return put(fmt.Sprint(n % 100)) }},
			{"get", func(int64) error { return get("warm") }},
		} {
			b.Run(fmt.Sprintf("%s/%dKiB", operation.name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(size))
				var count atomic.Int64
				b.RunParallel(func(p *testing.PB) {
					for p.Next() {
						if err := operation.run(count.Add(1)); err != nil {
							b.Error(err)
							return
						}
					}
				})
			})
		}
	}
}
