package configuration

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// prefix and tags of a rule, whichever schema it uses.
func (r *ReplicationRule) prefix() string {
	switch {
	case r.Filter != nil && r.Filter.And != nil:
		return r.Filter.And.Prefix
	case r.Filter != nil:
		return r.Filter.Prefix
	case r.Prefix != nil:
		return *r.Prefix
	}
	return ""
}

func (r *ReplicationRule) tags() []Tag {
	switch {
	case r.Filter == nil:
		return nil
	case r.Filter.And != nil:
		return r.Filter.And.Tags
	case r.Filter.Tag != nil:
		return []Tag{*r.Filter.Tag}
	}
	return nil
}

// ReplicaKey is the KMS key of replicas; "" for none.
func (r *ReplicationRule) ReplicaKey() string {
	if r.Destination.EncryptionConfiguration == nil {
		return ""
	}
	return r.Destination.EncryptionConfiguration.ReplicaKmsKeyID
}

// Metered says whether S3 publishes metrics of the rule, and tells of replications
// that fail. Time control turns metrics on.
//
// Source: S3 user guide, repl-metrics and replication-metrics-events.
func (r *ReplicationRule) Metered() bool {
	return r.Destination.Metrics != nil && r.Destination.Metrics.Status == Enabled
}

// DestinationBucket is the name of the bucket of replicas.
func (r *ReplicationRule) DestinationBucket() string {
	return r.Destination.Bucket[strings.LastIndexByte(r.Destination.Bucket, ':')+1:]
}

// Object is what a rule looks at of a version.
type Object struct {
	Key    string
	Tags   []Tag
	Marker bool // a delete marker
	Mode   sse.Mode
}

// selects says whether a rule replicates a version.
//
// Source: S3 user guide, replication-what-is-isnot-replicated,
// delete-marker-replication, replication-Bucket-for-kms-objects.
func (r *ReplicationRule) selects(v Object) bool {
	if r.Status != Enabled || !strings.HasPrefix(v.Key, r.prefix()) {
		return false
	}
	for _, t := range r.tags() {
		if !slices.Contains(v.Tags, t) {
			return false
		}
	}
	if v.Marker {
		// Rules without a Filter are of the first schema, which replicates
		// delete markers; a rule by tags never does.
		return len(r.tags()) == 0 && (r.Filter == nil || r.DeleteMarkerReplication.enabled())
	}
	if v.Mode.UsesKMS() {
		return r.SourceSelectionCriteria != nil && r.SourceSelectionCriteria.SseKmsEncryptedObjects.enabled()
	}
	return true
}

// RulesFor are the rules that replicate a version: for each destination the
// one with the highest priority.
func (c *Replication) RulesFor(v Object) []ReplicationRule {
	if c == nil {
		return nil
	}
	best := map[string]int{}
	var found []ReplicationRule
	for _, r := range c.Rules {
		if !r.selects(v) {
			continue
		}
		i, ok := best[r.Destination.Bucket]
		switch {
		case !ok:
			best[r.Destination.Bucket] = len(found)
			found = append(found, r)
		case r.Priority != nil && found[i].Priority != nil && *r.Priority > *found[i].Priority:
			found[i] = r
		}
	}
	return found
}

// Status is the replication status of a new version.
func (c *Replication) Status(v Object) string {
	if len(c.RulesFor(v)) == 0 {
		return ""
	}
	return "PENDING"
}
