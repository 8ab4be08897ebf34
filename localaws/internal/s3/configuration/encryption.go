package configuration

import (
	"encoding/xml"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// EncryptionRule is the one rule of a bucket's encryption configuration. XML
// and CloudFormation name the default differently; the rest is the same.
type EncryptionRule struct {
	Default                *defaultEncryption `xml:"ApplyServerSideEncryptionByDefault" json:"ServerSideEncryptionByDefault"`
	BucketKeyEnabled       bool
	BlockedEncryptionTypes *blockedTypes
}

type defaultEncryption struct {
	SSEAlgorithm   sse.Mode
	KMSMasterKeyID string `xml:",omitempty"`
}

type blockedTypes struct {
	EncryptionType []string
}

// Encryption is the encryption configuration of a bucket.
type Encryption struct {
	XMLName xml.Name         `xml:"ServerSideEncryptionConfiguration" json:"-"`
	Rules   []EncryptionRule `xml:"Rule" json:"ServerSideEncryptionConfiguration"`
}

// Wish is what a write gets that asks for nothing.
func (r *EncryptionRule) Wish() sse.Wish {
	return sse.Wish{Mode: r.Default.SSEAlgorithm, KeyID: r.Default.KMSMasterKeyID, BucketKey: r.BucketKeyEnabled}
}

// BlocksCustomerKeys says whether no new object may be under SSE-C.
func (r *EncryptionRule) BlocksCustomerKeys() bool {
	return slices.Contains(r.BlockedEncryptionTypes.EncryptionType, string(sse.C))
}

// Rule checks a configuration and completes its rule.
//
// What a PutBucketEncryption without BlockedEncryptionTypes does to a bucket
// that had SSE-C unblocked is not documented; here it blocks SSE-C again. The
// same goes for DeleteBucketEncryption. A bucket that wants SSE-C says NONE
// each time. The KMS key is not looked at: S3 doesn't either.
//
// Source: S3 API reference, API_PutBucketEncryption,
// API_ServerSideEncryptionRule, API_BlockedEncryptionTypes.
func (c *Encryption) Rule() (EncryptionRule, error) {
	if len(c.Rules) != 1 {
		return EncryptionRule{}, fault.MalformedXML("an encryption configuration has one rule, this one has %d", len(c.Rules))
	}
	r, defaults := c.Rules[0], New().Encryption
	if r.Default == nil {
		r.Default = defaults.Default
	}
	if r.BlockedEncryptionTypes == nil {
		r.BlockedEncryptionTypes = defaults.BlockedEncryptionTypes
	}
	switch r.Default.SSEAlgorithm {
	case sse.S3:
		if r.Default.KMSMasterKeyID != "" {
			return r, fault.InvalidArgument("a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse", "KMSMasterKeyID", r.Default.KMSMasterKeyID)
		}
	case sse.KMS:
	case sse.DSSEKMS:
		if r.BucketKeyEnabled {
			// Not documented as an error, but bucket keys don't exist for
			// DSSE-KMS: accepting it would drop it silently.
			return r, fault.InvalidArgument("S3 Bucket Keys are not supported for DSSE-KMS", "BucketKeyEnabled", "true")
		}
	default:
		return r, fault.MalformedXML("SSEAlgorithm is %q, want AES256, aws:kms or aws:kms:dsse", r.Default.SSEAlgorithm)
	}
	types := r.BlockedEncryptionTypes.EncryptionType
	for _, t := range types {
		if t != "NONE" && t != string(sse.C) {
			return r, fault.MalformedXML("BlockedEncryptionTypes names %q, want NONE or SSE-C", t)
		}
	}
	if len(types) != 1 {
		return r, fault.InvalidArgument("BlockedEncryptionTypes names NONE or SSE-C, one of them, once", "BlockedEncryptionTypes", "")
	}
	return r, nil
}

// Apply implements Setting.
func (c *Encryption) Apply(b *Bucket) error {
	var err error
	b.Encryption, err = c.Rule()
	return err
}
