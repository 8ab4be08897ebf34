package s3

import (
	"encoding/hex"
	"strings"
	"sync"
	"time"

	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// bucket is a bucket with all its versions. Its name is global; name, account
// and region never change.
type bucket struct {
	name, account, region string
	location              string // location constraint: the Region, or what stands for it
	created               time.Time
	naming                configuration.Naming // by the template that made it

	mu      sync.RWMutex // guards all below, and the mutable fields of versions
	deleted bool
	config  configuration.Bucket
	index   index
	uploads map[string]*upload
}

func newBucket(name, account, region string, now time.Time) *bucket {
	location := region
	if region == oldest {
		location = ""
	}
	return &bucket{
		name: name, account: account, region: region, location: location, created: now,
		config:  configuration.New(),
		index:   index{versions: map[string][]*version{}},
		uploads: map[string]*upload{},
	}
}

// arn is the ARN of the bucket, or of an object in it.
func (b *bucket) arn(key string) string {
	arn := "arn:" + partition.Of(b.region).Name + ":s3:::" + b.name
	if key != "" {
		arn += "/" + key
	}
	return arn
}

// sse is the bucket as its encryption sees it.
func (b *bucket) sse() sse.Bucket {
	return sse.Bucket{ARN: b.arn(""), Account: b.account, Region: b.region}
}

// settings is a copy of the bucket's configuration.
func (b *bucket) settings() configuration.Bucket {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.config
}

// change changes the configuration in one step.
func (b *bucket) change(f func(*configuration.Bucket) error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.deleted {
		return fault.NoSuchBucket(b.name)
	}
	c := b.config
	if err := f(&c); err != nil {
		return err
	}
	b.config = c
	return nil
}

// bucket finds the bucket of a request. It must have come to the endpoint of
// the bucket's Region, and name its owner if it expects one.
//
// Source: S3 API reference, ErrorResponses (PermanentRedirect); S3 user guide,
// bucket-owner-condition.
func (s *Service) bucket(rq *request) (*bucket, error) {
	b, err := s.find(rq.Bucket)
	if err != nil {
		return nil, err
	}
	rq.BucketOwner = b.account
	if want := rq.header("x-amz-expected-bucket-owner"); want != "" && want != b.account {
		return nil, fault.AccessDenied()
	}
	// A client asks for the Region with GetBucketLocation.
	if c := rq.Call.Region; c != "" && c != b.region && rq.Operation != "GetBucketLocation" {
		rq.w.Header().Set("x-amz-bucket-region", b.region)
		return nil, fault.With(api.Errorf(301, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint."),
			"Bucket", b.name, "Endpoint", "s3."+b.region+".amazonaws.com")
	}
	return b, nil
}

func (s *Service) find(name string) (*bucket, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if b, ok := s.buckets[name]; ok {
		return b, nil
	}
	return nil, fault.NoSuchBucket(name)
}

// CanonicalUserID is an account's other id, by which S3 names owners and root
// users: 64 hexadecimal digits.
func CanonicalUserID(account string) string {
	id := hex.EncodeToString([]byte("account " + account))
	return id + strings.Repeat("0", max(0, 64-len(id)))
}
