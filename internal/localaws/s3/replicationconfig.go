package s3

import (
	"encoding/xml"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/iam"
	"github.com/s3seal/s3seal/internal/localaws/api"
)

// replicationConfiguration serves the REST API and CloudFormation: the two
// have the same shape under slightly different names.
type replicationConfiguration struct {
	XMLName xml.Name `xml:"ReplicationConfiguration" json:"-"`
	Role    string
	Rules   []replicationRule `xml:"Rule"`
}

type replicationRule struct {
	ID                        string                   `xml:"ID,omitempty" json:"Id"`
	Priority                  *int                     `xml:",omitempty"`
	Prefix                    *string                  `xml:",omitempty"`
	Filter                    *replicationFilter       `xml:",omitempty"`
	Status                    string                   // Enabled or Disabled
	SourceSelectionCriteria   *sourceSelectionCriteria `xml:",omitempty"`
	ExistingObjectReplication *status                  `xml:",omitempty" json:"-"`
	Destination               replicationDestination
	DeleteMarkerReplication   *status `xml:",omitempty"`
}

type status struct{ Status string }

func (s *status) enabled() bool { return s != nil && s.Status == "Enabled" }

type replicationFilter struct {
	Prefix string          `xml:",omitempty"`
	Tag    *tag            `xml:",omitempty" json:"TagFilter"`
	And    *replicationAnd `xml:",omitempty"`
}

type replicationAnd struct {
	Prefix string `xml:",omitempty"`
	Tags   []tag  `xml:"Tag" json:"TagFilters"`
}

type sourceSelectionCriteria struct {
	SseKmsEncryptedObjects *status `xml:",omitempty"`
	ReplicaModifications   *status `xml:",omitempty"`
}

type replicationDestination struct {
	Bucket                   string
	Account                  string                    `xml:",omitempty"`
	StorageClass             string                    `xml:",omitempty"`
	AccessControlTranslation *accessControlTranslation `xml:",omitempty"`
	EncryptionConfiguration  *replicaEncryption        `xml:",omitempty"`
	ReplicationTime          *replicationTime          `xml:",omitempty"`
	Metrics                  *replicationMetrics       `xml:",omitempty"`
}

type accessControlTranslation struct{ Owner string }

type replicaEncryption struct{ ReplicaKmsKeyID string }

type replicationTime struct {
	Status string
	Time   *minutes `xml:",omitempty"`
}

type replicationMetrics struct {
	Status         string
	EventThreshold *minutes `xml:",omitempty"`
}

