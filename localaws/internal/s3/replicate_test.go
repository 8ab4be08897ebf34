package s3

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
)

func TestReplicaKeepsTypeAndIsReadableAbroad(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]struct {
		change func(*pair)
		put    func(*sdk.PutObjectInput)
		get    func(*sdk.GetObjectInput)
		mode   types.ServerSideEncryption
		kms    bool
		bucket bool
	}{
		"SSE-KMS":                               {mode: "aws:kms", kms: true},
		"SSE-KMS with a bucket key":             {change: func(p *pair) { p.source = defaulting("aws:kms", p.sourceKey, true) }, mode: "aws:kms", kms: true, bucket: true},
		"DSSE-KMS":                              {change: func(p *pair) { p.source = defaulting("aws:kms:dsse", p.sourceKey, false) }, mode: "aws:kms:dsse", kms: true},
		"destination admits its key only":       {change: func(p *pair) { p.denyOtherKeysGuarded() }, mode: "aws:kms", kms: true},
		"SSE-S3, not the destination's default": {put: func(in *sdk.PutObjectInput) { in.ServerSideEncryption = "AES256" }, mode: "AES256"},
		"SSE-C keeps its key":                   {put: withCustomerKey, get: getWithCustomerKey},
		"body in a file": {put: func(in *sdk.PutObjectInput) {
			in.Body = reader("replicate me" + strings.Repeat(".", sealed.SpillOver+1))
		}, mode: "aws:kms", kms: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			if e.change != nil {
				e.change(p)
			}
			p.build()
			put := func(in *sdk.PutObjectInput) {
				in.Tagging, in.Metadata, in.ContentType = aws.String("team=blue"), map[string]string{"a": "b"}, aws.String("text/plain")
				in.ChecksumAlgorithm = "SHA1"
				if e.put != nil {
					e.put(in)
				}
			}
			if status := p.put("k", put, nil); status != "COMPLETED" {
				t.Fatalf("status %s: %+v", status, p.lastFailure())
			}
			out, err := p.replica("k", func(in *sdk.GetObjectInput) {
				in.ChecksumMode = "ENABLED"
				if e.get != nil {
					e.get(in)
				}
			})
			p.ok(err)
			if text := content(out); aws.ToString(out.ChecksumSHA1) != sumOf("SHA1", []byte(text)) || !strings.HasPrefix(text, "replicate me") || out.ReplicationStatus != "REPLICA" || out.ServerSideEncryption != e.mode ||
				out.Metadata["a"] != "b" || *out.ContentType != "text/plain" || aws.ToInt32(out.TagCount) != 1 || aws.ToBool(out.BucketKeyEnabled) != e.bucket {
				t.Errorf("replica %q is %+v", text[:min(20, len(text))], out)
			}
			if e.kms && *out.SSEKMSKeyId != p.destKey {
				t.Errorf("replica is under %s, want the destination's %s", *out.SSEKMSKeyId, p.destKey)
			}
			// Deleting the source leaves the replica whole.
			_, err = p.root(home).DeleteObject(context.Background(), &sdk.DeleteObjectInput{Bucket: aws.String(sourceBucket), Key: aws.String("k"), VersionId: out.VersionId})
			p.ok(err)
			again, err := p.replica("k", e.get)
			p.ok(err)
			if !strings.HasPrefix(content(again), "replicate me") {
				t.Error("the replica went with its source")
			}
		})
	}
}

// TestReplicaUnderTheSourcesKeyIsUnreadable is the trap of a well-known
// article: the rule names a key of the source's account, replication completes,
// and the destination can't read what it has.
func TestReplicaUnderTheSourcesKeyIsUnreadable(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.replicaKey = p.sourceKey
	p.mayEncryptWithSource()
	p.build()
	if status := p.put("k", nil, nil); status != "COMPLETED" {
		t.Fatalf("status %s: %+v", status, p.lastFailure())
	}
	_, err := p.replica("k", nil)
	p.refused(err, 403, "AccessDenied", "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.")
	head, err := p.root(abroad).HeadObject(context.Background(), &sdk.HeadObjectInput{Bucket: aws.String(targetBucket), Key: aws.String("k")})
	p.ok(err)
	if *head.SSEKMSKeyId != p.sourceKey || head.ReplicationStatus != "REPLICA" {
		t.Errorf("replica is %+v", head)
	}
}

func TestWhatIsNotReplicated(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.prefix, p.kmsObjects, p.deleteMarkers = "in/", false, false
	p.build()
	ctx := context.Background()
	if status := p.put("in/kms", nil, nil); status != "" {
		t.Errorf("SSE-KMS object without the opt-in: %s", status)
	}
	plain := func(in *sdk.PutObjectInput) { in.ServerSideEncryption = "AES256" }
	if status := p.put("out/k", plain, nil); status != "" {
		t.Errorf("object outside of the prefix: %s", status)
	}
	if status := p.put("in/k", plain, nil); status != "COMPLETED" {
		t.Errorf("object inside: %s %+v", status, p.lastFailure())
	}
	_, err := p.root(home).DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: aws.String(sourceBucket), Key: aws.String("in/k")})
	p.ok(err)
	p.wait()
	_, err = p.replica("in/k", nil) // the marker stayed at home
	p.ok(err)
	if f := p.s3.ReplicationFailures(); len(f) != 0 {
		t.Errorf("failures: %+v", f)
	}
}

func TestDeleteMarkersAndTagsFollow(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.build()
	ctx := context.Background()
	if status := p.put("k", nil, nil); status != "COMPLETED" {
		t.Fatalf("status %s: %+v", status, p.lastFailure())
	}
	_, err := p.root(home).PutObjectTagging(ctx, &sdk.PutObjectTaggingInput{
		Bucket: aws.String(sourceBucket), Key: aws.String("k"), Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}},
	})
	p.ok(err)
	p.wait()
	tags, err := p.root(abroad).GetObjectTagging(ctx, &sdk.GetObjectTaggingInput{Bucket: aws.String(targetBucket), Key: aws.String("k")})
	p.ok(err)
	if len(tags.TagSet) != 1 || *tags.TagSet[0].Value != "b" {
		t.Errorf("replica's tags are %+v, %+v", tags.TagSet, p.lastFailure())
	}
	_, err = p.root(home).DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: aws.String(sourceBucket), Key: aws.String("k")})
	p.ok(err)
	p.wait()
	_, err = p.replica("k", nil)
	p.refused(err, 404, "NoSuchKey", "")
}

// TestReplicasAreNotReplicatedAgain: A -> B and B -> A end.
func TestReplicasAreNotReplicatedAgain(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.build()
	b, err := p.s3.find(targetBucket)
	p.ok(err)
	back := p.configurationTo(sourceBucket)
	p.ok(b.change(func(c *configuration.Bucket) error { c.Replication = back; return nil }))
	if status := p.put("k", nil, nil); status != "COMPLETED" {
		t.Fatalf("status %s: %+v", status, p.lastFailure())
	}
	source, err := p.s3.find(sourceBucket)
	p.ok(err)
	if n := len(source.index.versions["k"]); n != 1 {
		t.Errorf("%d versions at the source", n)
	}
}

// configurationTo is the source's configuration with another destination.
func (p *pair) configurationTo(destination string) *configuration.Replication {
	p.t.Helper()
	source, err := p.s3.find(sourceBucket)
	p.ok(err)
	c := *source.settings().Replication
	c.Rules = slices.Clone(c.Rules)
	c.Rules[0].Destination.Bucket = "arn:aws:s3:::" + destination
	return &c
}
