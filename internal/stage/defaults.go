package stage

import (
	"slices"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/policy"
)

// setDefaults gives every field that the file leaves out its value, except for
// names, which expandNames sets.
func (d *document) setDefaults(s *Stage) {
	if !d.has(fieldPath(s, "patterns")) {
		s.Patterns = encryption.Patterns()
	}
	for p, o := range s.bucketOptions() {
		field := "buckets." + string(p)
		setDefault(d, s, field+".minimumTLS", o.minimumTLS, "1.2")
		setDefault(d, s, field+".functions", o.functions, new(p.Traits().Key == encryption.CustomerProvided && s.Has(p)))
		if e := *o.existing; e != nil {
			setDefault(d, s, field+".existing.policy", &e.Policy, new(true))
		}
		if o.cmk != nil {
			setDefault(d, s, field+".bucketKey", &o.cmk.BucketKey, new(p.Traits().BucketKey))
			setDefault(d, s, field+".rotationDays", &o.cmk.RotationDays, 365)
		}
	}
	setDefault(d, s, "logs.serverAccess", &s.Logs.ServerAccess, new(true))
	setDefault(d, s, "logs.inventory", &s.Logs.Inventory, new(true))
	setDefault(d, s, "logs.inventoryFrequency", &s.Logs.InventoryFrequency, "weekly")
	setDefault(d, s, "logs.retentionDays", &s.Logs.RetentionDays, 365)
	setDefault(d, s, "retention.incompleteUploadDays", &s.Retention.IncompleteUploadDays, 7)
	setDefault(d, s, "retention.functionLogDays", &s.Retention.FunctionLogDays, 365)
	setDefault(d, s, "functions.verbs", &s.Functions.Verbs, []policy.Verb{policy.VerbPut, policy.VerbGet})
	setDefault(d, s, "functions.architecture", &s.Functions.Architecture, "arm64")
	setDefault(d, s, "functions.memoryMB", &s.Functions.MemoryMB, 256)
	setDefault(d, s, "functions.timeoutSeconds", &s.Functions.TimeoutSeconds, 30)
	if s.Alarms != nil {
		setDefault(d, s, "alarms.keyAgeDays", &s.Alarms.KeyAgeDays, 365)
	}
	if s.Replica != nil {
		setDefault(d, s, "replica.sourceEncryption", &s.Replica.SourceEncryption, encryption.SSEKMSCMK)
	}
}

// setDefault sets v, the stage's field, unless the file does. A zero that the
// file does say is left for the checks to refuse.
func setDefault[T any](d *document, s *Stage, field string, v *T, value T) {
	if path := fieldPath(s, field); !d.has(path) || d.failed(path) {
		*v = value
	}
}

// bucketOption points to what the buckets of all patterns can be told; what a
// pattern has none of is nil.
type bucketOption struct {
	name, minimumTLS *string
	existing         **Existing
	functions        **bool
	require          *[]Requirement
	ingestFrom       *[]IngestSource
	cmk              *CMKBucket
	ssec             *SSECBucket
}

// BucketOptions is what the stage says of a pattern's bucket. CMK is nil without
// a customer managed key, and SSEC for every pattern but SSE-C.
type BucketOptions struct {
	Bucket
	CMK  *CMKBucket
	SSEC *SSECBucket
}

// Bucket returns the options of a pattern's bucket.
func (s *Stage) Bucket(p encryption.Pattern) BucketOptions {
	var b BucketOptions
	for of, o := range s.bucketOptions() {
		if of != p {
			continue
		}
		b = BucketOptions{Bucket{Name: *o.name, Existing: *o.existing, Functions: *o.functions, MinimumTLS: *o.minimumTLS, IngestFrom: *o.ingestFrom}, o.cmk, o.ssec}
		if o.require != nil {
			b.Require = *o.require
		}
	}
	return b
}

// bucketOptions yields the patterns' bucket options, in order, whether or not
// the stage has the pattern.
func (s *Stage) bucketOptions() func(yield func(encryption.Pattern, bucketOption) bool) {
	of := func(b *Bucket, cmk *CMKBucket) bucketOption {
		return bucketOption{&b.Name, &b.MinimumTLS, &b.Existing, &b.Functions, &b.Require, &b.IngestFrom, cmk, nil}
	}
	return func(yield func(encryption.Pattern, bucketOption) bool) {
		b := &s.Buckets
		_ = yield(encryption.SSES3, of(&b.SSES3, nil)) &&
			yield(encryption.SSEKMSAWSManaged, of(&b.SSEKMSAWSManaged, nil)) &&
			yield(encryption.SSEKMSCMK, of(&b.SSEKMSCMK.Bucket, &b.SSEKMSCMK)) &&
			yield(encryption.DSSEKMS, of(&b.DSSEKMS.Bucket, &b.DSSEKMS)) &&
			yield(encryption.SSEC, bucketOption{&b.SSEC.Name, &b.SSEC.MinimumTLS, &b.SSEC.Existing, &b.SSEC.Functions, nil, &b.SSEC.IngestFrom, nil, &b.SSEC})
	}
}

// Has reports whether the stage has the pattern.
func (s *Stage) Has(p encryption.Pattern) bool { return slices.Contains(s.Patterns, p) }

// environments returns the environments in which the stage makes something, the
// source first.
func (s *Stage) environments() []Environment {
	list := []Environment{s.Source}
	if s.Replica != nil && !s.Replica.Existing {
		list = append(list, s.Replica.Environment)
	}
	return list
}

// Accounts returns the accounts of the source and of the replicas, the source's
// first.
func (s *Stage) Accounts() []string {
	accounts := []string{s.Source.Account}
	if s.Replica != nil {
		accounts = append(accounts, s.Replica.Account)
	}
	return accounts
}

// ReplicationRoleName returns the name of the role, in the source account, with
// which S3 replicates. Another account's key policy can name the role by it
// before the role exists. A prefix has at most 24 characters, so it is well
// within IAM's 64.
func (s *Stage) ReplicationRoleName() string {
	if name := s.RoleName(PurposeReplication); name != "" {
		return name
	}
	return s.Prefix + "-replication"
}

// fieldPath returns the path of a field of the stage.
func fieldPath(s *Stage, field string) string { return "stages." + s.Name + "." + field }
