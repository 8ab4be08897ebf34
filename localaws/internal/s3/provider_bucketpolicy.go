package s3

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
)

// BucketPolicyProvider makes AWS::S3::BucketPolicy. Ref is the bucket's name.
//
// Source: CloudFormation template reference, AWS::S3::BucketPolicy.
type BucketPolicyProvider struct{ Service *Service }

type bucketPolicyProperties struct {
	Bucket         string
	PolicyDocument json.RawMessage
}

func readBucketPolicy(raw json.RawMessage) (bucketPolicyProperties, error) {
	var p bucketPolicyProperties
	if err := api.DecodeProperties(raw, &p); err != nil {
		return p, err
	}
	if p.Bucket == "" || len(p.PolicyDocument) == 0 {
		return p, api.Errorf(400, "ValidationError", "AWS::S3::BucketPolicy needs Bucket and PolicyDocument")
	}
	return p, nil
}

// Create puts the policy. A bucket that has one already is refused: two
// resources would overwrite each other.
func (p BucketPolicyProvider) Create(_ context.Context, s api.StackContext, _ string, raw json.RawMessage) (api.Resource, error) {
	want, err := readBucketPolicy(raw)
	if err != nil {
		return api.Resource{}, err
	}
	b, err := p.Service.find(want.Bucket)
	if err != nil {
		return api.Resource{}, err
	}
	if b.settings().Policy != nil {
		return api.Resource{}, api.Errorf(400, "AlreadyExists", "the bucket %s has a policy already", b.name)
	}
	return p.put(s, b, want)
}

func (p BucketPolicyProvider) put(s api.StackContext, b *bucket, want bucketPolicyProperties) (api.Resource, error) {
	if err := p.Service.decide(s.Call, b, "s3:PutBucketPolicy", "", nil); err != nil {
		return api.Resource{}, err
	}
	if err := p.Service.setPolicy(s.Call, b, want.PolicyDocument); err != nil {
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: b.name}, nil
}

// Update puts the new policy, on another bucket if Bucket changes.
func (p BucketPolicyProvider) Update(ctx context.Context, s api.StackContext, logicalID string, r api.Resource, _, after json.RawMessage) (api.Resource, error) {
	want, err := readBucketPolicy(after)
	if err != nil {
		return api.Resource{}, err
	}
	if want.Bucket != r.PhysicalID {
		return p.Create(ctx, s, logicalID, after)
	}
	b, err := p.Service.find(want.Bucket)
	if err != nil {
		return api.Resource{}, err
	}
	return p.put(s, b, want)
}

// Delete takes the policy away.
func (p BucketPolicyProvider) Delete(_ context.Context, s api.StackContext, _ string, r api.Resource) error {
	b, err := p.Service.find(r.PhysicalID)
	if err != nil {
		return nil // gone already, and its policy with it
	}
	if err := p.Service.decide(s.Call, b, "s3:DeleteBucketPolicy", "", nil); err != nil {
		return err
	}
	return b.change(func(c *configuration.Bucket) error { c.Policy = nil; return nil })
}

// Check implements api.Checker. The policy's grammar is checked; whether it fits
// the bucket is known only once there is one.
func (p BucketPolicyProvider) Check(raw json.RawMessage) error {
	want, err := readBucketPolicy(api.Known(raw, bucketPolicyProperties{}))
	if err != nil {
		return err
	}
	if _, err := iam.ParseDocument(api.KnownPolicy(want.PolicyDocument)); err != nil {
		return api.Errorf(400, "MalformedPolicy", "PolicyDocument: %s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return nil
}
