package configuration

import "encoding/xml"

// Replication is a replication configuration. It serves the REST API and
// CloudFormation: the two have the same shape under slightly different names.
type Replication struct {
	XMLName xml.Name `xml:"ReplicationConfiguration" json:"-"`
	Role    string
	Rules   []ReplicationRule `xml:"Rule"`
}

// ReplicationRule is one rule.
type ReplicationRule struct {
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
	Tag    *Tag            `xml:",omitempty" json:"TagFilter"`
	And    *replicationAnd `xml:",omitempty"`
}

type replicationAnd struct {
	Prefix string `xml:",omitempty"`
	Tags   []Tag  `xml:"Tag" json:"TagFilters"`
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
