package s3

import (
	"encoding/xml"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
)

type policyStatus struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ PolicyStatus"`
	IsPublic bool
}

// subresourceOperations are the bucket operations that read and write a part of
// the configuration and nothing else, by method and subresource.
var subresourceOperations = map[string]operation{
	"GET versioning": {"GetBucketVersioning", get("s3:GetBucketVersioning", nil, func(c configuration.Bucket) *configuration.Versioning {
		return &configuration.Versioning{Status: c.Versioning}
	})},
	"PUT versioning": {"PutBucketVersioning", put[configuration.Versioning]("s3:PutBucketVersioning", "VersioningConfiguration", 200)},

	"GET encryption": {"GetBucketEncryption", get("s3:GetEncryptionConfiguration", nil, func(c configuration.Bucket) *configuration.Encryption {
		return &configuration.Encryption{Rules: []configuration.EncryptionRule{c.Encryption}}
	})},
	"PUT encryption": {"PutBucketEncryption", put[configuration.Encryption]("s3:PutEncryptionConfiguration", "ServerSideEncryptionConfiguration", 200)},
	"DELETE encryption": {"DeleteBucketEncryption", unset("s3:PutEncryptionConfiguration", func(c *configuration.Bucket) {
		c.Encryption = configuration.New().Encryption
	})},

	"GET publicAccessBlock": {"GetPublicAccessBlock", get("s3:GetBucketPublicAccessBlock",
		api.Errorf(404, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"),
		func(c configuration.Bucket) *configuration.PublicAccessBlock { return c.PublicAccess })},
	"PUT publicAccessBlock": {"PutPublicAccessBlock", put[configuration.PublicAccessBlock]("s3:PutBucketPublicAccessBlock", "PublicAccessBlockConfiguration", 200)},
	"DELETE publicAccessBlock": {"DeletePublicAccessBlock", unset("s3:PutBucketPublicAccessBlock", func(c *configuration.Bucket) {
		c.PublicAccess = nil
	})},

	"GET ownershipControls": {"GetBucketOwnershipControls", get("s3:GetBucketOwnershipControls", nil, func(configuration.Bucket) *configuration.Ownership {
		return &configuration.Ownership{Rules: []configuration.OwnershipRule{{ObjectOwnership: configuration.OwnerEnforced}}}
	})},
	"PUT ownershipControls": {"PutBucketOwnershipControls", put[configuration.Ownership]("s3:PutBucketOwnershipControls", "OwnershipControls", 200)},

	"GET tagging": {"GetBucketTagging", get("s3:GetBucketTagging",
		api.Errorf(404, "NoSuchTagSet", "The TagSet does not exist"),
		func(c configuration.Bucket) *configuration.Tagging {
			if len(c.Tags) == 0 {
				return nil
			}
			return &configuration.Tagging{Tags: c.Tags}
		})},
	"PUT tagging":    {"PutBucketTagging", put[configuration.Tagging]("s3:PutBucketTagging", "Tagging", 204)},
	"DELETE tagging": {"DeleteBucketTagging", unset("s3:PutBucketTagging", func(c *configuration.Bucket) { c.Tags = nil })},

	"GET replication": {"GetBucketReplication", get("s3:GetReplicationConfiguration",
		api.Errorf(404, "ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
		func(c configuration.Bucket) *configuration.Replication { return c.Replication })},
	"PUT replication": {"PutBucketReplication", (*Service).putBucketReplication},
	"DELETE replication": {"DeleteBucketReplication", unset("s3:PutReplicationConfiguration", func(c *configuration.Bucket) {
		c.Replication = nil
	})},

	"GET lifecycle": {"GetBucketLifecycleConfiguration", get("s3:GetLifecycleConfiguration",
		api.Errorf(404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
		func(c configuration.Bucket) *configuration.Lifecycle { return c.Lifecycle })},
	"PUT lifecycle":    {"PutBucketLifecycleConfiguration", put[configuration.Lifecycle]("s3:PutLifecycleConfiguration", "LifecycleConfiguration", 200)},
	"DELETE lifecycle": {"DeleteBucketLifecycle", unset("s3:PutLifecycleConfiguration", func(c *configuration.Bucket) { c.Lifecycle = nil })},

	"GET logging": {"GetBucketLogging", get("s3:GetBucketLogging", nil, func(c configuration.Bucket) *configuration.LoggingStatus {
		return &configuration.LoggingStatus{LoggingEnabled: c.Logging}
	})},
	"PUT logging": {"PutBucketLogging", (*Service).putLogging},

	"GET notification": {"GetBucketNotificationConfiguration", get("s3:GetBucketNotification", nil, func(c configuration.Bucket) *configuration.Notification {
		if c.Notification == nil {
			return &configuration.Notification{}
		}
		return c.Notification
	})},
	"PUT notification": {"PutBucketNotificationConfiguration", put[configuration.Notification]("s3:PutBucketNotification", "NotificationConfiguration", 200)},

	"GET inventory":    {"GetBucketInventoryConfiguration", getByID("s3:GetInventoryConfiguration", "ListInventoryConfigurationsResult", inventories)},
	"PUT inventory":    {"PutBucketInventoryConfiguration", put[configuration.Inventory]("s3:PutInventoryConfiguration", "InventoryConfiguration", 200)},
	"DELETE inventory": {"DeleteBucketInventoryConfiguration", unsetByID("s3:PutInventoryConfiguration", inventories)},

	"GET metrics":    {"GetBucketMetricsConfiguration", getByID("s3:GetMetricsConfiguration", "ListMetricsConfigurationsResult", metrics)},
	"PUT metrics":    {"PutBucketMetricsConfiguration", put[configuration.Metrics]("s3:PutMetricsConfiguration", "MetricsConfiguration", 200)},
	"DELETE metrics": {"DeleteBucketMetricsConfiguration", unsetByID("s3:PutMetricsConfiguration", metrics)},

	"GET policyStatus": {"GetBucketPolicyStatus", get("s3:GetBucketPolicyStatus", noSuchPolicy(), func(c configuration.Bucket) *policyStatus {
		if c.Policy == nil {
			return nil
		}
		return &policyStatus{IsPublic: iam.Public(c.Policy.Source.Document)}
	})},
}
