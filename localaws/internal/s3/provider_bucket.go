package s3

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
)

// BucketProvider makes AWS::S3::Bucket. Ref is the bucket's name.
//
// Source: CloudFormation template reference, AWS::S3::Bucket.
type BucketProvider struct{ Service *Service }

// Create makes the bucket and sets all its properties; if one is refused, the
// bucket that was made goes again.
func (p BucketProvider) Create(_ context.Context, s api.StackContext, logicalID string, raw json.RawMessage) (api.Resource, error) {
	want, err := configuration.ReadProperties(raw)
	if err != nil {
		return api.Resource{}, err
	}
	name, err := want.Naming().Of(s, logicalID)
	if err != nil {
		return api.Resource{}, err
	}
	b := newBucket(name, s.Account, s.Region, p.Service.opt.Now())
	b.naming = want.Naming()
	keys := map[string]iam.Strings{}
	if want.BucketNamespace != "" {
		keys["s3:x-amz-bucket-namespace"] = iam.Strings{want.BucketNamespace}
	}
	if err := p.Service.decide(s.Call, b, "s3:CreateBucket", "", keys); err != nil {
		return api.Resource{}, err
	}
	if err := p.Service.addBucket(b); err != nil {
		return api.Resource{}, err
	}
	if err := p.apply(s, b, configuration.Properties{}, want, true); err != nil {
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
	old, err := configuration.ReadProperties(before)
	if err != nil {
		return api.Resource{}, err
	}
	want, err := configuration.ReadProperties(after)
	if err != nil {
		return api.Resource{}, err
	}
	b, err := p.Service.find(r.PhysicalID)
	if want.Naming() != old.Naming() && (err != nil || want.Naming() != b.naming) {
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
	if err := p.Service.decide(s.Call, b, "s3:DeleteBucket", "", nil); err != nil {
		return err
	}
	return p.Service.removeBucket(b)
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

// apply sets what differs between old and want; on a new bucket, what is
// wanted. Replication comes last: it needs versioning, which can't be suspended
// before replication has ended.
func (p BucketProvider) apply(s api.StackContext, b *bucket, old, want configuration.Properties, created bool) error {
	type step struct {
		action string
		do     func() error
	}
	var steps []step
	for _, c := range want.Changes(old) {
		steps = append(steps, step{c.Action, func() error { return b.change(c.Apply) }})
	}
	if !reflect.DeepEqual(old.LoggingConfiguration, want.LoggingConfiguration) {
		steps = append(steps, step{"s3:PutBucketLogging", func() error { return p.Service.setLogging(b, want.LoggingConfiguration.Logging(b.name)) }})
	}
	if tags := want.TagsWith(s.Tags); !created || len(tags) > 0 {
		steps = append(steps, step{"s3:PutBucketTagging", func() error { return b.change((&configuration.Tagging{Tags: tags}).Apply) }})
	}
	if !reflect.DeepEqual(old.ReplicationConfiguration, want.ReplicationConfiguration) {
		at := len(steps)
		if want.ReplicationConfiguration == nil {
			at = 0
		}
		steps = slices.Insert(steps, at, step{"s3:PutReplicationConfiguration", func() error {
			return p.Service.setReplication(s.Call, b, want.ReplicationConfiguration)
		}})
	}
	for _, st := range steps {
		if err := p.Service.decide(s.Call, b, st.action, "", nil); err != nil {
			return err
		}
		if err := st.do(); err != nil {
			return err
		}
	}
	return nil
}

// Check implements api.Checker. What a property may say is left to Create where
// it depends on other buckets or on values that may not be known yet.
func (p BucketProvider) Check(raw json.RawMessage) error {
	want, err := configuration.ReadProperties(api.Known(raw, configuration.Properties{}))
	if err != nil {
		return err
	}
	return want.Check()
}
