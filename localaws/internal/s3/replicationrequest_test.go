package s3

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
)

// twoParts is a body of two parts.
var twoParts = [][]byte{bytes.Repeat([]byte("0123456789abcdef"), minPart/16), []byte("the rest")}

// putParts puts an object in parts, waits, and returns its status.
func (p *pair) putParts(key string, create *sdk.CreateMultipartUploadInput) string {
	p.t.Helper()
	c := p.root(home)
	id, parts := p.multipart(c, sourceBucket, key, create, twoParts...)
	_, err := p.complete(c, sourceBucket, key, id, parts)
	p.ok(err)
	p.wait()
	return p.status(key, func(in *sdk.HeadObjectInput) {
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = create.SSECustomerAlgorithm, create.SSECustomerKey, create.SSECustomerKeyMD5
	})
}

// status is the replication status of a source object.
func (p *pair) status(key string, change func(*sdk.HeadObjectInput)) string {
	p.t.Helper()
	in := &sdk.HeadObjectInput{Bucket: aws.String(sourceBucket), Key: &key}
	if change != nil {
		change(in)
	}
	out, err := p.root(home).HeadObject(context.Background(), in)
	p.ok(err)
	return string(out.ReplicationStatus)
}

// retag sets one tag of a source object, waits, and returns the object's status.
func (p *pair) retag(key, value string) string {
	p.t.Helper()
	_, err := p.root(home).PutObjectTagging(context.Background(), &sdk.PutObjectTaggingInput{
		Bucket: aws.String(sourceBucket), Key: &key, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("team"), Value: &value}}},
	})
	p.ok(err)
	p.wait()
	return p.status(key, nil)
}

