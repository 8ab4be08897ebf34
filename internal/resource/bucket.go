package resource

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// Bucket is an S3 bucket.
type Bucket struct {
	guarded
	PublicAccess iam.PublicAccessBlock

	IgnorePublicACLs bool // of Block Public Access

	Ownership string // ObjectOwnership; "" is BucketOwnerEnforced
	ACL       string // canned, such as "LogDeliveryWrite"; "" for none

	Algorithm string   // default encryption: "AES256", "aws:kms", "aws:kms:dsse"
	Key       string   // of the default, as it is written: an ARN, an id or an alias; "" for none
	KeyARN    string   // of that key; "" for none, for the key aws/s3, and for one that isn't known
	BucketKey bool     // S3 Bucket Keys
	Blocked   []string // BlockedEncryptionTypes: "NONE", "SSE-C"; empty: not stated
	Versioned bool
}

func (s *Set) addBucket(r *template.Resource) error {
	p, err := place(r)
	if err != nil {
		return err
	}
	v := r.Properties()
	rule := v.Get("BucketEncryption", "ServerSideEncryptionConfiguration").Index(0)
	byDefault := rule.Get("ServerSideEncryptionByDefault")
	access := v.Get("PublicAccessBlockConfiguration")
	b := &Bucket{guarded: guarded{placed: p}}
	read := reader{}
	// A bucket without a default is under SSE-S3 since January 2023, and its
	// public access is blocked since April 2023. No page says what a setting is
	// that a configuration leaves out; nobody is taken to be kept out by it.
	configured := read.exists(access)
	b.Algorithm = read.string(byDefault.Get("SSEAlgorithm").Default("AES256"))
	b.Key = read.string(byDefault.Get("KMSMasterKeyID").Default(""))
	b.BucketKey = read.bool(rule.Get("BucketKeyEnabled").Default(false))
	b.Blocked = read.strings(rule.Get("BlockedEncryptionTypes", "EncryptionType").Default([]any{}))
	b.Versioned = read.string(v.Get("VersioningConfiguration", "Status").Default("Suspended")) == "Enabled"
	b.PublicAccess = read.publicAccess(access, !configured)
	b.IgnorePublicACLs = read.bool(access.Get("IgnorePublicAcls").Default(!configured))
	b.Ownership = read.string(v.Get("OwnershipControls", "Rules").Index(0).Get("ObjectOwnership").Default(""))
	b.ACL = read.string(v.Get("AccessControl").Default(""))
	if read.err != nil {
		return read.err
	}
	s.Buckets = append(s.Buckets, b)
	s.buckets[b.Name] = b
	s.guard(&b.guarded, b.Name, "bucket "+b.Name)
	return nil
}

// BucketNamed is the bucket of a name, or nil.
func (s *Set) BucketNamed(name string) *Bucket { return s.buckets[name] }

// Anywhere is the default encryption of a bucket whose stack is for any account
// and Region, so that no ARN is known; nil if it isn't one, or can't be read. A
// key that can't be read is taken for a customer managed one.
func (s *Set) Anywhere(name string) *Bucket {
	u, ok := s.leftOut[name]
	if !ok || u.Type != "AWS::S3::Bucket" {
		return nil
	}
	byDefault := u.Properties().Get("BucketEncryption", "ServerSideEncryptionConfiguration").Index(0).Get("ServerSideEncryptionByDefault")
	algorithm, err := byDefault.Get("SSEAlgorithm").Default("AES256").String()
	if err != nil {
		return nil
	}
	key, err := byDefault.Get("KMSMasterKeyID").Default("").String()
	if err != nil {
		key = "a key"
	}
	return &Bucket{guarded: guarded{placed: placed{Resource: u.Resource, Name: name}}, Algorithm: algorithm, Key: key}
}

// Elsewhere is a bucket that no stack makes: nothing is known of it but where it
// is.
func Elsewhere(arn, account, region string) *Bucket {
	return &Bucket{guarded: guarded{placed: placed{Name: ARN(arn).Resource, ARN: arn, Account: account, Region: region}}}
}

// reader reads values one after the other and keeps the first error.
type reader struct{ err error }

func (r *reader) string(v template.Value) string    { return keep(r, v.String) }
func (r *reader) strings(v template.Value) []string { return keep(r, v.Strings) }
func (r *reader) bool(v template.Value) bool        { return keep(r, v.Bool) }
func (r *reader) exists(v template.Value) bool      { return keep(r, v.Exists) }

// publicAccess is a configuration of Block Public Access.
func (r *reader) publicAccess(v template.Value, unstated bool) iam.PublicAccessBlock {
	return iam.PublicAccessBlock{
		BlockPublicPolicy:     r.bool(v.Get("BlockPublicPolicy").Default(unstated)),
		RestrictPublicBuckets: r.bool(v.Get("RestrictPublicBuckets").Default(unstated)),
	}
}

func keep[T any](r *reader, read func() (T, error)) T {
	v, err := read()
	if err != nil && r.err == nil {
		r.err = err
	}
	return v
}
