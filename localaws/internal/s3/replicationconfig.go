package s3

import (
	"encoding/xml"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
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

func (s *Service) getBucketReplication(rq *request) error {
	b, err := s.bucketFor(rq, "s3:GetReplicationConfiguration")
	if err != nil {
		return err
	}
	c := b.settings().replication
	if c == nil {
		return fault.With(api.Errorf(404, "ReplicationConfigurationNotFoundError", "The replication configuration was not found"), "BucketName", b.name)
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
	if role, err := arn.Parse(in.Role); err != nil || role.AccountID != b.account {
		return fault.InvalidArgument("The role must belong to the account of the source bucket", "Role", in.Role)
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
			return fault.InvalidRequest("Destination bucket must exist.")
		case d == b:
			return fault.InvalidRequest("Destination bucket cannot be the same as the source bucket.")
		case d.settings().versioning != "Enabled":
			return fault.InvalidRequest("Destination bucket must have versioning enabled.")
		case in.Rules[i].Destination.Account != "" && in.Rules[i].Destination.Account != d.account:
			return fault.InvalidRequest("Destination Account does not own the destination bucket.")
		}
	}
	return b.change(func(cfg *config) error {
		if cfg.versioning != "Enabled" {
			return fault.InvalidRequest("Versioning must be 'Enabled' on the bucket to apply a replication configuration")
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
