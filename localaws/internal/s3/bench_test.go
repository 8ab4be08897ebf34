package s3

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func BenchmarkPutGet(b *testing.B) {
	w := newWorld(b)
	key := w.key(home, tokyo)
	for name, rule := range map[string]types.ServerSideEncryptionRule{
		"SSE-S3": defaulting("AES256", "", false), "SSE-KMS": defaulting("aws:kms", key, false), "DSSE-KMS": defaulting("aws:kms:dsse", key, false),
	} {
		for _, size := range []int{1 << 10, 1 << 20, 64 << 20} {
			bucket := fmt.Sprintf("bench-%x-%d", name, size)
			w.bucket(home, bucket, rule)
			text := make([]byte, size)
			c := w.root(home)
			b.Run(fmt.Sprintf("put %s %d", name, size), func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					_, err := c.PutObject(context.Background(), &sdk.PutObjectInput{Bucket: &bucket, Key: aws.String("k"), Body: bytes.NewReader(text)})
					w.ok(err)
				}
			})
			b.Run(fmt.Sprintf("get %s %d", name, size), func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					out, err := c.GetObject(context.Background(), &sdk.GetObjectInput{Bucket: &bucket, Key: aws.String("k")})
					w.ok(err)
					_, err = io.Copy(io.Discard, out.Body)
					w.ok(err)
				}
			})
		}
	}
}

// BenchmarkList lists a page of 1,000 out of 100,000 keys.
func BenchmarkList(b *testing.B) {
	w := newWorld(b)
	w.bucket(home, "bench-list", noRule)
	bucket, err := w.s3.find("bench-list")
	w.ok(err)
	for i := range 100_000 {
		bucket.index.add(&version{key: fmt.Sprintf("%03d/%06d", i%1000, i), id: nullVersion, class: "STANDARD"})
	}
	c := w.root(home)
	for b.Loop() {
		_, err := c.ListObjectsV2(context.Background(), &sdk.ListObjectsV2Input{Bucket: aws.String("bench-list"), Delimiter: aws.String("/")})
		w.ok(err)
	}
}
