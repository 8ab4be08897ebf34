package s3

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

const everything = "*"

func TestKeyThatCannotEncrypt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	c := w.root(home)
	disabled := w.key(home, tokyo)
	w.disable(disabled)
	for name, e := range map[string]struct {
		key    string
		status int
		code   string
	}{
		"does not exist":            {"arn:aws:kms:ap-northeast-1:111122223333:key/12345678-1234-1234-1234-123456789012", 400, "KMS.NotFoundException"},
		"in another Region":         {w.key(home, "us-east-1"), 400, "KMS.NotFoundException"},
		"disabled":                  {disabled, 400, "KMS.DisabledException"},
		"of another account, alone": {w.key(abroad, tokyo), 403, "AccessDenied"},
	} {
		bucket := fmt.Sprintf("keys-%x-%d", name[:4], len(name))
		w.bucket(home, bucket, defaulting("aws:kms", e.key, false)) // S3 doesn't look at the key
		_, err := c.PutObject(ctx, &sdk.PutObjectInput{Bucket: &bucket, Key: aws.String("k"), Body: reader("x")})
		w.refused(err, e.status, e.code, "")
	}
}

func TestKeyPolicyDecidesReaderAndWriter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	key := w.key(home, tokyo)
	viaS3 := iam.Condition{"StringEquals": {"kms:ViaService": {"s3.ap-northeast-1.amazonaws.com"}}}
	on := func(actions ...string) iam.Statement {
		return iam.Statement{Effect: iam.Allow, Action: actions, Resource: iam.Strings{key}, Condition: viaS3}
	}
	objects := allow(iam.Strings{"s3:*"}, iam.Strings{everything})
	writer := w.client(w.user(home, "writer", objects, on("kms:GenerateDataKey")), tokyo)
	reads := w.client(w.user(home, "reader", objects, on("kms:Decrypt")), tokyo)
	neither := w.client(w.user(home, "neither", objects), tokyo)
	w.bucket(home, "decided", defaulting("aws:kms", key, false))
	put := &sdk.PutObjectInput{Bucket: aws.String("decided"), Key: aws.String("k")}
	get := &sdk.GetObjectInput{Bucket: aws.String("decided"), Key: aws.String("k")}
	for _, c := range []*sdk.Client{neither, reads} {
		put.Body = reader("x")
		_, err := c.PutObject(ctx, put)
		w.refused(err, 403, "AccessDenied", "kms:GenerateDataKey")
	}
	put.Body = reader("text")
	_, err := writer.PutObject(ctx, put)
	w.ok(err)
	for _, c := range []*sdk.Client{neither, writer} {
		_, err := c.GetObject(ctx, get)
		w.refused(err, 403, "AccessDenied", "kms:Decrypt")
	}
	out, err := reads.GetObject(ctx, get)
	w.ok(err)
	if content(out) != "text" {
		t.Error("another body")
	}
	// HEAD needs no key.
	_, err = neither.HeadObject(ctx, &sdk.HeadObjectInput{Bucket: put.Bucket, Key: put.Key})
	w.ok(err)
	// Multipart: the parts need kms:Decrypt.
	mpu, err := writer.CreateMultipartUpload(ctx, &sdk.CreateMultipartUploadInput{Bucket: put.Bucket, Key: put.Key})
	w.ok(err)
	_, err = writer.UploadPart(ctx, &sdk.UploadPartInput{Bucket: put.Bucket, Key: put.Key, UploadId: mpu.UploadId, PartNumber: aws.Int32(1), Body: reader("x")})
	w.refused(err, 403, "AccessDenied", "kms:Decrypt")
	w.disable(key)
	_, err = reads.GetObject(ctx, get)
	w.refused(err, 400, "KMS.DisabledException", "")
}

