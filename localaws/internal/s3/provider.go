package s3

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// BucketProvider makes AWS::S3::Bucket. Ref is the bucket's name.
//
// Source: CloudFormation template reference, AWS::S3::Bucket.
type BucketProvider struct{ Service *Service }

// BucketPolicyProvider makes AWS::S3::BucketPolicy. Ref is the bucket's name.
//
// Source: CloudFormation template reference, AWS::S3::BucketPolicy.
type BucketPolicyProvider struct{ Service *Service }

var (
	_ api.Provider = BucketProvider{}
	_ api.Provider = BucketPolicyProvider{}
)

// Create makes the bucket and sets all its properties; if one is refused, the
// bucket that was made goes again.
func (p BucketProvider) Create(_ context.Context, s api.StackContext, logicalID string, raw json.RawMessage) (api.Resource, error) {
	want, err := readBucketProperties(raw)
	if err != nil {
		return api.Resource{}, err
	}
	name, err := want.naming().of(s, logicalID)
	if err != nil {
		return api.Resource{}, err
	}
	b := newBucket(name, s.Account, s.Region, p.Service.opt.Now())
	b.naming = want.naming()
	keys := map[string]iam.Strings{}
	if want.BucketNamespace != "" {
		keys[namespaceKey] = iam.Strings{want.BucketNamespace}
	}
	if err := p.Service.decide(s.Call, b, "s3:CreateBucket", "", keys); err != nil {
		return api.Resource{}, err
	}
	if err := p.Service.addBucket(b); err != nil {
		return api.Resource{}, err
	}
	if err := p.apply(s, b, bucketProperties{}, want, true); err != nil {
		if undo := p.Service.removeBucket(b); undo != nil {
			return api.Resource{}, fmt.Errorf("%w; and the bucket stays: %w", err, undo)
		}
		return api.Resource{}, err
	}
	return resourceOf(b, s.Partition), nil
}

// Update changes the bucket in place, or makes a new one if what the template
// says of its name changes. After an update that failed it is asked for the
// former properties, which the bucket still has.
func (p BucketProvider) Update(ctx context.Context, s api.StackContext, logicalID string, r api.Resource, before, after json.RawMessage) (api.Resource, error) {
	old, err := readBucketProperties(before)
	if err != nil {
		return api.Resource{}, err
	}
	want, err := readBucketProperties(after)
	if err != nil {
		return api.Resource{}, err
	}
	b, err := p.Service.find(r.PhysicalID)
	if want.naming() != old.naming() && (err != nil || want.naming() != b.naming) {
		return p.Create(ctx, s, logicalID, after)
	}
	if err != nil {
		return api.Resource{}, err
	}
	if err := p.apply(s, b, old, want, false); err != nil {
		return api.Resource{}, err
	}
	return resourceOf(b, s.Partition), nil
}

// Delete removes an empty bucket.
func (p BucketProvider) Delete(_ context.Context, s api.StackContext, _ string, r api.Resource) error {
	b, err := p.Service.find(r.PhysicalID)
	if err != nil {
		return nil // gone already
	}
	if err := p.Service.allowedOnBucket(s.Call, b, "s3:DeleteBucket"); err != nil {
		return err
	}
	return p.Service.removeBucket(b)
}

func (s *Service) allowedOnBucket(c api.Call, b *bucket, action string) error {
	return s.decide(c, b, action, "", nil)
}

// generatedName is stack-logicalid-random in lower case, at most 63 long.
func generatedName(stack, logicalID string) string {
	random := strings.ToLower(newID())
	random = strings.Map(func(r rune) rune {
		if (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
			return r
		}
		return -1
	}, random+"0000000000")[:12]
	clean := func(s string) string { return strings.Trim(strings.ToLower(s), "-") }
	head := clean(stack) + "-" + clean(logicalID)
	return strings.TrimRight(head[:min(len(head), 63-13)], "-") + "-" + random
}

func resourceOf(b *bucket, partition string) api.Resource {
	suffix := "amazonaws.com"
	if partition == "aws-cn" {
		suffix += ".cn"
	}
	return api.Resource{PhysicalID: b.name, Attributes: map[string]string{
		"Arn":                 b.arn(""),
		"DomainName":          b.name + ".s3." + suffix,
		"RegionalDomainName":  b.name + ".s3." + b.region + "." + suffix,
		"DualStackDomainName": b.name + ".s3.dualstack." + b.region + "." + suffix,
		"WebsiteURL":          "http://" + b.name + ".s3-website-" + b.region + "." + suffix,
	}}
}

// tagsOf are the bucket's tags with those of the stack.
func (p bucketProperties) tagsOf(s api.StackContext) []tag {
	all := maps.Clone(s.Tags)
	if all == nil {
		all = map[string]string{}
	}
	for _, t := range p.Tags {
		all[t.Key] = t.Value
	}
	var tags []tag
	for _, k := range slices.Sorted(maps.Keys(all)) {
		tags = append(tags, tag{k, all[k]})
	}
	return tags
}

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
	if b.settings().policy != nil {
		return api.Resource{}, api.Errorf(400, "AlreadyExists", "the bucket %s has a policy already", b.name)
	}
	return p.put(s, b, want)
}

func (p BucketPolicyProvider) put(s api.StackContext, b *bucket, want bucketPolicyProperties) (api.Resource, error) {
	if err := p.Service.allowedOnBucket(s.Call, b, "s3:PutBucketPolicy"); err != nil {
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
	if err := p.Service.allowedOnBucket(s.Call, b, "s3:DeleteBucketPolicy"); err != nil {
		return err
	}
	return b.change(func(c *config) error { c.policy = nil; return nil })
}
