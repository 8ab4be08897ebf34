package s3

import (
	"encoding/xml"
	"net/http"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// encryptionRule is the one rule of a bucket's encryption configuration. XML
// and CloudFormation name the default differently; the rest is the same.
type encryptionRule struct {
	Default                *defaultEncryptionRule `xml:"ApplyServerSideEncryptionByDefault" json:"ServerSideEncryptionByDefault"`
	BucketKeyEnabled       bool
	BlockedEncryptionTypes *blockedTypes
}

type defaultEncryptionRule struct {
	SSEAlgorithm   sse.Mode
	KMSMasterKeyID string `xml:",omitempty"`
}

type blockedTypes struct {
	EncryptionType []string
}

type encryptionConfiguration struct {
	XMLName xml.Name         `xml:"ServerSideEncryptionConfiguration" json:"-"`
	Rules   []encryptionRule `xml:"Rule" json:"ServerSideEncryptionConfiguration"`
}

// defaultEncryption is that of a new bucket.
func defaultEncryption() encryptionRule {
	return encryptionRule{
		Default:                &defaultEncryptionRule{SSEAlgorithm: sse.S3},
		BlockedEncryptionTypes: &blockedTypes{EncryptionType: []string{string(sse.C)}},
	}
}

func (r *encryptionRule) wish() sse.Wish {
	return sse.Wish{Mode: r.Default.SSEAlgorithm, KeyID: r.Default.KMSMasterKeyID, BucketKey: r.BucketKeyEnabled}
}

func (r *encryptionRule) blocksCustomerKeys() bool {
	return slices.Contains(r.BlockedEncryptionTypes.EncryptionType, string(sse.C))
}

// rule checks a configuration and completes its rule.
//
// What a PutBucketEncryption without BlockedEncryptionTypes does to a bucket
// that had SSE-C unblocked is not documented; here it blocks SSE-C again. The
// same goes for DeleteBucketEncryption. A bucket that wants SSE-C says NONE
// each time. The KMS key is not looked at: S3 doesn't either.
//
// Source: S3 API reference, API_PutBucketEncryption,
// API_ServerSideEncryptionRule, API_BlockedEncryptionTypes.
func (c encryptionConfiguration) rule() (encryptionRule, error) {
	if len(c.Rules) != 1 {
		return encryptionRule{}, fault.MalformedXML("an encryption configuration has one rule, this one has %d", len(c.Rules))
	}
	r, defaults := c.Rules[0], defaultEncryption()
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

func (s *Service) getBucketEncryption(rq *request) error {
	b, err := s.bucketFor(rq, "s3:GetEncryptionConfiguration")
	if err != nil {
		return err
	}
	return rq.answer(http.StatusOK, encryptionConfiguration{Rules: []encryptionRule{b.settings().encryption}})
}

func (s *Service) putBucketEncryption(rq *request) error {
	b, err := s.bucketFor(rq, "s3:PutEncryptionConfiguration")
	if err != nil {
		return err
	}
	var in encryptionConfiguration
	if err := rq.document("ServerSideEncryptionConfiguration", &in); err != nil {
		return err
	}
	rule, err := in.rule()
	if err != nil {
		return err
	}
	if err := b.change(func(c *config) error { c.encryption = rule; return nil }); err != nil {
		return err
	}
	return rq.done(http.StatusOK)
}

func (s *Service) deleteBucketEncryption(rq *request) error {
	b, err := s.bucketFor(rq, "s3:PutEncryptionConfiguration")
	if err != nil {
		return err
	}
	if err := b.change(func(c *config) error { c.encryption = defaultEncryption(); return nil }); err != nil {
		return err
	}
	return rq.done(http.StatusNoContent)
}

// blocked refuses SSE-C where the bucket blocks it. It is asked after the
// policies.
//
// Source: S3 user guide, blocking-unblocking-s3-c-encryption-gpb.
func (rq *request) blocked(w sse.Wish, b *bucket, c *config) error {
	if w.Mode == sse.C && c.encryption.blocksCustomerKeys() {
		return blockedCustomerKey(rq.call, b.arn(rq.key))
	}
	return nil
}

func blockedCustomerKey(c api.Call, resource string) error {
	return api.Errorf(403, "AccessDenied", "User: %s is not authorized to perform: s3:PutObject on resource: %q because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). Please specify a different server-side encryption type.",
		c.Caller.String(), resource)
}
