package s3

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// update puts an object under a key in place; version "" is the current one.
func (w *world) update(c *sdk.Client, bucket, key, version, kmsKey string, bucketKey bool) error {
	in := &sdk.UpdateObjectEncryptionInput{Bucket: &bucket, Key: &key, ObjectEncryption: &types.ObjectEncryptionMemberSSEKMS{
		Value: types.SSEKMSEncryption{KMSKeyArn: &kmsKey, BucketKeyEnabled: &bucketKey},
	}}
	if version != "" {
		in.VersionId = &version
	}
	_, err := c.UpdateObjectEncryption(context.Background(), in)
	return err
}

func (w *world) head(bucket, key string) *sdk.HeadObjectOutput {
	w.t.Helper()
	out, err := w.root(home).HeadObject(context.Background(), &sdk.HeadObjectInput{Bucket: &bucket, Key: &key, ChecksumMode: "ENABLED"})
	w.ok(err)
	return out
}

// TestUpdatedObjectIsTheSameUnderAnotherKey: from and to every encryption that
// the operation knows.
func TestUpdatedObjectIsTheSameUnderAnotherKey(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, from := range map[string]func(old string) types.ServerSideEncryptionRule{
		"SSE-S3":                    func(string) types.ServerSideEncryptionRule { return noRule },
		"SSE-KMS":                   func(old string) types.ServerSideEncryptionRule { return defaulting("aws:kms", old, false) },
		"SSE-KMS with a bucket key": func(old string) types.ServerSideEncryptionRule { return defaulting("aws:kms", old, true) },
		"SSE-KMS under aws/s3":      func(string) types.ServerSideEncryptionRule { return defaulting("aws:kms", "", false) },
	} {
		for _, bucketKey := range []bool{false, true} {
			for _, inParts := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, bucket key %v, in parts %v", name, bucketKey, inParts), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					c := w.root(home)
					old, renewed := w.key(home, tokyo), w.key(home, tokyo)
					w.bucket(home, "updated", from(old))
					w.versioned(home, "updated")
					text := "the body"
					if inParts {
						text = string(slices.Concat(twoParts...))
						id, parts := w.multipart(c, "updated", "k", &sdk.CreateMultipartUploadInput{Metadata: map[string]string{"a": "b"}, Tagging: aws.String("team=blue"), StorageClass: "STANDARD_IA"}, twoParts...)
						_, err := w.complete(c, "updated", "k", id, parts)
						w.ok(err)
					} else {
						_, err := c.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("updated"), Key: aws.String("k"), Body: reader(text),
							Metadata: map[string]string{"a": "b"}, Tagging: aws.String("team=blue"), StorageClass: "STANDARD_IA"})
						w.ok(err)
					}
					before := w.head("updated", "k")
					w.ok(w.update(c, "updated", "k", "", renewed, bucketKey))
					after := w.head("updated", "k")
					if after.ServerSideEncryption != "aws:kms" || *after.SSEKMSKeyId != renewed || aws.ToBool(after.BucketKeyEnabled) != bucketKey {
						t.Errorf("after the update: %s %s %v", after.ServerSideEncryption, *after.SSEKMSKeyId, after.BucketKeyEnabled)
					}
					same := []cmp.Option{
						cmpopts.IgnoreFields(sdk.HeadObjectOutput{}, "ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled"),
						cmpopts.IgnoreTypes(middleware.Metadata{}), cmpopts.IgnoreUnexported(sdk.HeadObjectOutput{}),
					}
					if diff := cmp.Diff(before, after, same...); diff != "" {
						t.Errorf("the update changed more (-before +after):\n%s", diff)
					}
					attributes, err := c.GetObjectAttributes(ctx, &sdk.GetObjectAttributesInput{Bucket: aws.String("updated"), Key: aws.String("k"), ObjectAttributes: []types.ObjectAttributes{"ObjectParts"}})
					w.ok(err)
					if parts := attributes.ObjectParts; (parts != nil) != inParts || (inParts && *parts.TotalPartsCount != 2) {
						t.Errorf("parts: %+v", parts)
					}
					w.disable(old)
					get := &sdk.GetObjectInput{Bucket: aws.String("updated"), Key: aws.String("k")}
					out, err := c.GetObject(ctx, get)
					w.ok(err)
					if content(out) != text {
						t.Error("another body")
					}
					w.disable(renewed)
					_, err = c.GetObject(ctx, get)
					w.refused(err, 400, "KMS.DisabledException", "")
				})
			}
		}
	}
}

func TestUpdateOfOneVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	c := w.root(home)
	key := w.key(home, tokyo)
	w.bucket(home, "versions", noRule)
	w.versioned(home, "versions")
	var ids []string
	for _, text := range []string{"one", "two"} {
		out, err := c.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("versions"), Key: aws.String("k"), Body: reader(text)})
		w.ok(err)
		ids = append(ids, *out.VersionId)
	}
	w.ok(w.update(c, "versions", "k", ids[0], key, false))
	for i, want := range []types.ServerSideEncryption{"aws:kms", "AES256"} {
		out, err := c.GetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String("versions"), Key: aws.String("k"), VersionId: &ids[i]})
		w.ok(err)
		if out.ServerSideEncryption != want || content(out) != []string{"one", "two"}[i] {
			t.Errorf("version %d is %+v", i, out)
		}
	}
	marker, err := c.DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: aws.String("versions"), Key: aws.String("k")})
	w.ok(err)
	w.refused(w.update(c, "versions", "k", "", key, false), 404, "NoSuchKey", "The specified key does not exist.")
	w.refused(w.update(c, "versions", "k", *marker.VersionId, key, false), 405, "MethodNotAllowed", "")
	w.refused(w.update(c, "versions", "k", newVersionID(), key, false), 404, "NoSuchVersion", "")
	w.refused(w.update(c, "versions", "none", "", key, false), 404, "NoSuchKey", "The specified key does not exist.")
	blind := w.client(w.user(home, "blind", allow(iam.Strings{"s3:UpdateObjectEncryption", "kms:*"}, iam.Strings{everything})), tokyo)
	w.refused(w.update(blind, "versions", "none", "", key, false), 403, "AccessDenied", "")
}

