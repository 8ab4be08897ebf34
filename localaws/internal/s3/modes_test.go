package s3

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
)

// modeCase is one way to have an object encrypted.
type modeCase struct {
	rule types.ServerSideEncryptionRule
	put  func(*sdk.PutObjectInput)
	get  func(*sdk.GetObjectInput)
	// what the answers say
	mode      types.ServerSideEncryption
	key       string
	bucketKey bool
	customer  bool
}

func defaulting(algorithm types.ServerSideEncryption, key string, bucketKey bool) types.ServerSideEncryptionRule {
	r := types.ServerSideEncryptionRule{
		ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: algorithm},
		BucketKeyEnabled:                   &bucketKey,
		BlockedEncryptionTypes:             blocking("NONE"),
	}
	if key != "" {
		r.ApplyServerSideEncryptionByDefault.KMSMasterKeyID = &key
	}
	return r
}

func withCustomerKey(in *sdk.PutObjectInput) {
	in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = aws.String("AES256"), aws.String(seedKey), aws.String(seedMD5)
}

func getWithCustomerKey(in *sdk.GetObjectInput) {
	in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = aws.String("AES256"), aws.String(seedKey), aws.String(seedMD5)
}

func modeCases(w *world) map[string]modeCase {
	cmk := w.key(home, tokyo)
	managed, err := w.kms.AWSManagedKey(home, tokyo, "alias/aws/s3")
	w.ok(err)
	plain := defaulting("AES256", "", false)
	return map[string]modeCase{
		"SSE-S3 by default":           {rule: noRule, mode: "AES256"},
		"SSE-S3 by header":            {rule: defaulting("aws:kms", cmk, false), put: func(in *sdk.PutObjectInput) { in.ServerSideEncryption = "AES256" }, mode: "AES256"},
		"SSE-KMS by default, aws/s3":  {rule: defaulting("aws:kms", "", false), mode: "aws:kms", key: managed},
		"SSE-KMS by default, alias":   {rule: defaulting("aws:kms", "arn:aws:kms:ap-northeast-1:111122223333:alias/aws/s3", false), mode: "aws:kms", key: managed},
		"SSE-KMS by default, own key": {rule: defaulting("aws:kms", cmk, false), mode: "aws:kms", key: cmk},
		"SSE-KMS by header, own key": {rule: plain, put: func(in *sdk.PutObjectInput) {
			in.ServerSideEncryption, in.SSEKMSKeyId = "aws:kms", &cmk
		}, mode: "aws:kms", key: cmk},
		// Not the bucket's key: the header without a key id means aws/s3.
		"SSE-KMS by header without key id": {rule: defaulting("aws:kms", cmk, false), put: func(in *sdk.PutObjectInput) {
			in.ServerSideEncryption = "aws:kms"
		}, mode: "aws:kms", key: managed},
		"SSE-KMS with a bucket key": {rule: defaulting("aws:kms", cmk, true), mode: "aws:kms", key: cmk, bucketKey: true},
		"SSE-KMS with a bucket key by header": {rule: defaulting("aws:kms", cmk, false), put: func(in *sdk.PutObjectInput) {
			in.BucketKeyEnabled = aws.Bool(true)
		}, mode: "aws:kms", key: cmk, bucketKey: true},
		"DSSE-KMS by default": {rule: defaulting("aws:kms:dsse", cmk, false), mode: "aws:kms:dsse", key: cmk},
		"DSSE-KMS by header": {rule: plain, put: func(in *sdk.PutObjectInput) {
			in.ServerSideEncryption, in.SSEKMSKeyId = "aws:kms:dsse", &cmk
		}, mode: "aws:kms:dsse", key: cmk},
		"SSE-C": {rule: plain, put: withCustomerKey, get: getWithCustomerKey, customer: true},
	}
}

