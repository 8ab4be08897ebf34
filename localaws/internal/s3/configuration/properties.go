package configuration

import (
	"cmp"
	"reflect"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// Properties are the properties of AWS::S3::Bucket that are carried out
// or recorded. All others are refused by name.
//
// Source: CloudFormation template reference, AWS::S3::Bucket.
type Properties struct {
	BucketName                     string
	BucketNamePrefix               string
	BucketNamespace                string
	AccessControl                  string
	BucketEncryption               *Encryption
	VersioningConfiguration        *Versioning
	PublicAccessBlockConfiguration *PublicAccessBlock
	OwnershipControls              *Ownership
	LifecycleConfiguration         *lifecycleProperty
	LoggingConfiguration           *loggingProperty
	InventoryConfigurations        []inventoryProperty
	MetricsConfigurations          []metricsProperty
	NotificationConfiguration      *notificationProperty
	CORSConfiguration              *CORS `json:"CorsConfiguration"`
	ReplicationConfiguration       *Replication
	ObjectLockEnabled              bool
	Tags                           []Tag
}

// Validate implements api.Validator.
func (p Properties) Validate() error {
	switch {
	case p.AccessControl != "" && p.AccessControl != "Private" && p.AccessControl != "BucketOwnerFullControl" && !strings.Contains(p.AccessControl, api.NotYetKnown):
		return fault.NotImplemented("the AccessControl " + p.AccessControl + " of AWS::S3::Bucket; buckets here are " + OwnerEnforced)
	case p.ObjectLockEnabled:
		return fault.NotImplemented("ObjectLockEnabled of AWS::S3::Bucket")
	}
	return nil
}

// Check refuses what is wrong whatever bucket it is set on, as far as it is known.
func (p Properties) Check() error {
	if err := p.Naming().checkUnknown(); err != nil {
		return err
	}
	var scratch Bucket
	if p.BucketEncryption != nil {
		if err := p.BucketEncryption.Apply(&scratch); err != nil {
			return api.At("BucketEncryption", err)
		}
	}
	if p.OwnershipControls != nil {
		if err := p.OwnershipControls.Apply(&scratch); err != nil {
			return api.At("OwnershipControls", err)
		}
	}
	return nil
}

// Change is one property to set: the right that it needs, and the setting.
type Change struct {
	Action string
	Setting
}

// Changes are those from old to p but for logging, notifications, replication and tags, which
// the configuration alone does not decide. A property that goes away is set to
// what a new bucket has; versioning can't be switched off again, and is
// suspended.
func (p Properties) Changes(old Properties) []Change {
	fresh := New()
	var list []Change
	add := func(action string, before, after any, setting Setting) {
		if !reflect.DeepEqual(before, after) {
			list = append(list, Change{action, setting})
		}
	}
	add("s3:PutEncryptionConfiguration", old.BucketEncryption, p.BucketEncryption,
		cmp.Or(p.BucketEncryption, &Encryption{Rules: []EncryptionRule{fresh.Encryption}}))
	add("s3:PutBucketVersioning", old.VersioningConfiguration, p.VersioningConfiguration,
		cmp.Or(p.VersioningConfiguration, &Versioning{Status: Suspended}))
	add("s3:PutBucketPublicAccessBlock", old.PublicAccessBlockConfiguration, p.PublicAccessBlockConfiguration,
		cmp.Or(p.PublicAccessBlockConfiguration, fresh.PublicAccess))
	add("s3:PutBucketOwnershipControls", old.OwnershipControls, p.OwnershipControls,
		cmp.Or(p.OwnershipControls, &Ownership{Rules: []OwnershipRule{{OwnerEnforced}}}))
	add("s3:PutLifecycleConfiguration", old.LifecycleConfiguration, p.LifecycleConfiguration, p.LifecycleConfiguration)
	add("s3:PutInventoryConfiguration", old.InventoryConfigurations, p.InventoryConfigurations, inventoryProperties(p.InventoryConfigurations))
	add("s3:PutMetricsConfiguration", old.MetricsConfigurations, p.MetricsConfigurations, metricsProperties(p.MetricsConfigurations))
	add("s3:PutBucketCORS", old.CORSConfiguration, p.CORSConfiguration, p.CORSConfiguration)
	return list
}
