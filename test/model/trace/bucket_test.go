package trace

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/internal/sweep"
)

// A version is one of an object.
type version struct {
	id, keyID, customer string // customer is the key as a request has it
	tag                 string
	body                int // the number of the put
	marker              bool
}

// A bucket is that of S3, with versions.
type bucket struct {
	versions map[string][]*version // by key; the last is the current one
	acked    map[string]int        // the number that was acknowledged last
	made     int
	numbers  int // of puts and deletes
}

func newBucket() *bucket { return &bucket{versions: map[string][]*version{}, acked: map[string]int{}} }

func (b *bucket) add(key string, v version) *version {
	b.made++
	v.id = fmt.Sprint("s", b.made)
	b.versions[key] = append(b.versions[key], &v)
	return &v
}

func (b *bucket) current(key string) *version {
	if all := b.versions[key]; len(all) > 0 {
		return all[len(all)-1]
	}
	return nil
}

// deleted says whether a delete was the last thing that was acknowledged.
func (b *bucket) deleted(key string) bool {
	for _, v := range b.versions[key] {
		if v.marker && v.body == b.acked[key] {
			return true
		}
	}
	return false
}

// find is the version with an id, or with "" the current one.
func (b *bucket) find(key, id string) (*version, error) {
	if id == "" {
		if v := b.current(key); v != nil && !v.marker {
			return v, nil
		}
		return nil, named(404, "NotFound")
	}
	for _, v := range b.versions[key] {
		switch {
		case v.id == id && v.marker:
			return nil, named(405, "MethodNotAllowed")
		case v.id == id:
			return v, nil
		}
	}
	return nil, named(404, "NoSuchVersion")
}

// opened is an error unless the version is under the key.
func (v *version) opened(key *string) error {
	switch aws.ToString(key) {
	case "":
		return named(400, "InvalidRequest")
	case v.customer:
		return nil
	}
	return named(403, "AccessDenied")
}

func (v *version) etag() string { return `"` + v.id + `"` }

// A bucketClient is somebody's access to the bucket. What it lacks is not asked
// for with small objects.
type bucketClient struct {
	sweep.S3
	*actor
	*bucket
	secret *secret
}

// put is a put function's PutObject, under the primary key of its ring.
func (c bucketClient) put(ctx context.Context, key string, number int, ring *ssec.Ring) error {
	id, primary := ring.Primary()
	_, customer, _ := primary.Customer()
	return c.call(ctx, fmt.Sprintf("PutObject %s under %s", key, id), func() error {
		c.add(key, version{keyID: id, customer: *customer, tag: id, body: number})
		c.acked[key] = number
		c.counts.puts++
		c.allowWrite(id, functionTimeout)
		return nil
	})
}

func (c bucketClient) CopyObject(ctx context.Context, in *s3.CopyObjectInput, _ ...func(*s3.Options)) (*s3.CopyObjectOutput, error) {
	name, id, _ := strings.Cut(*in.CopySource, "?versionId=")
	_, key, _ := strings.Cut(name, "/")
	err := c.call(ctx, "CopyObject "+key, func() error {
		from, err := c.find(key, id)
		if err == nil {
			err = from.opened(in.CopySourceSSECustomerKey)
		}
		if err != nil {
			return err
		}
		now := c.bucket.current(key)
		switch {
		case in.CopySourceIfMatch != nil && *in.CopySourceIfMatch != from.etag():
			return named(412, "PreconditionFailed")
		case in.IfMatch != nil && now.marker:
			return named(404, "NoSuchKey")
		case in.IfMatch != nil && *in.IfMatch != now.etag():
			return named(412, "PreconditionFailed")
		}
		tags, err := url.ParseQuery(*in.Tagging)
		if err != nil {
			return err
		}
		keyID := tags.Get(ssec.KeyIDTag)
		c.add(key, version{keyID: keyID, customer: *in.SSECustomerKey, tag: keyID, body: from.body})
		c.counts.copies++
		c.allowWrite(keyID, sweep.WriteTime)
		return nil
	})
	return &s3.CopyObjectOutput{}, err
}

