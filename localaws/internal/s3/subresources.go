package s3

import (
	"encoding/xml"
	"strings"

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
	"GET versioning": {"GetBucketVersioning", "s3:GetBucketVersioning", get(nil, func(c configuration.Bucket) *configuration.Versioning {
		return &configuration.Versioning{Status: c.Versioning}
	})},
	"PUT versioning": {"PutBucketVersioning", "s3:PutBucketVersioning", put[configuration.Versioning]("VersioningConfiguration", 200)},

	"GET encryption": {"GetBucketEncryption", "s3:GetEncryptionConfiguration", get(nil, func(c configuration.Bucket) *configuration.Encryption {
		return &configuration.Encryption{Rules: []configuration.EncryptionRule{c.Encryption}}
	})},
	"PUT encryption": {"PutBucketEncryption", "s3:PutEncryptionConfiguration", put[configuration.Encryption]("ServerSideEncryptionConfiguration", 200)},
	"DELETE encryption": {"DeleteBucketEncryption", "s3:PutEncryptionConfiguration", unset(func(c *configuration.Bucket) {
		c.Encryption = configuration.New().Encryption
	})},

	"GET publicAccessBlock": {"GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock", get(
		api.Errorf(404, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"),
		func(c configuration.Bucket) *configuration.PublicAccessBlock { return c.PublicAccess })},
	"PUT publicAccessBlock": {"PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock", put[configuration.PublicAccessBlock]("PublicAccessBlockConfiguration", 200)},
	"DELETE publicAccessBlock": {"DeletePublicAccessBlock", "s3:PutBucketPublicAccessBlock", unset(func(c *configuration.Bucket) {
		c.PublicAccess = nil
	})},

	"GET ownershipControls": {"GetBucketOwnershipControls", "s3:GetBucketOwnershipControls", get(nil, func(configuration.Bucket) *configuration.Ownership {
		return &configuration.Ownership{Rules: []configuration.OwnershipRule{{ObjectOwnership: configuration.OwnerEnforced}}}
	})},
	"PUT ownershipControls": {"PutBucketOwnershipControls", "s3:PutBucketOwnershipControls", put[configuration.Ownership]("OwnershipControls", 200)},

	"GET tagging": {"GetBucketTagging", "s3:GetBucketTagging", get(
		api.Errorf(404, "NoSuchTagSet", "The TagSet does not exist"),
		func(c configuration.Bucket) *configuration.Tagging {
			if len(c.Tags) == 0 {
				return nil
			}
			return &configuration.Tagging{Tags: c.Tags}
		})},
	"PUT tagging":    {"PutBucketTagging", "s3:PutBucketTagging", put[configuration.Tagging]("Tagging", 204)},
	"DELETE tagging": {"DeleteBucketTagging", "s3:PutBucketTagging", unset(func(c *configuration.Bucket) { c.Tags = nil })},

	"GET replication": {"GetBucketReplication", "s3:GetReplicationConfiguration", get(
		api.Errorf(404, "ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
		func(c configuration.Bucket) *configuration.Replication { return c.Replication })},
	"PUT replication": {"PutBucketReplication", "s3:PutReplicationConfiguration", putWith("ReplicationConfiguration", 200, func(s *Service, rq *request, b *bucket, in *configuration.Replication) error {
		return s.setReplication(rq.Call, b, in)
	})},
	"DELETE replication": {"DeleteBucketReplication", "s3:PutReplicationConfiguration", unset(func(c *configuration.Bucket) {
		c.Replication = nil
	})},

	"GET lifecycle": {"GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration", get(
		api.Errorf(404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
		func(c configuration.Bucket) *configuration.Lifecycle { return c.Lifecycle })},
	"PUT lifecycle":    {"PutBucketLifecycleConfiguration", "s3:PutLifecycleConfiguration", put[configuration.Lifecycle]("LifecycleConfiguration", 200)},
	"DELETE lifecycle": {"DeleteBucketLifecycle", "s3:PutLifecycleConfiguration", unset(func(c *configuration.Bucket) { c.Lifecycle = nil })},

	"GET cors": {"GetBucketCors", "s3:GetBucketCORS", get(
		api.Errorf(404, "NoSuchCORSConfiguration", "The CORS configuration does not exist"),
		func(c configuration.Bucket) *configuration.CORS { return c.CORS })},
	"PUT cors":    {"PutBucketCors", "s3:PutBucketCORS", put[configuration.CORS]("CORSConfiguration", 200)},
	"DELETE cors": {"DeleteBucketCors", "s3:PutBucketCORS", unset(func(c *configuration.Bucket) { c.CORS = nil })},

	"GET logging": {"GetBucketLogging", "s3:GetBucketLogging", get(nil, func(c configuration.Bucket) *configuration.LoggingStatus {
		return &configuration.LoggingStatus{LoggingEnabled: c.Logging}
	})},
	"PUT logging": {"PutBucketLogging", "s3:PutBucketLogging", putWith("BucketLoggingStatus", 200, func(s *Service, _ *request, b *bucket, in *configuration.LoggingStatus) error {
		return s.setLogging(b, in.LoggingEnabled)
	})},

	"GET notification": {"GetBucketNotificationConfiguration", "s3:GetBucketNotification", get(nil, func(c configuration.Bucket) *configuration.Notification {
		if c.Notification == nil {
			return &configuration.Notification{}
		}
		return c.Notification
	})},
	"PUT notification": {"PutBucketNotificationConfiguration", "s3:PutBucketNotification", putWith("NotificationConfiguration", 200, func(s *Service, rq *request, b *bucket, in *configuration.Notification) error {
		return s.setNotification(b, in, strings.EqualFold(rq.header("x-amz-skip-destination-validation"), "true"))
	})},

	"GET inventory":    {"GetBucketInventoryConfiguration", "s3:GetInventoryConfiguration", getByID("ListInventoryConfigurationsResult", inventories)},
	"PUT inventory":    {"PutBucketInventoryConfiguration", "s3:PutInventoryConfiguration", put[configuration.Inventory]("InventoryConfiguration", 200)},
	"DELETE inventory": {"DeleteBucketInventoryConfiguration", "s3:PutInventoryConfiguration", unsetByID(inventories)},

	"GET metrics":    {"GetBucketMetricsConfiguration", "s3:GetMetricsConfiguration", getByID("ListMetricsConfigurationsResult", metrics)},
	"PUT metrics":    {"PutBucketMetricsConfiguration", "s3:PutMetricsConfiguration", put[configuration.Metrics]("MetricsConfiguration", 200)},
	"DELETE metrics": {"DeleteBucketMetricsConfiguration", "s3:PutMetricsConfiguration", unsetByID(metrics)},

	"GET policyStatus": {"GetBucketPolicyStatus", "s3:GetBucketPolicyStatus", get(noSuchPolicy(), func(c configuration.Bucket) *policyStatus {
		if c.Policy == nil {
			return nil
		}
		return &policyStatus{IsPublic: iam.Public(c.Policy.Source.Document)}
	})},
}
