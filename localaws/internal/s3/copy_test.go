package s3

import (
	"bytes"
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
)

func TestCopyReencryptsIntoEveryMode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	c := w.client(w.user(home, "dev", allow(iam.Strings{"s3:*", "kms:*"}, iam.Strings{everything})), tokyo)
	w.bucket(home, "from", types.ServerSideEncryptionRule{BlockedEncryptionTypes: blocking("NONE")})
	text := bytes.Repeat([]byte("copy MARKER "), 20000)
	in := &sdk.PutObjectInput{Bucket: aws.String("from"), Key: aws.String("k with space+"), Body: bytes.NewReader(text),
		Metadata: map[string]string{"a": "b"}, ContentType: aws.String("text/plain"), Tagging: aws.String("t=v")}
	withCustomerKey(in)
	_, err := c.PutObject(ctx, in)
	w.ok(err)
	n := 0
	for name, m := range modeCases(w) {
		bucket := "to-" + string(rune('a'+n))
		n++
		bucket += "-copies"
		w.bucket(home, bucket, m.rule)
		put := &sdk.PutObjectInput{}
		if m.put != nil {
			m.put(put)
		}
		out, err := c.CopyObject(ctx, &sdk.CopyObjectInput{
			Bucket: &bucket, Key: aws.String("k"), CopySource: aws.String("from/k%20with%20space%2B"),
			CopySourceSSECustomerAlgorithm: aws.String("AES256"), CopySourceSSECustomerKey: aws.String(seedKey), CopySourceSSECustomerKeyMD5: aws.String(seedMD5),
			ServerSideEncryption: put.ServerSideEncryption, SSEKMSKeyId: put.SSEKMSKeyId, BucketKeyEnabled: put.BucketKeyEnabled,
			SSECustomerAlgorithm: put.SSECustomerAlgorithm, SSECustomerKey: put.SSECustomerKey, SSECustomerKeyMD5: put.SSECustomerKeyMD5,
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		get := &sdk.GetObjectInput{Bucket: &bucket, Key: aws.String("k")}
		if m.get != nil {
			m.get(get)
		}
		got, err := c.GetObject(ctx, get)
		w.ok(err)
		if content(got) != string(text) || got.Metadata["a"] != "b" || *got.ContentType != "text/plain" || aws.ToInt32(got.TagCount) != 1 ||
			got.ServerSideEncryption != m.mode || aws.ToString(got.SSEKMSKeyId) != m.key || *got.ETag != *out.CopyObjectResult.ETag {
			t.Errorf("%s: the copy is %+v", name, got)
		}
	}
	if held, err := w.s3.Holds([]byte("copy MARKER")); err != nil || held {
		t.Errorf("a copy is held as plaintext (%v)", err)
	}
}

func TestCopyRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "copies", types.ServerSideEncryptionRule{BlockedEncryptionTypes: blocking("NONE")})
	w.versioned(home, "copies")
	c := w.root(home)
	put, err := c.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("copies"), Key: aws.String("k"), Body: reader("one"), Metadata: map[string]string{"a": "b"}})
	w.ok(err)
	copyOnto := func(change func(*sdk.CopyObjectInput)) error {
		in := &sdk.CopyObjectInput{Bucket: aws.String("copies"), Key: aws.String("k"), CopySource: aws.String("copies/k")}
		change(in)
		_, err := c.CopyObject(ctx, in)
		return err
	}
	w.refused(copyOnto(func(*sdk.CopyObjectInput) {}), 400, "InvalidRequest", "copy an object to itself")
	w.refused(copyOnto(func(in *sdk.CopyObjectInput) {
		in.StorageClass, in.CopySourceIfMatch = "STANDARD_IA", aws.String(`"other"`)
	}), 412, "PreconditionFailed", "")
	w.refused(copyOnto(func(in *sdk.CopyObjectInput) {
		in.StorageClass, in.CopySourceIfNoneMatch = "STANDARD_IA", put.ETag
	}), 412, "PreconditionFailed", "")
	w.refused(copyOnto(func(in *sdk.CopyObjectInput) {
		in.StorageClass, in.IfMatch = "STANDARD_IA", aws.String(`"other"`)
	}), 412, "PreconditionFailed", "")
	w.refused(copyOnto(func(in *sdk.CopyObjectInput) { in.CopySource = aws.String("copies/none") }), 404, "NoSuchKey", "")
	w.refused(copyOnto(func(in *sdk.CopyObjectInput) { in.CopySource = aws.String("none/k") }), 404, "NoSuchBucket", "")
	w.refused(copyOnto(func(in *sdk.CopyObjectInput) { in.CopySource = aws.String("copies") }), 400, "InvalidArgument", "")
	w.ok(copyOnto(func(in *sdk.CopyObjectInput) {
		in.MetadataDirective, in.Metadata, in.IfMatch = "REPLACE", map[string]string{"c": "d"}, put.ETag
	}))
	head, err := c.HeadObject(ctx, &sdk.HeadObjectInput{Bucket: aws.String("copies"), Key: aws.String("k")})
	w.ok(err)
	if len(head.Metadata) != 1 || head.Metadata["c"] != "d" {
		t.Errorf("metadata after REPLACE: %v", head.Metadata)
	}
	// Re-keying in place: SSE-C under a new key, the version pinned.
	w.ok(copyOnto(func(in *sdk.CopyObjectInput) {
		in.CopySource = aws.String("copies/k?versionId=" + *put.VersionId)
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = aws.String("AES256"), aws.String(seedKey), aws.String(seedMD5)
	}))
	get := &sdk.GetObjectInput{Bucket: aws.String("copies"), Key: aws.String("k")}
	getWithCustomerKey(get)
	got, err := c.GetObject(ctx, get)
	w.ok(err)
	if content(got) != "one" {
		t.Error("re-keyed body differs")
	}
	w.refused(copyOnto(func(in *sdk.CopyObjectInput) { in.Key = aws.String("k2") }), 400, "InvalidRequest", "The object was stored using a form of Server Side Encryption")
}

