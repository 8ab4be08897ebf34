package s3

import (
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
)

// bucketPolicyType makes AWS::S3::BucketPolicy. Ref is the bucket's name.
//
// Source: CloudFormation template reference, AWS::S3::BucketPolicy.
type bucketPolicyType struct{ *Service }

type bucketPolicyProperties struct {
	Bucket         string
	PolicyDocument api.Policy
}

// Validate implements api.Validator.
func (p bucketPolicyProperties) Validate() error {
	if p.Bucket == "" || p.PolicyDocument == "" {
		return api.Errorf(400, "ValidationError", "AWS::S3::BucketPolicy needs Bucket and PolicyDocument")
	}
	return nil
}

// Create puts the policy. A bucket that has one already is refused: two
// resources would overwrite each other.
func (t bucketPolicyType) Create(s api.StackContext, _ string, want bucketPolicyProperties) (api.Resource, error) {
	if b, err := t.find(want.Bucket); err == nil && b.settings().Policy != nil {
		return api.Resource{}, api.Errorf(400, "AlreadyExists", "the bucket %s has a policy already", b.name)
	}
	return t.put(s, want)
}

func (t bucketPolicyType) put(s api.StackContext, want bucketPolicyProperties) (api.Resource, error) {
	b, err := t.find(want.Bucket)
	if err == nil {
		err = t.decide(s.Call, b, "s3:PutBucketPolicy", "", nil)
	}
	if err == nil {
		err = t.setPolicy(s.Call, b, []byte(want.PolicyDocument))
	}
	if err != nil {
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: b.name}, nil
}

// Update puts the new policy, on another bucket if Bucket changes.
func (t bucketPolicyType) Update(s api.StackContext, logicalID string, r api.Resource, _, want bucketPolicyProperties) (api.Resource, error) {
	if want.Bucket != r.PhysicalID {
		return t.Create(s, logicalID, want)
	}
	return t.put(s, want)
}

// Delete removes the policy.
func (t bucketPolicyType) Delete(s api.StackContext, r api.Resource) error {
	b, err := t.find(r.PhysicalID)
	if err != nil {
		return nil // gone already, and its policy with it
	}
	if err := t.decide(s.Call, b, "s3:DeleteBucketPolicy", "", nil); err != nil {
		return err
	}
	return b.change(func(c *configuration.Bucket) error { c.Policy = nil; return nil })
}

// Check reads the policy's grammar; whether it fits the bucket is known only
// once there is one.
func (bucketPolicyType) Check(want bucketPolicyProperties) error {
	if err := configuration.CheckPolicySyntax([]byte(want.PolicyDocument.Known())); err != nil {
		return api.At("PolicyDocument", err)
	}
	return nil
}
