package s3

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
)

// bucketType makes AWS::S3::Bucket. Ref is the bucket's name.
//
// Source: CloudFormation template reference, AWS::S3::Bucket.
type bucketType struct{ *Service }

// Create makes the bucket and sets all its properties; if one is refused, the
// bucket that was made goes again.
func (t bucketType) Create(s api.StackContext, logicalID string, want configuration.Properties) (api.Resource, error) {
	name, err := want.Naming().Of(s, logicalID)
	if err != nil {
		return api.Resource{}, err
	}
	b := newBucket(name, s.Account, s.Region, t.opt.Now())
	b.naming = want.Naming()
	keys := map[string]iam.Strings{}
	if want.BucketNamespace != "" {
		keys["s3:x-amz-bucket-namespace"] = iam.Strings{want.BucketNamespace}
	}
	if err := t.decide(s.Call, b, "s3:CreateBucket", "", keys); err != nil {
		return api.Resource{}, err
	}
	if err := t.addBucket(b); err != nil {
		return api.Resource{}, err
	}
	if err := t.apply(s, b, configuration.Properties{}, want, true); err != nil {
		if undo := t.removeBucket(b); undo != nil {
			return api.Resource{}, fmt.Errorf("%w; and the bucket stays: %w", err, undo)
		}
		return api.Resource{}, err
	}
	return resourceOf(b), nil
}

// Update changes the bucket in place, or makes a new one if what the template
// says of its name changes. After an update that failed it is asked for the
// former properties, which the bucket still has.
func (t bucketType) Update(s api.StackContext, logicalID string, r api.Resource, old, want configuration.Properties) (api.Resource, error) {
	b, err := t.find(r.PhysicalID)
	if want.Naming() != old.Naming() && (err != nil || want.Naming() != b.naming) {
		return t.Create(s, logicalID, want)
	}
	if err != nil {
		return api.Resource{}, err
	}
	if err := t.apply(s, b, old, want, false); err != nil {
		return api.Resource{}, err
	}
	return resourceOf(b), nil
}

// Delete removes an empty bucket.
func (t bucketType) Delete(s api.StackContext, r api.Resource) error {
	b, err := t.find(r.PhysicalID)
	if err != nil {
		return nil // gone already
	}
	if err := t.decide(s.Call, b, "s3:DeleteBucket", "", nil); err != nil {
		return err
	}
	return t.removeBucket(b)
}

func resourceOf(b *bucket) api.Resource {
	suffix := partition.Of(b.region).DNSSuffix
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
func (t bucketType) apply(s api.StackContext, b *bucket, old, want configuration.Properties, created bool) error {
	type step struct {
		action string
		do     func() error
	}
	var steps []step
	for _, c := range want.Changes(old) {
		steps = append(steps, step{c.Action, func() error { return b.change(c.Apply) }})
	}
	if !reflect.DeepEqual(old.LoggingConfiguration, want.LoggingConfiguration) {
		steps = append(steps, step{"s3:PutBucketLogging", func() error { return t.setLogging(b, want.LoggingConfiguration.Logging(b.name)) }})
	}
	if !reflect.DeepEqual(old.NotificationConfiguration, want.NotificationConfiguration) {
		steps = append(steps, step{"s3:PutBucketNotification", func() error {
			return t.setNotification(b, want.NotificationConfiguration.Notification(), false)
		}})
	}
	if tags := api.TagList(s.WithTags(want.Tags)); !created || len(tags) > 0 {
		steps = append(steps, step{"s3:PutBucketTagging", func() error { return b.change((&configuration.Tagging{Tags: tags}).Apply) }})
	}
	if !reflect.DeepEqual(old.ReplicationConfiguration, want.ReplicationConfiguration) {
		at := len(steps)
		if want.ReplicationConfiguration == nil {
			at = 0
		}
		steps = slices.Insert(steps, at, step{"s3:PutReplicationConfiguration", func() error {
			return t.setReplication(s.Call, b, want.ReplicationConfiguration)
		}})
	}
	for _, st := range steps {
		if err := t.decide(s.Call, b, st.action, "", nil); err != nil {
			return err
		}
		if err := st.do(); err != nil {
			return err
		}
	}
	return nil
}

// Check leaves to Create what depends on other buckets.
func (bucketType) Check(want configuration.Properties) error { return want.Check() }