func TestEveryModeRoundTripsAndHoldsCiphertextOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	c := w.client(w.user(home, "dev", allow(iam.Strings{"s3:*", "kms:*"}, iam.Strings{"*"})), tokyo)
	marker := []byte("MARKER-THAT-MUST-NOT-BE-HELD")
	n := 0
	for name, m := range modeCases(w) {
		bucket := fmt.Sprintf("modes-%d", n)
		n++
		w.bucket(home, bucket, m.rule)
		for _, size := range []int{0, 28, sealed.FrameSize, sealed.SpillOver + 12345} {
			text := bytes.Repeat(marker, size/len(marker)+1)[:size]
			in := &sdk.PutObjectInput{Bucket: &bucket, Key: aws.String(fmt.Sprintf("k/%d", size)), Body: bytes.NewReader(text)}
			if m.put != nil {
				m.put(in)
			}
			put, err := c.PutObject(ctx, in)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			get := &sdk.GetObjectInput{Bucket: &bucket, Key: in.Key}
			if m.get != nil {
				m.get(get)
			}
			out, err := c.GetObject(ctx, get)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if content(out) != string(text) {
				t.Errorf("%s: %d bytes come back different", name, size)
			}
			for _, got := range []struct {
				mode      types.ServerSideEncryption
				key       *string
				bucketKey *bool
				customer  *string
			}{
				{put.ServerSideEncryption, put.SSEKMSKeyId, put.BucketKeyEnabled, put.SSECustomerAlgorithm},
				{out.ServerSideEncryption, out.SSEKMSKeyId, out.BucketKeyEnabled, out.SSECustomerAlgorithm},
			} {
				if got.mode != m.mode || aws.ToString(got.key) != m.key || aws.ToBool(got.bucketKey) != m.bucketKey || (got.customer != nil) != m.customer {
					t.Errorf("%s: answer says %q %q %v %q", name, got.mode, aws.ToString(got.key), aws.ToBool(got.bucketKey), aws.ToString(got.customer))
				}
			}
		}
	}
	held, err := w.s3.Holds(marker)
	w.ok(err)
	if held {
		t.Error("a body is held as plaintext")
	}
}

// TestHoldsFindsWhatIsThere: a scan that can't find anything proves nothing.
func TestHoldsFindsWhatIsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "held", noRule)
	for key, size := range map[string]int{"memory": 100, "file": sealed.SpillOver + 1} {
		_, err := w.root(home).PutObject(context.Background(), &sdk.PutObjectInput{
			Bucket: aws.String("held"), Key: &key, Body: bytes.NewReader(make([]byte, size)),
		})
		w.ok(err)
		b, err := w.s3.find("held")
		w.ok(err)
		ciphertext := b.index.current(key).bodies[0].InMemory()
		if (ciphertext == nil) != (key == "file") {
			t.Errorf("%s: %d bytes in memory", key, len(ciphertext))
		}
		if files := w.files(); key == "file" && len(files) == 1 {
			ciphertext, err = os.ReadFile(files[0])
			w.ok(err)
		}
		if held, err := w.s3.Holds(ciphertext[size/2 : size/2+40]); err != nil || !held {
			t.Errorf("%s: Holds of stored ciphertext is %v, %v", key, held, err)
		}
	}
}

func TestRangesAtFrameBoundaries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "ranges", noRule)
	c := w.root(home)
	for _, size := range []int{1, sealed.FrameSize - 1, sealed.FrameSize, sealed.FrameSize + 1, 3 * sealed.FrameSize, 3*sealed.FrameSize + 7} {
		text := make([]byte, size)
		for i := range text {
			text[i] = byte(rand.N(256))
		}
		_, err := c.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("ranges"), Key: aws.String("k"), Body: bytes.NewReader(text)})
		w.ok(err)
		for _, from := range []int{0, 1, size / 2, sealed.FrameSize - 1, sealed.FrameSize, sealed.FrameSize + 1, size - 1} {
			for _, to := range []int{from, from + 1, sealed.FrameSize - 1, sealed.FrameSize, 2 * sealed.FrameSize, size - 1, size + 99} {
				if from >= size || to < from {
					continue
				}
				out, err := c.GetObject(ctx, &sdk.GetObjectInput{
					Bucket: aws.String("ranges"), Key: aws.String("k"), Range: aws.String(fmt.Sprintf("bytes=%d-%d", from, to)),
				})
				w.ok(err)
				last := min(to, size-1)
				if got := content(out); got != string(text[from:last+1]) {
					t.Fatalf("size %d bytes %d-%d: got %d bytes, or others", size, from, to, len(got))
				}
				if want := fmt.Sprintf("bytes %d-%d/%d", from, last, size); *out.ContentRange != want {
					t.Errorf("Content-Range %q, want %q", *out.ContentRange, want)
				}
			}
		}
		_, err = c.GetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String("ranges"), Key: aws.String("k"), Range: aws.String(fmt.Sprintf("bytes=%d-", size))})
		w.refused(err, 416, "InvalidRange", "")
	}
}
