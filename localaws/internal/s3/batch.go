package s3

import (
	"errors"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// Existing is a version that the bucket's replication rules match.
type Existing struct {
	Key, VersionID string
	Status         string // of its replication, as Batch Operations calls it: "NONE", "FAILED"
	Modified       time.Time
	Size           int64
}

// ErrNoReplication is that of a bucket without a replication configuration.
var ErrNoReplication = errors.New("the bucket has no replication configuration")

// Replicable lists the versions of a bucket that its rules match, in the order of
// their keys, the oldest of each first. The caller needs what the generation of a
// manifest needs.
//
// Source: S3 user guide, s3-batch-replication-policies.
func (s *Service) Replicable(c api.Call, name string) ([]Existing, error) {
	b, err := s.find(name)
	if err != nil {
		return nil, err
	}
	for _, action := range []string{"s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"} {
		if err := s.decide(c, b, action, "", nil); err != nil {
			return nil, err
		}
	}
	rules := b.settings().Replication
	if rules == nil {
		return nil, ErrNoReplication
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	var list []Existing
	for _, key := range b.index.keys {
		for _, v := range b.index.versions[key] {
			if len(rules.RulesFor(v.object())) == 0 {
				continue
			}
			x := Existing{Key: key, VersionID: v.id, Status: v.replication, Modified: v.modified, Size: v.size}
			if x.Status == "" {
				x.Status = "NONE"
			}
			list = append(list, x)
		}
	}
	return list, nil
}

// ReplicateExisting replicates a version that is there already, by the bucket's
// rules and their role. The caller needs s3:InitiateReplication on the object. The
// error has S3's code for what failed.
//
// Source: S3 user guide, s3-batch-replication-batch and
// replication-failure-codes.
func (s *Service) ReplicateExisting(c api.Call, name, key, version string) error {
	b, err := s.find(name)
	if err != nil {
		return &failure{"SrcBucketNotFound", fault.NoSuchBucket(name)}
	}
	if err := s.decide(c, b, "s3:InitiateReplication", key, nil); err != nil {
		return &failure{"InitiateReplicationNotPermitted", err}
	}
	failed := s.replicate(task{bucket: b, key: key, version: version, kind: replicateObject, added: s.opt.Now()})
	if len(failed) == 0 {
		return nil
	}
	s.replication.mu.Lock()
	s.replication.failures = append(s.replication.failures, failed...)
	s.replication.mu.Unlock()
	return &failure{failed[0].Reason, errors.New(failed[0].Detail)}
}

// FailureReason is S3's code in an error of ReplicateExisting.
func FailureReason(err error) string {
	var f *failure
	if errors.As(err, &f) {
		return f.reason
	}
	return "SrcObjectNotEligible"
}

// BucketPlace is where a bucket is; false if there is none.
func (s *Service) BucketPlace(name string) (api.Place, bool) {
	b, err := s.find(name)
	if err != nil {
		return api.Place{}, false
	}
	return api.Place{Account: b.account, Region: b.region}, true
}