// TestUpdatesThatS3Refuses, with its codes and texts.
func TestUpdatesThatS3Refuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	key, foreign, disabled := w.key(home, tokyo), w.key(abroad, tokyo), w.key(home, tokyo)
	w.disable(disabled)
	w.bucket(home, "refusing", defaulting("aws:kms", key, false))
	for name, change := range map[string]func(*sdk.PutObjectInput){
		"k": func(*sdk.PutObjectInput) {}, "sse-c": withCustomerKey, "sse-s3": func(in *sdk.PutObjectInput) { in.ServerSideEncryption = "AES256" },
		"dsse": func(in *sdk.PutObjectInput) { in.ServerSideEncryption, in.SSEKMSKeyId = "aws:kms:dsse", &key },
	} {
		in := &sdk.PutObjectInput{Bucket: aws.String("refusing"), Key: &name, Body: reader("x")}
		change(in)
		_, err := w.root(home).PutObject(ctx, in)
		w.ok(err)
	}
	kms := func(inner string) string {
		return "<ObjectEncryption><SSE-KMS>" + inner + "</SSE-KMS></ObjectEncryption>"
	}
	arn := func(arn string) string { return kms("<KMSKeyArn>" + arn + "</KMSKeyArn>") }
	id := key[strings.LastIndexByte(key, '/')+1:]
	for name, e := range map[string]struct {
		path, body    string
		header        map[string]string
		status        int
		code, message string
	}{
		"of DSSE-KMS":             {"/refusing/dsse?encryption", arn(key), nil, 400, "InvalidRequest", updateSource},
		"of SSE-C":                {"/refusing/sse-c?encryption", arn(key), nil, 400, "InvalidRequest", updateSource},
		"to DSSE-KMS":             {"/refusing/k?encryption", "<ObjectEncryption><DSSE-KMS/></ObjectEncryption>", nil, 400, "InvalidRequest", updateTarget},
		"to SSE-C":                {"/refusing/k?encryption", "<ObjectEncryption><SSE-C/></ObjectEncryption>", nil, 400, "InvalidRequest", updateTarget},
		"to SSE-S3":               {"/refusing/k?encryption", "<ObjectEncryption><SSE-S3/></ObjectEncryption>", nil, 400, "InvalidRequest", updateType},
		"to nothing":              {"/refusing/k?encryption", "<ObjectEncryption/>", nil, 400, "InvalidRequest", updateType},
		"to two":                  {"/refusing/k?encryption", "<ObjectEncryption><SSE-KMS/><SSE-KMS/></ObjectEncryption>", nil, 400, "InvalidRequest", updateType},
		"another document":        {"/refusing/k?encryption", "<Encryption/>", nil, 400, "MalformedXML", ""},
		"no document":             {"/refusing/k?encryption", "", nil, 400, "MalformedXML", ""},
		"an unknown element":      {"/refusing/k?encryption", kms("<Color>red</Color>"), nil, 501, "NotImplemented", ""},
		"no key":                  {"/refusing/k?encryption", kms(""), nil, 400, "InvalidRequest", updateNeedsARN},
		"key id":                  {"/refusing/k?encryption", arn(id), nil, 400, "InvalidRequest", updateNeedsARN},
		"alias":                   {"/refusing/k?encryption", arn("alias/aws/s3"), nil, 400, "InvalidRequest", updateNeedsARN},
		"ARN of an alias":         {"/refusing/k?encryption", arn("arn:aws:kms:ap-northeast-1:111122223333:alias/aws/s3"), nil, 400, "InvalidRequest", updateBadARN},
		"half an ARN":             {"/refusing/k?encryption", arn("arn:aws:kms:ap-northeast-1:1111:key/" + id), nil, 400, "InvalidRequest", updateBadARN},
		"bucket key":              {"/refusing/k?encryption", kms("<KMSKeyArn>" + key + "</KMSKeyArn><BucketKeyEnabled>yes</BucketKeyEnabled>"), nil, 400, "InvalidRequest", updateBucketKey},
		"key of another account":  {"/refusing/k?encryption", arn(foreign), nil, 403, "AccessDenied", updateAccount},
		"key of another Region":   {"/refusing/k?encryption", arn(w.key(home, "us-east-1")), nil, 400, "KMS.NotFoundException", ""},
		"key that isn't there":    {"/refusing/k?encryption", arn("arn:aws:kms:ap-northeast-1:111122223333:key/12345678-1234-1234-1234-123456789012"), nil, 400, "KMS.NotFoundException", ""},
		"disabled key":            {"/refusing/k?encryption", arn(disabled), nil, 400, "KMS.DisabledException", ""},
		"a header of encryption":  {"/refusing/k?encryption", arn(key), map[string]string{sse.HeaderKMSKeyID: key}, 400, "InvalidArgument", ""},
		"another owner":           {"/refusing/k?encryption", arn(key), map[string]string{"x-amz-expected-bucket-owner": abroad}, 403, "AccessDenied", ""},
		"who pays":                {"/refusing/k?encryption", arn(key), map[string]string{"x-amz-request-payer": "requester"}, 501, "NotImplemented", ""},
		"a body that has changed": {"/refusing/k?encryption", arn(key), map[string]string{"Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg=="}, 400, "BadDigest", ""},
	} {
		a := w.send(w.tls, "PUT", e.path, e.body, e.header)
		if a.status != e.status || a.err.Code != e.code || (e.message != "" && a.err.Message != e.message) {
			t.Errorf("%s: %d %+v, want %d %s %q", name, a.status, a.err, e.status, e.code, e.message)
		}
	}
	for name, mode := range map[string]sse.Mode{"k": sse.KMS, "sse-c": sse.C, "sse-s3": sse.S3, "dsse": sse.DSSEKMS} {
		b, err := w.s3.find("refusing")
		w.ok(err)
		if e := b.index.current(name).encryption; e.Mode != mode || (mode.UsesKMS() && e.KeyARN != key) {
			t.Errorf("after the refusals %s is under %s %s", name, e.Mode, e.KeyARN)
		}
	}
	if a := w.send(w.plain, "PUT", "/refusing/sse-s3?encryption", arn(key), nil); a.status != 400 || a.err.Code != "InvalidArgument" {
		t.Errorf("without TLS: %d %+v", a.status, a.err)
	}
	w.policyAdmittingAll("refusing")
	anonymous := w.client(iam.Anonymous(), tokyo)
	w.refused(w.update(anonymous, "refusing", "k", "", key, false), 400, "InvalidRequest", updateSignature)
}

