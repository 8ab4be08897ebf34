package resource

import (
	"errors"
	"fmt"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// Bucket is an S3 bucket.
type Bucket struct {
	*template.Resource
	Name, ARN, Account, Region string

	Policy       *iam.Source // nil: none in the stacks
	PublicAccess iam.PublicAccessBlock

	Algorithm string // default encryption: "AES256", "aws:kms", "aws:kms:dsse"
	KeyARN    string // the customer managed key of the default; "" for none
	BucketKey bool
	Blocked   []string // BlockedEncryptionTypes: "NONE", "SSE-C"; nil: not stated
	Versioned bool
}

func (s *Set) addBucket(r *template.Resource) error {
	name, err := r.Ref()
	if err != nil {
		return err
	}
	arn, err := r.Att("Arn")
	if err != nil {
		return err
	}
	p := r.Properties()
	rule := p.Get("BucketEncryption", "ServerSideEncryptionConfiguration").Index(0)
	byDefault := rule.Get("ServerSideEncryptionByDefault")
	access := p.Get("PublicAccessBlockConfiguration")
	b := &Bucket{Resource: r, Name: name, ARN: arn, Account: r.Stack().Account, Region: r.Stack().Region}
	read := reader{}
	// A bucket without a default is under SSE-S3 since January 2023, and its
	// public access is blocked since April 2023.
	b.Algorithm = read.string(byDefault.Get("SSEAlgorithm").Default("AES256"))
	b.KeyARN = read.string(byDefault.Get("KMSMasterKeyID").Default(""))
	b.BucketKey = read.bool(rule.Get("BucketKeyEnabled").Default(false))
	b.Blocked = read.optional(rule.Get("BlockedEncryptionTypes", "EncryptionType"))
	b.Versioned = read.string(p.Get("VersioningConfiguration", "Status").Default("Suspended")) == "Enabled"
	b.PublicAccess.BlockPublicPolicy = read.bool(access.Get("BlockPublicPolicy").Default(true))
	b.PublicAccess.RestrictPublicBuckets = read.bool(access.Get("RestrictPublicBuckets").Default(true))
	if read.err != nil {
		return read.err
	}
	s.Buckets = append(s.Buckets, b)
	s.buckets[name] = b
	return nil
}

func (s *Set) addBucketPolicy(r *template.Resource) error {
	name, err := r.Properties().Get("Bucket").String()
	if err != nil {
		return err
	}
	document, err := Document(r.Properties().Get("PolicyDocument"))
	if err != nil {
		return err
	}
	b := s.BucketNamed(name)
	switch {
	case b == nil:
		return fmt.Errorf("bucket %s is in none of the stacks", name)
	case b.Policy != nil:
		return fmt.Errorf("bucket %s has a policy already: of two, S3 keeps the last", name)
	}
	b.Policy = &iam.Source{Name: "policy of bucket " + name, Document: document}
	return nil
}

// BucketNamed is the bucket of a name, or nil.
func (s *Set) BucketNamed(name string) *Bucket { return s.buckets[name] }

// Document reads a policy document off a template.
func Document(v template.Value) (iam.Document, error) {
	data, err := encode(v)
	if err != nil {
		return iam.Document{}, err
	}
	d, err := iam.ParseDocument(data)
	if err != nil {
		return iam.Document{}, fmt.Errorf("%s: %w", v.Path(), err)
	}
	return d, nil
}

// reader reads values one after the other and keeps the first error.
type reader struct{ err error }

func (r *reader) string(v template.Value) string { return keep(r, v.String) }
func (r *reader) bool(v template.Value) bool     { return keep(r, v.Bool) }

// optional is nil for a list that isn't there.
func (r *reader) optional(v template.Value) []string {
	list, err := v.Strings()
	if errors.Is(err, template.ErrMissing) {
		return nil
	}
	return keep(r, func() ([]string, error) { return list, err })
}

func keep[T any](r *reader, read func() (T, error)) T {
	v, err := read()
	if err != nil && r.err == nil {
		r.err = err
	}
	return v
}