// TestCopyNeedsBothSides: reading the source, writing the destination, and the
// tags on both.
func TestCopyNeedsBothSides(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "from", noRule)
	w.bucket(home, "to-here", noRule)
	_, err := w.root(home).PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("from"), Key: aws.String("k"), Body: reader("x"), Tagging: aws.String("a=b")})
	w.ok(err)
	all := []struct{ action, resource string }{
		{"s3:GetObject", "arn:aws:s3:::from/k"}, {"s3:PutObject", "arn:aws:s3:::to-here/k"},
		{"s3:GetObjectTagging", "arn:aws:s3:::from/k"}, {"s3:PutObjectTagging", "arn:aws:s3:::to-here/k"},
	}
	for missing := range len(all) + 1 {
		var statements []iam.Statement
		for i, a := range all {
			if i != missing {
				statements = append(statements, allow(iam.Strings{a.action}, iam.Strings{a.resource}))
			}
		}
		c := w.client(w.user(home, "without"+string(rune('a'+missing)), statements...), tokyo)
		_, err := c.CopyObject(ctx, &sdk.CopyObjectInput{Bucket: aws.String("to-here"), Key: aws.String("k"), CopySource: aws.String("from/k")})
		if missing == len(all) {
			w.ok(err)
			continue
		}
		w.refused(err, 403, "AccessDenied", all[missing].action)
	}
}

func TestUploadPartCopy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	w.bucket(home, "parts", noRule)
	c := w.root(home)
	text := bytes.Repeat([]byte("0123456789"), minPart/10+100)
	_, err := c.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("parts"), Key: aws.String("from"), Body: bytes.NewReader(text)})
	w.ok(err)
	id, _ := w.multipart(c, "parts", "to", &sdk.CreateMultipartUploadInput{})
	var parts []types.CompletedPart
	for i, r := range []string{"bytes=5-5242884", "bytes=0-9"} {
		out, err := c.UploadPartCopy(ctx, &sdk.UploadPartCopyInput{
			Bucket: aws.String("parts"), Key: aws.String("to"), UploadId: id, PartNumber: aws.Int32(int32(i + 1)),
			CopySource: aws.String("parts/from"), CopySourceRange: aws.String(r),
		})
		w.ok(err)
		parts = append(parts, types.CompletedPart{PartNumber: aws.Int32(int32(i + 1)), ETag: out.CopyPartResult.ETag})
	}
	_, err = c.UploadPartCopy(ctx, &sdk.UploadPartCopyInput{
		Bucket: aws.String("parts"), Key: aws.String("to"), UploadId: id, PartNumber: aws.Int32(3),
		CopySource: aws.String("parts/from"), CopySourceRange: aws.String("bytes=0-99999999"),
	})
	w.refused(err, 400, "InvalidArgument", "Range specified is not valid")
	_, err = w.complete(c, "parts", "to", id, parts)
	w.ok(err)
	got, err := c.GetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String("parts"), Key: aws.String("to")})
	w.ok(err)
	if content(got) != string(text[5:5242885])+"0123456789" {
		t.Error("parts copied differ")
	}
}