func (c bucketClient) HeadObject(ctx context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options)) (out *s3.HeadObjectOutput, err error) {
	err = c.call(ctx, "HeadObject "+*in.Key, func() error {
		v, err := c.find(*in.Key, aws.ToString(in.VersionId))
		if err == nil {
			err = v.opened(in.SSECustomerKey)
		}
		if err == nil {
			etag, id := v.etag(), v.id
			out = &s3.HeadObjectOutput{
				ETag: &etag, VersionId: &id, ContentLength: aws.Int64(1),
				SSECustomerAlgorithm: in.SSECustomerAlgorithm, SSECustomerKeyMD5: in.SSECustomerKeyMD5,
			}
		}
		return err
	})
	return out, err
}

func (c bucketClient) GetObjectTagging(ctx context.Context, in *s3.GetObjectTaggingInput, _ ...func(*s3.Options)) (out *s3.GetObjectTaggingOutput, err error) {
	err = c.call(ctx, "GetObjectTagging "+*in.Key, func() error {
		v, err := c.find(*in.Key, aws.ToString(in.VersionId))
		if err == nil {
			out = &s3.GetObjectTaggingOutput{TagSet: []types.Tag{{Key: aws.String(ssec.KeyIDTag), Value: aws.String(v.tag)}}}
		}
		return err
	})
	return out, err
}

func (c bucketClient) ListObjectVersions(ctx context.Context, in *s3.ListObjectVersionsInput, _ ...func(*s3.Options)) (*s3.ListObjectVersionsOutput, error) {
	out := &s3.ListObjectVersionsOutput{IsTruncated: aws.Bool(false)}
	err := c.call(ctx, "ListObjectVersions", func() error {
		for _, key := range names {
			all := c.versions[key]
			for i := len(all) - 1; i >= 0; i-- {
				v, latest := all[i], aws.Bool(i == len(all)-1)
				if v.marker {
					out.DeleteMarkers = append(out.DeleteMarkers, types.DeleteMarkerEntry{Key: &key, VersionId: &v.id, IsLatest: latest})
				} else {
					out.Versions = append(out.Versions, types.ObjectVersion{Key: &key, VersionId: &v.id, IsLatest: latest, Size: aws.Int64(1)})
				}
			}
		}
		return nil
	})
	return out, err
}

func (c bucketClient) ListMultipartUploads(ctx context.Context, _ *s3.ListMultipartUploadsInput, _ ...func(*s3.Options)) (*s3.ListMultipartUploadsOutput, error) {
	return &s3.ListMultipartUploadsOutput{}, c.call(ctx, "ListMultipartUploads", func() error { return nil })
}

// The upload with which a rotation tries the new key leaves nothing.
func (c bucketClient) CreateMultipartUpload(ctx context.Context, _ *s3.CreateMultipartUploadInput, _ ...func(*s3.Options)) (*s3.CreateMultipartUploadOutput, error) {
	return &s3.CreateMultipartUploadOutput{UploadId: aws.String("u")}, c.call(ctx, "CreateMultipartUpload", func() error { return nil })
}

func (c bucketClient) UploadPart(ctx context.Context, _ *s3.UploadPartInput, _ ...func(*s3.Options)) (*s3.UploadPartOutput, error) {
	return &s3.UploadPartOutput{}, c.call(ctx, "UploadPart", func() error { return nil })
}

func (c bucketClient) AbortMultipartUpload(ctx context.Context, _ *s3.AbortMultipartUploadInput, _ ...func(*s3.Options)) (*s3.AbortMultipartUploadOutput, error) {
	return &s3.AbortMultipartUploadOutput{}, c.call(ctx, "AbortMultipartUpload", func() error { return nil })
}
