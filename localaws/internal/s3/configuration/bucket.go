package configuration

import "github.com/s3seal/s3seal/localaws/internal/s3/sse"

// Bucket is all that can be set on a bucket. It is copied out as a value;
// what it points to is replaced, never changed.
type Bucket struct {
	Versioning   string // "", Enabled or Suspended
	Encryption   EncryptionRule
	Policy       *Policy
	PublicAccess *PublicAccessBlock
	Tags         []Tag
	Replication  *Replication
	Lifecycle    *Lifecycle
	Logging      *Logging
	Notification *Notification
	CORS         *CORS
	Inventories  map[string]Inventory // by id
	Metrics      map[string]Metrics   // by id
}

// Enabled and Suspended are what Status may say.
const (
	Enabled   = "Enabled"
	Suspended = "Suspended"
)

// New has the defaults of S3 for new buckets: SSE-S3 with SSE-C blocked (since
// April 2026), and all public access blocked.
//
// Source: S3 user guide, default-s3-c-encryption-setting-faq,
// create-bucket-overview.
func New() Bucket {
	return Bucket{
		Encryption: EncryptionRule{
			Default:                &defaultEncryption{SSEAlgorithm: sse.S3},
			BlockedEncryptionTypes: &blockedTypes{EncryptionType: []string{string(sse.C)}},
		},
		PublicAccess: &PublicAccessBlock{BlockPublicACLs: true, IgnorePublicACLs: true, BlockPublicPolicy: true, RestrictPublicBuckets: true},
	}
}

// Setting is a document that sets a part of the configuration, if it is right.
type Setting interface {
	Apply(*Bucket) error
}