// TestEncryptionContext: the context is the object's ARN, with a bucket key
// the bucket's.
func TestEncryptionContext(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]struct {
		bucketKey bool
		context   string
		ok        bool
	}{
		"object ARN":                 {false, "arn:aws:s3:::context/k", true},
		"bucket ARN, no bucket key":  {false, "arn:aws:s3:::context", false},
		"bucket ARN with bucket key": {true, "arn:aws:s3:::context", true},
		"object ARN with bucket key": {true, "arn:aws:s3:::context/k", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			key := w.key(home, tokyo)
			w.bucket(home, "context", defaulting("aws:kms", key, e.bucketKey))
			c := w.client(w.user(home, "user", allow(iam.Strings{"s3:*"}, iam.Strings{everything}), iam.Statement{
				Effect: iam.Allow, Action: iam.Strings{"kms:GenerateDataKey", "kms:Decrypt"}, Resource: iam.Strings{key},
				Condition: iam.Condition{"StringEquals": {"kms:EncryptionContext:aws:s3:arn": {e.context}}},
			}), tokyo)
			_, err := c.PutObject(context.Background(), &sdk.PutObjectInput{Bucket: aws.String("context"), Key: aws.String("k"), Body: reader("x")})
			if e.ok {
				w.ok(err)
				_, err = c.GetObject(context.Background(), &sdk.GetObjectInput{Bucket: aws.String("context"), Key: aws.String("k")})
				w.ok(err)
				return
			}
			w.refused(err, 403, "AccessDenied", "kms:GenerateDataKey")
		})
	}
}

// TestBucketKeyIsOneForEachRequester: never another's.
func TestBucketKeyIsOneForEachRequester(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	key := w.key(home, tokyo)
	w.bucket(home, "shared", defaulting("aws:kms", key, true))
	a := w.client(w.user(home, "a", allow(iam.Strings{"s3:*", "kms:*"}, iam.Strings{everything})), tokyo)
	b := w.client(w.user(home, "b", allow(iam.Strings{"s3:*"}, iam.Strings{everything})), tokyo)
	for _, k := range []string{"1", "2"} {
		_, err := a.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("shared"), Key: &k, Body: reader(k)})
		w.ok(err)
	}
	_, err := b.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("shared"), Key: aws.String("3"), Body: reader("3")})
	w.refused(err, 403, "AccessDenied", "kms:GenerateDataKey")
	_, err = b.GetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String("shared"), Key: aws.String("1")})
	w.refused(err, 403, "AccessDenied", "kms:Decrypt")
}

func TestKMSRequestsThatS3Refuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "default-kms", defaulting("aws:kms", "", false))
	w.bucket(home, "default-s3", noRule)
	secure := "Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a secure connection."
	for name, e := range map[string]struct {
		plain                bool
		method, path         string
		header               map[string]string
		code, message, value string
	}{
		"default aws:kms over http": {true, "PUT", "/default-kms/k", nil, "InvalidArgument", secure, "null"},
		"header aws:kms over http":  {true, "PUT", "/default-s3/k", map[string]string{sse.Header: "aws:kms"}, "InvalidArgument", secure, "null"},
		"key id without aws:kms": {false, "PUT", "/default-s3/k", map[string]string{sse.HeaderKMSKeyID: "alias/x"}, "InvalidArgument",
			"Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms", ""},
		"unknown method":          {false, "PUT", "/default-s3/k", map[string]string{sse.Header: "AES512"}, "InvalidArgument", "The encryption method specified is not supported", "AES512"},
		"GET with an SSE header":  {false, "GET", "/default-s3/k", map[string]string{sse.Header: "AES256"}, "InvalidArgument", "x-amz-server-side-encryption header is not supported for this operation.", "AES256"},
		"HEAD with an SSE header": {false, "HEAD", "/default-s3/k", map[string]string{sse.Header: "aws:kms"}, "", "", ""},
	} {
		server := w.tls
		if e.plain {
			server = w.plain
		}
		a := w.send(server, e.method, e.path, "", e.header)
		if a.status != 400 || a.err.Code != e.code || a.err.Message != e.message || a.err.ArgumentValue != e.value {
			t.Errorf("%s: %d %+v", name, a.status, a.err)
		}
	}
	// The same put without KMS works over http.
	if a := w.send(w.plain, "PUT", "/default-s3/k", "x", nil); a.status != 200 {
		t.Errorf("SSE-S3 over http: %d %s", a.status, a.body)
	}
}
