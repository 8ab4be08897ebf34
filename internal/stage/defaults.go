package stage

import "slices"

// setDefaults gives every field that the file leaves out its value, but for
// names, which are expandNames's.
func (d *document) setDefaults(s *Stage) {
	if !d.has(fieldPath(s, "patterns")) {
		s.Patterns = Patterns()
	}
	for p, o := range s.bucketOptions() {
		setDefault(d, s, "buckets."+string(p)+".minimumTLS", o.minimumTLS, "1.2")
		setDefault(d, s, "buckets."+string(p)+".functions", o.functions, new(p == SSEC && s.Has(p)))
	}
	setDefault(d, s, "buckets.sse-kms-cmk.bucketKey", &s.Buckets.SSEKMSCMK.BucketKey, new(true))
	setDefault(d, s, "buckets.sse-kms-cmk.rotationDays", &s.Buckets.SSEKMSCMK.RotationDays, 365)
	setDefault(d, s, "buckets.dsse-kms.bucketKey", &s.Buckets.DSSEKMS.BucketKey, new(false))
	setDefault(d, s, "buckets.dsse-kms.rotationDays", &s.Buckets.DSSEKMS.RotationDays, 365)
	setDefault(d, s, "logs.serverAccess", &s.Logs.ServerAccess, new(true))
	setDefault(d, s, "logs.inventory", &s.Logs.Inventory, new(true))
	setDefault(d, s, "logs.inventoryFrequency", &s.Logs.InventoryFrequency, "weekly")
	setDefault(d, s, "logs.retentionDays", &s.Logs.RetentionDays, 365)
	setDefault(d, s, "retention.incompleteUploadDays", &s.Retention.IncompleteUploadDays, 7)
	setDefault(d, s, "retention.functionLogDays", &s.Retention.FunctionLogDays, 365)
	setDefault(d, s, "functions.architecture", &s.Functions.Architecture, "arm64")
	setDefault(d, s, "functions.memoryMB", &s.Functions.MemoryMB, 256)
	setDefault(d, s, "functions.timeoutSeconds", &s.Functions.TimeoutSeconds, 30)
	if s.Replica != nil {
		setDefault(d, s, "replica.sourceEncryption", &s.Replica.SourceEncryption, SSEKMSCMK)
	}
}

// setDefault sets v, the stage's field, unless the file does. A zero that the
// file does say is left for the checks to refuse.
func setDefault[T any](d *document, s *Stage, field string, v *T, value T) {
	if path := fieldPath(s, field); !d.has(path) || d.failed(path) {
		*v = value
	}
}

// bucketOption points to what the buckets of all patterns can be told; require
// is nil where the pattern has none.
type bucketOption struct {
	name, minimumTLS *string
	functions        **bool
	require          *[]Requirement
}

// bucketOptions yields the patterns' bucket options, in order, whether or not
// the stage has the pattern.
func (s *Stage) bucketOptions() func(yield func(Pattern, bucketOption) bool) {
	of := func(b *Bucket) bucketOption {
		return bucketOption{&b.Name, &b.MinimumTLS, &b.Functions, &b.Require}
	}
	return func(yield func(Pattern, bucketOption) bool) {
		b := &s.Buckets
		_ = yield(SSES3, of(&b.SSES3)) &&
			yield(SSEKMSAWSManaged, of(&b.SSEKMSAWSManaged)) &&
			yield(SSEKMSCMK, of(&b.SSEKMSCMK.Bucket)) &&
			yield(DSSEKMS, of(&b.DSSEKMS.Bucket)) &&
			yield(SSEC, bucketOption{&b.SSEC.Name, &b.SSEC.MinimumTLS, &b.SSEC.Functions, nil})
	}
}

// Has reports whether the stage has the pattern.
func (s *Stage) Has(p Pattern) bool { return slices.Contains(s.Patterns, p) }

// environments returns the stage's environments, the source first.
func (s *Stage) environments() []Environment {
	list := []Environment{s.Source}
	if s.Replica != nil {
		list = append(list, s.Replica.Environment)
	}
	return list
}

// Accounts returns the accounts of the stage's environments, the source's first.
func (s *Stage) Accounts() []string {
	var accounts []string
	for _, e := range s.environments() {
		accounts = append(accounts, e.Account)
	}
	return accounts
}

// ReplicationRoleName returns the name of the role, in the source account, with
// which S3 replicates. Another account's key policy can name the role by it
// before the role exists. A prefix has at most 24 characters, so it is well
// within IAM's 64.
func (s *Stage) ReplicationRoleName() string { return s.Prefix + "-replication" }

// fieldPath returns the path of a field of the stage.
func fieldPath(s *Stage, field string) string { return "stages." + s.Name + "." + field }