type minutes struct{ Minutes int }

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
	if v.encryption.mode.kms() {
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

var roleARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$`)

const newerSchema = " must be specified for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information."

// check refuses what S3 refuses. KMS keys are not looked at: "PutBucketReplication
// doesn't check the validity of KMS keys".
//
// Source: S3 API reference, API_PutBucketReplication; S3 user guide,
// replication-add-config.
func (c *replicationConfiguration) check() error {
	if !roleARN.MatchString(c.Role) {
		return invalidArgument("Invalid Role ARN", "Role", c.Role)
	}
	if n := len(c.Rules); n == 0 || n > 1000 {
		return malformedXML("a replication configuration has 1 to 1000 rules, this one has %d", n)
	}
	ids, priorities := map[string]bool{}, map[int]bool{}
	for i := range c.Rules {
		r := &c.Rules[i]
		if err := r.check(); err != nil {
			return err
		}
		if r.ID == "" {
			r.ID = newID()
		}
		if ids[r.ID] {
			return invalidArgument("Rule Id must be unique. Found same Id for more than one rule", "ID", r.ID)
		}
		ids[r.ID] = true
		if r.Priority != nil {
			if priorities[*r.Priority] {
				return invalidRequest("Found duplicate priorities. Priorities must be unique.")
			}
			priorities[*r.Priority] = true
		}
	}
	return nil
}

func (r *replicationRule) check() error {
	d := &r.Destination
	kms := r.SourceSelectionCriteria != nil && r.SourceSelectionCriteria.SseKmsEncryptedObjects.enabled()
	switch {
	case r.Status != "Enabled" && r.Status != "Disabled":
		return malformedXML("Status of a replication rule is %q", r.Status)
	case r.ExistingObjectReplication != nil:
		return invalidRequest("ExistingObjectReplication is not supported; use S3 Batch Replication")
	case r.Filter != nil && r.Prefix != nil:
		return malformedXML("a replication rule has Filter or Prefix, not both")
	case r.Filter == nil && r.Prefix == nil:
		return malformedXML("a replication rule needs a Filter")
	case r.Filter != nil && r.Priority == nil:
		return invalidRequest("%s", "Priority"+newerSchema)
	case r.Filter != nil && r.DeleteMarkerReplication == nil:
		return invalidRequest("%s", "DeleteMarkerReplication"+newerSchema)
	case r.Filter == nil && (r.Priority != nil || r.DeleteMarkerReplication != nil):
		return invalidRequest("Priority and DeleteMarkerReplication need a Filter")
	case r.DeleteMarkerReplication.enabled() && len(r.tags()) > 0:
		return invalidRequest("Delete marker replication is not supported if any Tag filter is specified. Please refer to S3 Developer Guide for more information.")
	case !strings.HasPrefix(d.Bucket, "arn:") || strings.Count(d.Bucket, ":") != 5:
		return invalidArgument("Invalid bucket ARN", "Destination", d.Bucket)
	case kms && r.replicaKey() == "":
		return invalidRequest("ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects tag is present.")
	case !kms && r.replicaKey() != "":
		return invalidRequest("SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.")
	case d.AccessControlTranslation != nil && (d.Account == "" || d.AccessControlTranslation.Owner != "Destination"):
		return invalidRequest("AccessControlTranslation needs Owner Destination and the Account of the destination")
	case d.ReplicationTime != nil && d.ReplicationTime.Status == "Enabled" && (d.Metrics == nil || d.Metrics.Status != "Enabled"):
		return invalidRequest("Replication destination must contain both ReplicationTime and Metrics tags or neither.")
	}
	return nil
}

func (s *Service) getBucketReplication(rq *request) error {
	b, err := s.bucketFor(rq, "s3:GetReplicationConfiguration")
	if err != nil {
		return err
	}
	c := b.settings().replication
	if c == nil {
		return detail(api.Errorf(404, "ReplicationConfigurationNotFoundError", "The replication configuration was not found"), "BucketName", b.name)
	}
	return rq.answer(http.StatusOK, c)
}

func (s *Service) putBucketReplication(rq *request) error {
	b, err := s.bucketFor(rq, "s3:PutReplicationConfiguration")
	if err != nil {
		return err
	}
	var in replicationConfiguration
	if err := rq.document("ReplicationConfiguration", &in); err != nil {
		return err
	}
	if err := s.setReplication(rq.call, b, &in); err != nil {
		return err
	}
	return rq.done(http.StatusOK)
}

// setReplication checks a configuration against the buckets and the caller's
// right to pass the role, and puts it.
func (s *Service) setReplication(c api.Call, b *bucket, in *replicationConfiguration) error {
	if err := in.check(); err != nil {
		return err
	}
	if arnAccount(in.Role) != b.account {
		return invalidArgument("The role must belong to the account of the source bucket", "Role", in.Role)
	}
	err := s.opt.Authorizer.Authorize(c, api.Access{
		Action: "iam:PassRole", Resource: in.Role, ResourceAccount: b.account,
		Context: map[string]iam.Strings{"iam:PassedToService": {"s3.amazonaws.com"}},
	})
	if err != nil {
		return err
	}
	for i := range in.Rules {
		d, err := s.find(in.Rules[i].destination())
		switch {
		case err != nil:
			return invalidRequest("Destination bucket must exist.")
		case d == b:
			return invalidRequest("Destination bucket cannot be the same as the source bucket.")
		case d.settings().versioning != "Enabled":
			return invalidRequest("Destination bucket must have versioning enabled.")
		case in.Rules[i].Destination.Account != "" && in.Rules[i].Destination.Account != d.account:
			return invalidRequest("Destination Account does not own the destination bucket.")
		}
	}
	return b.change(func(cfg *config) error {
		if cfg.versioning != "Enabled" {
			return invalidRequest("Versioning must be 'Enabled' on the bucket to apply a replication configuration")
		}
		cfg.replication = in
		return nil
	})
}

func (s *Service) deleteBucketReplication(rq *request) error {
	b, err := s.bucketFor(rq, "s3:PutReplicationConfiguration")
	if err != nil {
		return err
	}
	if err := b.change(func(c *config) error { c.replication = nil; return nil }); err != nil {
		return err
	}
	return rq.done(http.StatusNoContent)
}
