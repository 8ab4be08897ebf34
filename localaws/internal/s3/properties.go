package s3

import (
	"encoding/json"
	"reflect"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// bucketProperties are the properties of AWS::S3::Bucket that are carried out
// or recorded. All others are refused by name.
type bucketProperties struct {
	BucketName                     string
	BucketNamePrefix               string
	BucketNamespace                string
	AccessControl                  string
	BucketEncryption               *encryptionConfiguration
	VersioningConfiguration        *versioningConfiguration
	PublicAccessBlockConfiguration *publicAccessBlock
	OwnershipControls              *ownershipControls
	LifecycleConfiguration         *lifecycleProperty
	LoggingConfiguration           *loggingProperty
	InventoryConfigurations        []inventoryProperty
	MetricsConfigurations          []metricsProperty
	NotificationConfiguration      *notificationProperty
	ReplicationConfiguration       *replicationConfiguration
	ObjectLockEnabled              bool
	Tags                           []tag
}

func readBucketProperties(raw json.RawMessage) (bucketProperties, error) {
	var p bucketProperties
	if len(raw) == 0 || string(raw) == "null" {
		return p, nil
	}
	if err := api.DecodeProperties(raw, &p); err != nil {
		return p, err
	}
	switch {
	case p.AccessControl != "" && p.AccessControl != "Private" && p.AccessControl != "BucketOwnerFullControl":
		return p, fault.NotImplemented("the AccessControl " + p.AccessControl + " of AWS::S3::Bucket; buckets here are " + ownerEnforced)
	case p.ObjectLockEnabled:
		return p, fault.NotImplemented("ObjectLockEnabled of AWS::S3::Bucket")
	}
	return p, nil
}

// step is one property: the right that setting it needs, and the setting. A
// property that goes away is set to what a new bucket has.
type step struct {
	changed bool
	action  string
	do      func() error
}

// apply sets what differs between old and want; on a new bucket, what is
// wanted. Replication comes last: it needs versioning.
func (p BucketProvider) apply(s api.StackContext, b *bucket, old, want bucketProperties, created bool) error {
	set := func(f func(*config) error) func() error { return func() error { return b.change(f) } }
	differs := func(x, y any) bool { return !reflect.DeepEqual(x, y) }
	steps := []step{
		{differs(old.BucketEncryption, want.BucketEncryption), "s3:PutEncryptionConfiguration", set(want.setEncryption)},
		{differs(old.VersioningConfiguration, want.VersioningConfiguration), "s3:PutBucketVersioning", set(want.setVersioning)},
		{differs(old.PublicAccessBlockConfiguration, want.PublicAccessBlockConfiguration), "s3:PutBucketPublicAccessBlock", set(want.setPublicAccess)},
		{differs(old.OwnershipControls, want.OwnershipControls), "s3:PutBucketOwnershipControls", want.checkOwnership},
		{differs(old.LifecycleConfiguration, want.LifecycleConfiguration), "s3:PutLifecycleConfiguration", set(want.setLifecycle)},
		{differs(old.LoggingConfiguration, want.LoggingConfiguration), "s3:PutBucketLogging", func() error {
			return p.Service.setLogging(b, want.LoggingConfiguration.logging(b))
		}},
		{differs(old.InventoryConfigurations, want.InventoryConfigurations), "s3:PutInventoryConfiguration", set(want.setInventories)},
		{differs(old.MetricsConfigurations, want.MetricsConfigurations), "s3:PutMetricsConfiguration", set(want.setMetrics)},
		{differs(old.NotificationConfiguration, want.NotificationConfiguration), "s3:PutBucketNotification", set(want.setNotification)},
		{created && len(want.tagsOf(s)) > 0 || !created, "s3:PutBucketTagging", set(func(c *config) error { return want.setTags(s, c) })},
		{differs(old.ReplicationConfiguration, want.ReplicationConfiguration), "s3:PutReplicationConfiguration", func() error {
			if want.ReplicationConfiguration == nil {
				return b.change(func(c *config) error { c.replication = nil; return nil })
			}
			return p.Service.setReplication(s.Call, b, want.ReplicationConfiguration)
		}},
	}
	if !created && want.ReplicationConfiguration == nil {
		// Versioning can't be suspended before replication has ended.
		steps = append(steps[len(steps)-1:], steps[:len(steps)-1]...)
	}
	for _, st := range steps {
		if !st.changed {
			continue
		}
		if err := p.Service.allowedOnBucket(s.Call, b, st.action); err != nil {
			return err
		}
		if err := st.do(); err != nil {
			return err
		}
	}
	return nil
}

func (p bucketProperties) setEncryption(c *config) error {
	c.encryption = defaultEncryption()
	if p.BucketEncryption == nil {
		return nil
	}
	var err error
	c.encryption, err = p.BucketEncryption.rule()
	return err
}

// setVersioning suspends versioning when the property goes away: it can't be
// switched off again.
func (p bucketProperties) setVersioning(c *config) error {
	if p.VersioningConfiguration == nil {
		return versioningConfiguration{Status: "Suspended"}.apply(c)
	}
	return p.VersioningConfiguration.apply(c)
}

func (p bucketProperties) setPublicAccess(c *config) error {
	c.publicAccess = p.PublicAccessBlockConfiguration
	if c.publicAccess == nil {
		c.publicAccess = allBlocked()
	}
	return nil
}

func (p bucketProperties) checkOwnership() error {
	if p.OwnershipControls == nil {
		return nil
	}
	return p.OwnershipControls.check()
}

func (p bucketProperties) setTags(s api.StackContext, c *config) error {
	c.tags = p.tagsOf(s)
	return checkTags(c.tags, 50)
}
