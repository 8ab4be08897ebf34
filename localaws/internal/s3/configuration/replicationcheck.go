package configuration

import (
	"crypto/rand"
	"regexp"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

var roleARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$`)

const newerSchema = " must be specified for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information."

// Check refuses what S3 refuses. KMS keys are not looked at: "PutBucketReplication
// doesn't check the validity of KMS keys".
//
// Source: S3 API reference, API_PutBucketReplication; S3 user guide,
// replication-add-Bucket.
func (c *Replication) Check() error {
	if !roleARN.MatchString(c.Role) {
		return fault.InvalidArgument("Invalid Role ARN", "Role", c.Role)
	}
	if n := len(c.Rules); n == 0 || n > 1000 {
		return fault.MalformedXML("a replication configuration has 1 to 1000 rules, this one has %d", n)
	}
	ids, priorities := map[string]bool{}, map[int]bool{}
	for i := range c.Rules {
		r := &c.Rules[i]
		if err := r.check(); err != nil {
			return err
		}
		if r.ID == "" {
			r.ID = rand.Text()
		}
		if ids[r.ID] {
			return fault.InvalidArgument("Rule Id must be unique. Found same Id for more than one rule", "ID", r.ID)
		}
		ids[r.ID] = true
		if r.Priority != nil {
			if priorities[*r.Priority] {
				return fault.InvalidRequest("Found duplicate priorities. Priorities must be unique.")
			}
			priorities[*r.Priority] = true
		}
	}
	return nil
}

func (r *ReplicationRule) check() error {
	d := &r.Destination
	kms := r.SourceSelectionCriteria != nil && r.SourceSelectionCriteria.SseKmsEncryptedObjects.enabled()
	switch {
	case r.Status != Enabled && r.Status != "Disabled":
		return fault.MalformedXML("Status of a replication rule is %q", r.Status)
	case r.ExistingObjectReplication != nil:
		return fault.InvalidRequest("ExistingObjectReplication is not supported; use S3 Batch Replication")
	case r.Filter != nil && r.Prefix != nil:
		return fault.MalformedXML("a replication rule has Filter or Prefix, not both")
	case r.Filter.parts() > 1:
		return fault.MalformedXML("the Filter of a replication rule has one of Prefix, Tag and And")
	case r.Filter == nil && r.Prefix == nil:
		return fault.MalformedXML("a replication rule needs a Filter")
	case r.Filter != nil && r.Priority == nil:
		return fault.InvalidRequest("%s", "Priority"+newerSchema)
	case r.Filter != nil && r.DeleteMarkerReplication == nil:
		return fault.InvalidRequest("%s", "DeleteMarkerReplication"+newerSchema)
	case r.Filter == nil && (r.Priority != nil || r.DeleteMarkerReplication != nil):
		return fault.InvalidRequest("Priority and DeleteMarkerReplication need a Filter")
	case r.DeleteMarkerReplication.enabled() && len(r.tags()) > 0:
		return fault.InvalidRequest("Delete marker replication is not supported if any Tag filter is specified. Please refer to S3 Developer Guide for more information.")
	case !strings.HasPrefix(d.Bucket, "arn:") || strings.Count(d.Bucket, ":") != 5:
		return fault.InvalidArgument("Invalid bucket ARN", "Destination", d.Bucket)
	case kms && r.ReplicaKey() == "":
		return fault.InvalidRequest("ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects Tag is present.")
	case !kms && r.ReplicaKey() != "":
		return fault.InvalidRequest("SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.")
	case d.AccessControlTranslation != nil && (d.Account == "" || d.AccessControlTranslation.Owner != "Destination"):
		return fault.InvalidRequest("AccessControlTranslation needs Owner Destination and the Account of the destination")
	case d.ReplicationTime != nil && d.ReplicationTime.Status == Enabled && (d.Metrics == nil || d.Metrics.Status != Enabled):
		return fault.InvalidRequest("Replication destination must contain both ReplicationTime and Metrics tags or neither.")
	case d.ReplicationTime != nil && !d.ReplicationTime.Time.fifteen() || d.Metrics != nil && !d.Metrics.EventThreshold.fifteen():
		return fault.InvalidRequest("ReplicationTime and EventThreshold must be 15 minutes")
	}
	return nil
}

// fifteen is the one number that S3 accepts; nothing needs to be there.
//
// Source: S3 user guide, replication-add-config.
func (m *minutes) fifteen() bool { return m == nil || m.Minutes == 15 }

// parts counts what a Filter has, of which S3 accepts one.
//
// Source: S3 API reference, API_ReplicationRuleFilter.
func (f *replicationFilter) parts() (n int) {
	if f == nil {
		return 0
	}
	for _, there := range []bool{f.Prefix != "", f.Tag != nil, f.And != nil} {
		if there {
			n++
		}
	}
	return n
}