// TestRequestsOfAReplication: how often s3:ReplicateObject is asked, and with
// which condition keys.
func TestRequestsOfAReplication(t *testing.T) {
	t.Parallel()
	const (
		sse      = "s3:x-amz-server-side-encryption"
		keyID    = "s3:x-amz-server-side-encryption-aws-kms-key-id"
		customer = "s3:x-amz-server-side-encryption-customer-algorithm"
	)
	none := map[string]iam.Strings(nil)
	sseC := map[string]iam.Strings{customer: {"AES256"}}
	tagged := aws.String("team=blue")
	large := func(size int) func(*sdk.PutObjectInput) {
		return func(in *sdk.PutObjectInput) { in.Body = bytes.NewReader(make([]byte, size)) }
	}
	for name, e := range map[string]struct {
		put   func(*sdk.PutObjectInput)
		parts *sdk.CreateMultipartUploadInput
		want  func(p *pair) []map[string]iam.Strings
	}{
		"SSE-KMS": {put: func(*sdk.PutObjectInput) {}, want: func(p *pair) []map[string]iam.Strings {
			return []map[string]iam.Strings{{sse: {"aws:kms"}, keyID: {p.destKey}}}
		}},
		"SSE-S3": {put: func(in *sdk.PutObjectInput) { in.ServerSideEncryption = "AES256" }, want: func(*pair) []map[string]iam.Strings {
			return []map[string]iam.Strings{{sse: {"AES256"}}}
		}},
		"SSE-C": {put: withCustomerKey, want: func(*pair) []map[string]iam.Strings { return []map[string]iam.Strings{sseC} }},
		"with a tag": {put: func(in *sdk.PutObjectInput) { in.Tagging = tagged }, want: func(p *pair) []map[string]iam.Strings {
			return []map[string]iam.Strings{{sse: {"aws:kms"}, keyID: {p.destKey}}, none}
		}},
		"in parts": {parts: &sdk.CreateMultipartUploadInput{}, want: func(p *pair) []map[string]iam.Strings {
			return []map[string]iam.Strings{{sse: {"aws:kms"}, keyID: {p.destKey}}, none, none, none}
		}},
		"in parts, with a tag": {parts: &sdk.CreateMultipartUploadInput{Tagging: tagged}, want: func(p *pair) []map[string]iam.Strings {
			return []map[string]iam.Strings{{sse: {"aws:kms"}, keyID: {p.destKey}}, none, none, none, none}
		}},
		"in parts under DSSE-KMS": {parts: &sdk.CreateMultipartUploadInput{ServerSideEncryption: "aws:kms:dsse"}, want: func(p *pair) []map[string]iam.Strings {
			return []map[string]iam.Strings{{sse: {"aws:kms:dsse"}, keyID: {p.destKey}}, none, none, none}
		}},
		"in parts under SSE-C": {parts: &sdk.CreateMultipartUploadInput{SSECustomerAlgorithm: aws.String("AES256"), SSECustomerKey: aws.String(seedKey), SSECustomerKeyMD5: aws.String(seedMD5)},
			want: func(*pair) []map[string]iam.Strings { return []map[string]iam.Strings{sseC, sseC, sseC, sseC} }},
		"put whole, as large as one part": {put: large(replicationPart), want: func(p *pair) []map[string]iam.Strings {
			return []map[string]iam.Strings{{sse: {"aws:kms"}, keyID: {p.destKey}}}
		}},
		"put whole, larger": {put: large(replicationPart + 1), want: func(p *pair) []map[string]iam.Strings {
			return []map[string]iam.Strings{{sse: {"aws:kms"}, keyID: {p.destKey}}, none, none, none}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			p.build()
			var status string
			if e.parts != nil {
				status = p.putParts("k", e.parts)
			} else {
				status = p.put("k", e.put, nil)
			}
			if status != "COMPLETED" {
				t.Fatalf("status %s: %+v", status, p.lastFailure())
			}
			if diff := cmp.Diff(e.want(p), p.access.of("s3:ReplicateObject")); diff != "" {
				t.Errorf("decisions on s3:ReplicateObject (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEachRequestOfAReplicationHasItsCode refuses one request after the other.
// Nothing may be left at the destination, and no file.
func TestEachRequestOfAReplicationHasItsCode(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.build()
	for i, reason := range []string{
		"DstMultipartInitNotPermitted", "DstMultipartUploadNotPermitted", "DstMultipartUploadNotPermitted",
		"DstMultipartCompleteNotPermitted", "DstPutTaggingNotPermitted",
	} {
		n := 0
		p.access.when(func(x api.Access) bool {
			if x.Action != "s3:ReplicateObject" {
				return false
			}
			n++
			return n == i+1
		})
		before := len(p.files())
		status := p.putParts("k", &sdk.CreateMultipartUploadInput{Tagging: aws.String("team=blue")})
		if got := p.lastFailure(); status != "FAILED" || got.Reason != reason {
			t.Errorf("request %d refused: status %s, failure %+v, want %s", i+1, status, got, reason)
		}
		if n := len(p.files()) - before; n != 1 { // of the source's first part
			t.Errorf("request %d refused: %d files more, want 1", i+1, n)
		}
	}
	target, err := p.s3.find(targetBucket)
	p.ok(err)
	if len(target.index.keys)+len(target.uploads) != 0 {
		t.Errorf("the destination holds %v and %d uploads", target.index.keys, len(target.uploads))
	}
}

// TestUnguardedDenyOfOtherKeysRefusesPartsAndTags: "ArnNotEquals" is true for a
// request that names no key.
func TestUnguardedDenyOfOtherKeysRefusesPartsAndTags(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.denyOtherKeys()
	p.build()
	if status := p.put("whole", nil, nil); status != "COMPLETED" {
		t.Errorf("an object put whole: %s %+v", status, p.lastFailure())
	}
	if status := p.putParts("parts", &sdk.CreateMultipartUploadInput{}); status != "FAILED" || p.lastFailure().Reason != "DstMultipartUploadNotPermitted" {
		t.Errorf("an object in parts: %s %+v", status, p.lastFailure())
	}
	_, err := p.replica("parts", nil)
	p.refused(err, 404, "NoSuchKey", "")
	if status := p.retag("whole", "red"); status != "FAILED" || p.lastFailure().Reason != "DstPutTaggingNotPermitted" {
		t.Errorf("a changed tag: %s %+v", status, p.lastFailure())
	}
	if n := len(p.replicaTags("whole")); n != 0 {
		t.Errorf("the replica has %d tags", n)
	}
}

func (p *pair) replicaTags(key string) []types.Tag {
	p.t.Helper()
	out, err := p.root(abroad).GetObjectTagging(context.Background(), &sdk.GetObjectTaggingInput{Bucket: aws.String(targetBucket), Key: &key})
	p.ok(err)
	return out.TagSet
}

// TestGuardedDenyOfOtherKeysLetsPartsAndTagsArrive, and still refuses a replica
// under another key and one under no key that is named.
func TestGuardedDenyOfOtherKeysLetsPartsAndTagsArrive(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.denyOtherKeysGuarded()
	p.mayEncryptWithSource()
	p.build()
	if status := p.putParts("parts", &sdk.CreateMultipartUploadInput{Tagging: aws.String("team=blue")}); status != "COMPLETED" {
		t.Fatalf("an object in parts: %s %+v", status, p.lastFailure())
	}
	out, err := p.replica("parts", nil)
	p.ok(err)
	if content(out) != string(slices.Concat(twoParts...)) || *out.SSEKMSKeyId != p.destKey {
		t.Errorf("the replica is another: %+v", out)
	}
	if status := p.retag("parts", "red"); status != "COMPLETED" {
		t.Errorf("a changed tag: %s %+v", status, p.lastFailure())
	}
	if tags := p.replicaTags("parts"); len(tags) != 1 || *tags[0].Value != "red" {
		t.Errorf("the replica's tags are %+v", tags)
	}

	p.replicaKey = p.sourceKey
	p.ok(p.rule())
	for key, put := range map[string]func() string{
		"whole": func() string { return p.put("whole", nil, nil) },
		"large": func() string { return p.putParts("large", &sdk.CreateMultipartUploadInput{}) },
	} {
		reason := map[string]string{"whole": "DstPutObjectNotPermitted", "large": "DstMultipartInitNotPermitted"}[key]
		if status := put(); status != "FAILED" || p.lastFailure().Reason != reason {
			t.Errorf("%s under a foreign key: %s %+v, want %s", key, status, p.lastFailure(), reason)
		}
	}

	// PutBucketReplication refuses a rule for SSE-KMS without a key. If S3 ever
	// sent a request without one, it would be under aws/s3 of the source.
	b, err := p.s3.find(sourceBucket)
	p.ok(err)
	c := *b.settings().Replication
	c.Rules = slices.Clone(c.Rules)
	c.Rules[0].Destination.EncryptionConfiguration = nil
	p.ok(b.change(func(cfg *configuration.Bucket) error { cfg.Replication = &c; return nil }))
	if status := p.put("no key", nil, nil); status != "FAILED" || p.lastFailure().Reason != "DstPutObjectNotPermitted" {
		t.Errorf("aws:kms without a key: %s %+v", status, p.lastFailure())
	}
	asked := p.access.of("s3:ReplicateObject")
	if diff := cmp.Diff(map[string]iam.Strings{"s3:x-amz-server-side-encryption": {"aws:kms"}}, asked[len(asked)-1]); diff != "" {
		t.Errorf("condition keys (-want +got):\n%s", diff)
	}
}

// TestObjectArrivesWithoutTheTagsThatTheRoleMayNotRead.
//
// Source: S3 user guide, setting-repl-config-perm-overview: without
// s3:GetObjectVersionTagging S3 "replicates the objects, but not the object tags".
func TestObjectArrivesWithoutTheTagsThatTheRoleMayNotRead(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.roleStatements = append(p.roleStatements, iam.Statement{Effect: iam.Deny, Action: iam.Strings{"s3:GetObjectVersionTagging"}, Resource: iam.Strings{"*"}})
	p.build()
	tagged := func(in *sdk.PutObjectInput) { in.Tagging = aws.String("team=blue") }
	if status := p.put("k", tagged, nil); status != "COMPLETED" {
		t.Fatalf("%s %+v", status, p.lastFailure())
	}
	if tags := p.replicaTags("k"); len(tags) != 0 {
		t.Errorf("the replica has the tags %+v", tags)
	}
	if status := p.retag("k", "red"); status != "FAILED" || p.lastFailure().Reason != "SrcGetTaggingNotPermitted" {
		t.Errorf("a changed tag: %s %+v", status, p.lastFailure())
	}
}

// TestDeniedReplicateTagsKeepsTagsOut, though s3:ReplicateObject is allowed.
func TestDeniedReplicateTagsKeepsTagsOut(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.deny("s3:ReplicateTags", nil)
	p.build()
	if status := p.put("k", nil, nil); status != "COMPLETED" {
		t.Fatalf("without tags: %s %+v", status, p.lastFailure())
	}
	if status := p.retag("k", "red"); status != "FAILED" || p.lastFailure().Reason != "DstPutTaggingNotPermitted" {
		t.Errorf("a changed tag: %s %+v", status, p.lastFailure())
	}
	if tags := p.replicaTags("k"); len(tags) != 0 {
		t.Errorf("the replica has the tags %+v", tags)
	}
}
