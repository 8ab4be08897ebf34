package s3

import (
	"maps"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// Identifier implements api.ImportableType.
func (bucketType) Identifier() string { return "BucketName" }

// Find is the stack's account's bucket of that name in the stack's Region.
func (t bucketType) Find(s api.StackContext, name string) (api.Resource, error) {
	b, err := t.ownBucket(s, name, "s3:ListBucket")
	if err != nil {
		return api.Resource{}, err
	}
	return resourceOf(b), nil
}

// Import adds the stack's tags to those of the bucket.
func (t bucketType) Import(s api.StackContext, r api.Resource, _ configuration.Properties) error {
	if len(s.Tags) == 0 {
		return nil
	}
	b, err := t.ownBucket(s, r.PhysicalID, "s3:PutBucketTagging")
	if err != nil {
		return err
	}
	return b.change(func(c *configuration.Bucket) error {
		tags := api.TagMap(c.Tags)
		maps.Copy(tags, s.Tags)
		return (&configuration.Tagging{Tags: api.TagList(tags)}).Apply(c)
	})
}

// Identifier implements api.ImportableType.
func (bucketPolicyType) Identifier() string { return "Bucket" }

// Find is the policy of the bucket of that name, if it has one.
func (t bucketPolicyType) Find(s api.StackContext, name string) (api.Resource, error) {
	b, err := t.ownBucket(s, name, "s3:GetBucketPolicy")
	if err != nil {
		return api.Resource{}, err
	}
	if b.settings().Policy == nil {
		return api.Resource{}, api.Errorf(404, "NoSuchBucketPolicy", "The bucket policy does not exist")
	}
	return api.Resource{PhysicalID: b.name}, nil
}

// Import has nothing to do: a bucket policy has no tags.
func (bucketPolicyType) Import(api.StackContext, api.Resource, bucketPolicyProperties) error {
	return nil
}

// ownBucket is a bucket of the stack's account and Region, on which the action
// is allowed. CloudFormation reads in the stack's Region: a bucket of another
// is none of its stack's.
func (s *Service) ownBucket(st api.StackContext, name, action string) (*bucket, error) {
	b, err := s.find(name)
	if err == nil && (b.account != st.Account || b.region != st.Region) {
		err = fault.NoSuchBucket(name)
	}
	if err == nil {
		err = s.decide(st.Call, b, action, "", nil)
	}
	return b, err
}
