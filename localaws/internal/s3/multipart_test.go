package s3

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
)

// multipart uploads parts of a body and returns what Complete needs.
func (w *world) multipart(c *sdk.Client, bucket, key string, create *sdk.CreateMultipartUploadInput, parts ...[]byte) (*string, []types.CompletedPart) {
	w.t.Helper()
	ctx := context.Background()
	create.Bucket, create.Key = &bucket, &key
	mpu, err := c.CreateMultipartUpload(ctx, create)
	w.ok(err)
	var done []types.CompletedPart
	for i, text := range parts {
		n := aws.Int32(int32(i + 1))
		out, err := c.UploadPart(ctx, &sdk.UploadPartInput{
			Bucket: &bucket, Key: &key, UploadId: mpu.UploadId, PartNumber: n, Body: bytes.NewReader(text), ChecksumAlgorithm: create.ChecksumAlgorithm,
			SSECustomerAlgorithm: create.SSECustomerAlgorithm, SSECustomerKey: create.SSECustomerKey, SSECustomerKeyMD5: create.SSECustomerKeyMD5,
		})
		w.ok(err)
		done = append(done, types.CompletedPart{PartNumber: n, ETag: out.ETag, ChecksumCRC32: out.ChecksumCRC32})
	}
	return mpu.UploadId, done
}

func (w *world) complete(c *sdk.Client, bucket, key string, id *string, parts []types.CompletedPart) (*sdk.CompleteMultipartUploadOutput, error) {
	return c.CompleteMultipartUpload(context.Background(), &sdk.CompleteMultipartUploadInput{
		Bucket: &bucket, Key: &key, UploadId: id, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	})
}

func TestMultipartInEveryMode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(w.user(home, "dev", allow(iam.Strings{"s3:*", "kms:*"}, iam.Strings{everything})), tokyo)
	big, small := bytes.Repeat([]byte("0123456789abcdef"), minPart/16+3), []byte("the rest, MARKER-OF-A-PART")
	n := 0
	for name, m := range modeCases(w) {
		if m.put != nil && m.get == nil {
			continue // headers are the same as for PutObject
		}
		bucket := fmt.Sprintf("parts-%d", n)
		n++
		w.bucket(home, bucket, m.rule)
		create := &sdk.CreateMultipartUploadInput{Metadata: map[string]string{"a": "b"}}
		get := &sdk.GetObjectInput{Bucket: &bucket, Key: aws.String("k")}
		if m.get != nil {
			m.get(get)
			create.SSECustomerAlgorithm, create.SSECustomerKey, create.SSECustomerKeyMD5 = get.SSECustomerAlgorithm, get.SSECustomerKey, get.SSECustomerKeyMD5
		}
		id, parts := w.multipart(c, bucket, "k", create, big, small)
		if held, err := w.s3.Holds([]byte("MARKER-OF-A-PART")); err != nil || held {
			t.Errorf("%s: a part is held as plaintext", name)
		}
		out, err := w.complete(c, bucket, "k", id, parts)
		w.ok(err)
		got, err := c.GetObject(context.Background(), get)
		w.ok(err)
		if content(got) != string(big)+string(small) || got.Metadata["a"] != "b" || got.ServerSideEncryption != m.mode || *got.ETag != *out.ETag {
			t.Errorf("%s: comes back different: %+v", name, got)
		}
		get.Range = aws.String(fmt.Sprintf("bytes=%d-%d", len(big)-3, len(big)+2))
		got, err = c.GetObject(context.Background(), get)
		w.ok(err)
		if want := string(big[len(big)-3:]) + "the"; content(got) != want {
			t.Errorf("%s: a range over two parts differs", name)
		}
		get.Range, get.PartNumber = nil, aws.Int32(2)
		got, err = c.GetObject(context.Background(), get)
		w.ok(err)
		if content(got) != string(small) || *got.PartsCount != 2 {
			t.Errorf("%s: part 2 differs", name)
		}
	}
}

func TestMultipartETagAndRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "parts", noRule)
	c := w.root(home)
	big, small := bytes.Repeat([]byte{7}, minPart), []byte("x")
	id, parts := w.multipart(c, "parts", "k", &sdk.CreateMultipartUploadInput{}, big, small)

	_, err := w.complete(c, "parts", "k", id, []types.CompletedPart{parts[1], parts[0]})
	w.refused(err, 400, "InvalidPartOrder", "")
	wrong := parts[1]
	wrong.ETag = aws.String("00000000000000000000000000000000")
	_, err = w.complete(c, "parts", "k", id, []types.CompletedPart{parts[0], wrong})
	w.refused(err, 400, "InvalidPart", "")
	_, err = w.complete(c, "parts", "other", id, parts)
	w.refused(err, 404, "NoSuchUpload", "")
	_, err = c.GetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String("parts"), Key: aws.String("k")})
	w.refused(err, 404, "NoSuchKey", "")

	list, err := c.ListParts(ctx, &sdk.ListPartsInput{Bucket: aws.String("parts"), Key: aws.String("k"), UploadId: id})
	w.ok(err)
	if len(list.Parts) != 2 || *list.Parts[0].Size != minPart || *list.Parts[1].ETag != *parts[1].ETag {
		t.Errorf("parts are %+v", list.Parts)
	}
	uploads, err := c.ListMultipartUploads(ctx, &sdk.ListMultipartUploadsInput{Bucket: aws.String("parts")})
	w.ok(err)
	if len(uploads.Uploads) != 1 || *uploads.Uploads[0].UploadId != *id {
		t.Errorf("uploads are %+v", uploads.Uploads)
	}
	out, err := w.complete(c, "parts", "k", id, parts)
	w.ok(err)
	one, two := md5.Sum(big), md5.Sum(small)
	all := md5.Sum(append(one[:], two[:]...))
	if want := `"` + hex.EncodeToString(all[:]) + `-2"`; *out.ETag != want {
		t.Errorf("ETag is %s, want %s", *out.ETag, want)
	}
	_, err = w.complete(c, "parts", "k", id, parts)
	w.refused(err, 404, "NoSuchUpload", "")

	id, parts = w.multipart(c, "parts", "k2", &sdk.CreateMultipartUploadInput{}, small, small)
	_, err = w.complete(c, "parts", "k2", id, parts)
	w.refused(err, 400, "EntityTooSmall", "")
	_, err = c.AbortMultipartUpload(ctx, &sdk.AbortMultipartUploadInput{Bucket: aws.String("parts"), Key: aws.String("k2"), UploadId: id})
	w.ok(err)
	_, err = w.complete(c, "parts", "k2", id, parts)
	w.refused(err, 404, "NoSuchUpload", "")
}

func TestPartsUseTheKeyOfTheUpload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "parts", types.ServerSideEncryptionRule{BlockedEncryptionTypes: blocking("NONE")})
	c := w.root(home)
	create := &sdk.CreateMultipartUploadInput{SSECustomerAlgorithm: aws.String("AES256"), SSECustomerKey: aws.String(seedKey), SSECustomerKeyMD5: aws.String(seedMD5)}
	id, _ := w.multipart(c, "parts", "k", create)
	part := &sdk.UploadPartInput{Bucket: aws.String("parts"), Key: aws.String("k"), UploadId: id, PartNumber: aws.Int32(1), Body: reader("x")}
	_, err := c.UploadPart(context.Background(), part)
	w.refused(err, 400, "InvalidRequest", "must include the appropriate encryption parameters")
	key, sum := keyAndMD5("00000000000000000000000000000000")
	part.SSECustomerAlgorithm, part.SSECustomerKey, part.SSECustomerKeyMD5 = aws.String("AES256"), &key, &sum
	_, err = c.UploadPart(context.Background(), part)
	w.refused(err, 400, "InvalidRequest", "did not match")
}

// TestNoFileStaysBehind: however a body ends, its file is removed.
func TestNoFileStaysBehind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "files", noRule)
	c := w.root(home)
	big := make([]byte, minPart)
	put := func(key string) {
		_, err := c.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("files"), Key: &key, Body: bytes.NewReader(big)})
		w.ok(err)
	}
	files := func(want int, when string) {
		t.Helper()
		if n := len(w.files()); n != want {
			t.Errorf("%s: %d files, want %d", when, n, want)
		}
	}
	put("a")
	put("a")
	files(1, "overwritten")
	id, parts := w.multipart(c, "files", "b", &sdk.CreateMultipartUploadInput{}, big, big, big)
	files(4, "parts uploaded")
	_, err := w.complete(c, "files", "b", id, parts[:2])
	w.ok(err)
	files(3, "one part not listed")
	id, _ = w.multipart(c, "files", "c", &sdk.CreateMultipartUploadInput{}, big)
	_, err = c.AbortMultipartUpload(ctx, &sdk.AbortMultipartUploadInput{Bucket: aws.String("files"), Key: aws.String("c"), UploadId: id})
	w.ok(err)
	files(3, "aborted")
	b, err := w.s3.find("files")
	w.ok(err)
	held := b.read("a", "")
	for _, k := range []string{"a", "b"} {
		_, err = c.DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: aws.String("files"), Key: &k})
		w.ok(err)
	}
	files(1, "deleted, one of them still read")
	held.close()
	files(0, "read to the end")
	if a := w.send(w.tls, "PUT", "/files/k", string(big), map[string]string{"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}); a.err.Code != "BadDigest" {
		t.Errorf("a wrong Content-MD5: %d %+v", a.status, a.err)
	}
	files(0, "refused")
	if err := w.s3.Close(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(w.temp); err != nil || len(left) != 0 {
		t.Errorf("after Close there are %v, %v", left, err)
	}
}