// policyAdmittingAll makes a bucket public, which Block Public Access would
// keep it from.

func TestUpdateIsNotReplicated(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.build()
	if status := p.put("k", nil, nil); status != "COMPLETED" {
		t.Fatalf("status %s: %+v", status, p.lastFailure())
	}
	asked := len(p.access.of("s3:ReplicateObject"))
	renewed := p.key(home, tokyo)
	p.ok(p.update(p.root(home), sourceBucket, "k", "", renewed, false))
	p.wait()
	if status := p.status("k", nil); status != "COMPLETED" {
		t.Errorf("status %s", status)
	}
	if n := len(p.access.of("s3:ReplicateObject")); n != asked {
		t.Errorf("the update made %d requests to the destination", n-asked)
	}
	p.ok(p.update(p.root(abroad), targetBucket, "k", "", p.key(abroad, tokyo), false))
	out, err := p.replica("k", nil)
	p.ok(err)
	if content(out) != "replicate me" || *out.SSEKMSKeyId == p.destKey || out.ReplicationStatus != "REPLICA" {
		t.Errorf("the updated replica is %+v", out)
	}
	if got := p.head(sourceBucket, "k"); *got.SSEKMSKeyId != renewed {
		t.Errorf("the source is under %s", *got.SSEKMSKeyId)
	}
}

// TestUpdateOfAnObjectThatIsOverwritten leaves the new body alone: it has
// another data key, and would never open again.
func TestUpdateOfAnObjectThatIsOverwritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	c := w.root(home)
	key := w.key(home, tokyo)
	w.bucket(home, "race", noRule)
	put := func(text string) {
		_, err := c.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("race"), Key: aws.String("k"), Body: reader(text)})
		if err != nil {
			t.Error(err)
		}
	}
	put("old")
	w.access.when(func(x api.Access) bool {
		if x.Action == "s3:UpdateObjectEncryption" {
			put("new")
		}
		return false
	})
	w.ok(w.update(c, "race", "k", "", key, false))
	out, err := c.GetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String("race"), Key: aws.String("k")})
	w.ok(err)
	if text := content(out); text != "new" || out.ServerSideEncryption != "AES256" {
		t.Errorf("the object is %q under %s", text, out.ServerSideEncryption)
	}
	// A delete marker may take the place too.
	_, err = c.PutBucketVersioning(ctx, &sdk.PutBucketVersioningInput{Bucket: aws.String("race"), VersioningConfiguration: &types.VersioningConfiguration{Status: "Suspended"}})
	w.ok(err)
	w.access.when(func(x api.Access) bool {
		if x.Action == "s3:UpdateObjectEncryption" {
			if _, err := c.DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: aws.String("race"), Key: aws.String("k")}); err != nil {
				t.Error(err)
			}
		}
		return false
	})
	w.ok(w.update(c, "race", "k", "", key, false))
	_, err = c.GetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String("race"), Key: aws.String("k")})
	w.refused(err, 404, "NoSuchKey", "")
}
