package s3

import (
	"errors"
	"fmt"
	"maps"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// failure is why a replication failed, by S3's code.
//
// Source: S3 user guide, replication-failure-codes.
type failure struct {
	reason string
	cause  error
}

func (f *failure) Error() string { return fmt.Sprintf("%s: %v", f.reason, f.cause) }

// replicate carries out one task for all rules that match the version, and sets
// the version's status.
func (s *Service) replicate(t task) []ReplicationFailure {
	src := t.bucket.read(t.key, t.version)
	if src == nil {
		return nil // deleted before its turn; S3 has nothing to report it on
	}
	defer src.close()
	c := t.bucket.settings().Replication
	if c == nil {
		return nil
	}
	var failed []ReplicationFailure
	for _, r := range c.RulesFor(src.object()) {
		copyOne := &replica{s: s, source: t.bucket, version: src, rule: r, role: c.Role, trace: new(api.Trace)}
		err := s.opt.Log.Guard("replication", func() error {
			if t.kind == replicateTags {
				return copyOne.tags()
			}
			return copyOne.run()
		})
		s.countReplication(t.bucket, &r, err != nil)
		var f *failure
		if err == nil {
			continue
		}
		if !errors.As(err, &f) {
			f = &failure{"SrcObjectNotEligible", err}
		}
		told := ReplicationFailure{
			Time: s.opt.Now(), SourceBucket: t.bucket.name, Key: t.key, VersionID: t.version,
			RuleID: r.ID, DestinationBucket: r.DestinationBucket(), Reason: f.reason, Detail: f.cause.Error(),
		}
		s.opt.Log.Entry(told.String(), copyOne.trace.Denials()...)
		failed = append(failed, told)
		s.tellFailed(t, src, &r, f.reason)
	}
	status := "COMPLETED"
	if len(failed) > 0 {
		status = "FAILED"
	}
	t.bucket.mu.Lock()
	if v := t.bucket.index.version(t.key, t.version); v != nil {
		v.replication = status
	}
	t.bucket.mu.Unlock()
	return failed
}

// replica is the copying of one version by one rule.
type replica struct {
	s       *Service
	source  *bucket
	version *reading
	rule    configuration.ReplicationRule
	role    string

	destination *bucket
	replicated  []configuration.Tag // that the role may read
	call        api.Call            // of the role's session
	trace       *api.Trace
}

// begin assumes the role and finds the destination.
//
// That the role needs s3:GetReplicationConfiguration and s3:ListBucket on the
// source bucket is documented, the failure without them isn't.
func (p *replica) begin() error {
	c := api.ServiceCall("s3.amazonaws.com", "", p.source.region, p.s.opt.Now())
	c.Trace = p.trace
	var err error
	if p.call, err = p.s.opt.STS.AssumeRole(c, p.role, "s3-replication"); err != nil {
		return &failure{"AssumeRoleNotPermitted", err}
	}
	if err := p.s.decide(p.call, p.source, "s3:GetReplicationConfiguration", "", nil); err != nil {
		return &failure{"SrcBucketReplicationConfigMissing", err}
	}
	if err := p.s.decide(p.call, p.source, "s3:ListBucket", "", nil); err != nil {
		return &failure{"SrcGetObjectNotPermitted", err}
	}
	if p.destination, err = p.s.find(p.rule.DestinationBucket()); err != nil {
		return &failure{"DstBucketNotFound", err}
	}
	if p.destination.settings().Versioning != configuration.Enabled {
		return &failure{"DstBucketUnversioned", errors.New("versioning of the destination is not enabled")}
	}
	return nil
}

func (p *replica) run() error {
	if err := p.begin(); err != nil {
		return err
	}
	if p.version.marker {
		return p.marker()
	}
	if err := p.readable(); err != nil {
		return err
	}
	v := p.version.version
	v.replication = "REPLICA"
	v.owner = p.destination.account
	v.tags = p.replicated
	if class := p.rule.Destination.StorageClass; class != "" {
		v.class = class
	}
	if err := p.writable(); err != nil {
		return err
	}
	var err error
	if v.encryption, err = p.rewrap(); err != nil {
		return err
	}
	for _, body := range v.bodies {
		body.Acquire() // the replica has the ciphertext of its source
	}
	return p.place(&v)
}

// place adds the replica; it has the id of its source.
func (p *replica) place(v *version) error {
	d := p.destination
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.deleted {
		v.drop()
		return &failure{"DstBucketNotFound", fault.NoSuchBucket(d.name)}
	}
	d.index.remove(v.key, v.id).drop()
	d.index.insert(v)
	return nil
}

// readable decides what the role needs on the source object. Leave to get any
// version will do, but not for objects under KMS keys. Without leave to read the
// tags, the object is replicated without them.
//
// Source: S3 user guide, replication-config-for-kms-objects and
// setting-repl-config-perm-overview.
func (p *replica) readable() error {
	keys := map[string]iam.Strings{"s3:VersionId": {p.version.id}}
	maps.Copy(keys, existingTagKeys(p.version.tags))
	for _, need := range []struct{ action, reason string }{
		{"s3:GetObjectVersionForReplication", "SrcGetObjectNotPermitted"},
		{"s3:GetObjectVersionAcl", "SrcGetAclNotPermitted"},
	} {
		err := p.s.decide(p.call, p.source, need.action, p.version.key, keys)
		if err != nil && need.action == "s3:GetObjectVersionForReplication" && !p.version.encryption.Mode.UsesKMS() &&
			p.s.decide(p.call, p.source, "s3:GetObjectVersion", p.version.key, keys) == nil {
			err = nil
		}
		if err != nil {
			return &failure{need.reason, err}
		}
	}
	if len(p.version.tags) > 0 && p.s.decide(p.call, p.source, "s3:GetObjectVersionTagging", p.version.key, keys) == nil {
		p.replicated = p.version.tags
	}
	return nil
}

func (p *replica) marker() error {
	if err := p.ask("s3:ReplicateDelete", "DstDelObjNotPermitted", nil); err != nil {
		return err
	}
	v := p.version.version
	v.replication = "REPLICA"
	v.owner = p.destination.account
	return p.place(&v)
}

// tags replicates changed tags of a version that is there already. Without leave
// to read them, this fails: there is nothing else to replicate.
//
// Source: S3 user guide, replication-failure-codes, SrcGetTaggingNotPermitted.
func (p *replica) tags() error {
	if err := p.begin(); err != nil {
		return err
	}
	keys := map[string]iam.Strings{"s3:VersionId": {p.version.id}}
	if err := p.s.decide(p.call, p.source, "s3:GetObjectVersionTagging", p.version.key, keys); err != nil {
		return &failure{"SrcGetTaggingNotPermitted", err}
	}
	if err := p.tagsWritable(); err != nil {
		return err
	}
	p.destination.mu.Lock()
	defer p.destination.mu.Unlock()
	v := p.destination.index.version(p.version.key, p.version.id)
	if v == nil {
		return &failure{"DstVersionNotFound", fault.NoSuchVersion(p.version.key, p.version.id)}
	}
	v.tags = p.version.tags
	return nil
}
