package configuration

import (
	"encoding/xml"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// PublicAccessBlock is S3 Block Public Access of a bucket.
type PublicAccessBlock struct {
	XMLName               xml.Name `xml:"PublicAccessBlockConfiguration" json:"-"`
	BlockPublicACLs       bool     `xml:"BlockPublicAcls" json:"BlockPublicAcls"`
	IgnorePublicACLs      bool     `xml:"IgnorePublicAcls" json:"IgnorePublicAcls"`
	BlockPublicPolicy     bool
	RestrictPublicBuckets bool
}

// ForIAM is what decides requests; none set counts as all off.
func (p *PublicAccessBlock) ForIAM() *iam.PublicAccessBlock {
	if p == nil {
		return &iam.PublicAccessBlock{}
	}
	return &iam.PublicAccessBlock{BlockPublicPolicy: p.BlockPublicPolicy, RestrictPublicBuckets: p.RestrictPublicBuckets}
}

// Apply implements Setting.
func (p *PublicAccessBlock) Apply(b *Bucket) error {
	b.PublicAccess = p
	return nil
}

// OwnerEnforced is the one object ownership here: ACLs are off.
const OwnerEnforced = "BucketOwnerEnforced"

// Ownership is the object ownership of a bucket.
type Ownership struct {
	XMLName xml.Name        `xml:"OwnershipControls" json:"-"`
	Rules   []OwnershipRule `xml:"Rule"`
}

// OwnershipRule is the one rule.
type OwnershipRule struct{ ObjectOwnership string }

// Apply implements Setting: it refuses ownerships under which ACLs count.
func (o *Ownership) Apply(*Bucket) error {
	if len(o.Rules) != 1 {
		return fault.MalformedXML("ownership controls have one rule, these have %d", len(o.Rules))
	}
	switch ownership := o.Rules[0].ObjectOwnership; ownership {
	case OwnerEnforced:
		return nil
	case "BucketOwnerPreferred", "ObjectWriter":
		return fault.NotImplemented("the object ownership " + ownership + "; buckets here are " + OwnerEnforced)
	default:
		return fault.MalformedXML("ObjectOwnership is %q", ownership)
	}
}

// Versioning is the versioning state of a bucket.
type Versioning struct {
	XMLName   xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ VersioningConfiguration" json:"-"`
	Status    string   `xml:",omitempty"`
	MFADelete string   `xml:"MfaDelete,omitempty" json:"-"`
}

// Apply implements Setting.
func (v *Versioning) Apply(b *Bucket) error {
	switch {
	case v.MFADelete == Enabled:
		return fault.NotImplemented("MFA delete")
	case v.Status != Enabled && v.Status != Suspended:
		return api.Errorf(400, "IllegalVersioningConfigurationException", "The versioning configuration specified in the request is invalid.")
	case v.Status == Suspended && b.Replication != nil:
		return api.Errorf(409, "InvalidBucketState", "A replication configuration is present on this bucket, so you cannot change the versioning state. To change the versioning state, first delete the replication configuration.")
	}
	b.Versioning = v.Status
	return nil
}
