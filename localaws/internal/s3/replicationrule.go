package s3

import (
	"slices"
	"strings"
)

// prefix and tags of a rule, whichever schema it uses.
func (r *replicationRule) prefix() string {
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

func (r *replicationRule) tags() []tag {
	switch {
	case r.Filter == nil:
		return nil
	case r.Filter.And != nil:
		return r.Filter.And.Tags
	case r.Filter.Tag != nil:
		return []tag{*r.Filter.Tag}
	}
	return nil
}

func (r *replicationRule) replicaKey() string {
	if r.Destination.EncryptionConfiguration == nil {
		return ""
	}
	return r.Destination.EncryptionConfiguration.ReplicaKmsKeyID
}

func (r *replicationRule) destination() string {
	return r.Destination.Bucket[strings.LastIndexByte(r.Destination.Bucket, ':')+1:]
}

// takes says whether a rule replicates a version.
//
// Source: S3 user guide, replication-what-is-isnot-replicated,
// delete-marker-replication, replication-config-for-kms-objects.
func (r *replicationRule) takes(v *version) bool {
	if r.Status != "Enabled" || !strings.HasPrefix(v.key, r.prefix()) {
		return false
	}
	for _, t := range r.tags() {
		if !slices.Contains(v.tags, t) {
			return false
		}
	}
	if v.marker {
		// Rules without a Filter are of the first schema, which replicates
		// delete markers; a rule by tags never does.
		return len(r.tags()) == 0 && (r.Filter == nil || r.DeleteMarkerReplication.enabled())
	}
	if v.encryption.Mode.UsesKMS() {
		return r.SourceSelectionCriteria != nil && r.SourceSelectionCriteria.SseKmsEncryptedObjects.enabled()
	}
	return true
}

// rulesFor are the rules that replicate a version: for each destination the
// one with the highest priority.
func (c *replicationConfiguration) rulesFor(v *version) []replicationRule {
	if c == nil {
		return nil
	}
	best := map[string]int{}
	var found []replicationRule
	for _, r := range c.Rules {
		if !r.takes(v) {
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

// status is the replication status of a new version.
func (c *replicationConfiguration) status(v *version) string {
	if len(c.rulesFor(v)) == 0 {
		return ""
	}
	return "PENDING"
}
