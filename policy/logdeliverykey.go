package policy

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/logdelivery"
)

// LogDeliveryKey is the statements of a customer managed key's policy that let
// services encrypt the logs that they deliver. Sources that a bucket under such
// a key can't receive have none.
//
// None has a condition on S3's encryption context, so they hold with an S3
// Bucket Key and without; log buckets have none all the same, as AWS warns that
// with it a key's policy doesn't decide every request of a log delivery.
// Source: AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html.
func LogDeliveryKey(deliveries ...logdelivery.Delivery) []iam.Statement {
	var list []iam.Statement
	for _, d := range deliveries {
		switch d.Source {
		case logdelivery.S3Inventory:
			list = append(list, encrypt("S3InventoryEncrypts", d, "kms:GenerateDataKey"))
		case logdelivery.S3Analytics:
			list = append(list, encrypt("S3AnalyticsEncrypts", d, "kms:GenerateDataKey"))
		case logdelivery.StorageLens:
			list = append(list, encrypt("StorageLensEncrypts", d, "kms:GenerateDataKey"))
		case logdelivery.NLBAccess, logdelivery.VPCFlowLogs, logdelivery.WAF, logdelivery.ResolverQueryLogs,
			logdelivery.S3ServerAccessVended, logdelivery.ALBAccessVended, logdelivery.ALBConnectionVended,
			logdelivery.ALBHealthCheckVended, logdelivery.NLBAccessVended, logdelivery.CloudFrontV2:
			list = append(list, vendedLogsEncrypt(d))
		case logdelivery.CloudTrail:
			list = append(list, trailEncrypts(d)...)
		case logdelivery.Config:
			list = append(list, encrypt("AWSConfigEncrypts", d, "kms:Decrypt", "kms:GenerateDataKey"))
		}
	}
	return distinct(list)
}

// encrypt lets the delivery's service use the key for what it delivers.
//
// Sources: AmazonS3/latest/userguide/configure-inventory.html,
// configure-analytics-storage-class.html, storage_lens_encrypt_permissions.html,
// config/latest/developerguide/s3-kms-key-policy.html.
func encrypt(sid string, d logdelivery.Delivery, actions ...string) iam.Statement {
	return iam.Statement{
		Sid:       sid,
		Effect:    iam.Allow,
		Principal: writer(d),
		Action:    actions,
		Resource:  iam.Strings{"*"},
		Condition: from(d),
	}
}

// vendedLogsEncrypt is the statement of the page on vended logs. Those on NLB
// access logs and WAF print one without conditions, WAF's with
// kms:GenerateDataKey* alone; they are delivered by the same service.
// Sources: AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html and
// -V2-S3.html, AmazonCloudFront/latest/DeveloperGuide/standard-logging.html.
func vendedLogsEncrypt(d logdelivery.Delivery) iam.Statement {
	return encrypt("AWSLogDeliveryEncrypts", d,
		"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
}

// trailEncrypts lets CloudTrail use the key for its trails. The encryption
// context holds the trail's ARN, and kms:Decrypt is what CloudTrail needs to
// create or update a trail with such a key. The page prints kms:Decrypt without
// a condition, and recommends aws:SourceArn for the whole policy; were it
// missing, creating the trail would fail.
// Source: awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html.
func trailEncrypts(d logdelivery.Delivery) []iam.Statement {
	statement := func(sid, action string) iam.Statement {
		s := encrypt(sid, d, action)
		s.Condition = iam.Condition{"StringEquals": {"aws:SourceArn": d.ARNs()}}
		return s
	}
	encrypts := statement("AWSCloudTrailEncrypts", "kms:GenerateDataKey*")
	encrypts.Condition["StringLike"] = map[string]iam.Strings{
		"kms:EncryptionContext:aws:cloudtrail:arn": {"arn:" + d.Partition + ":cloudtrail:*:" + d.Account + ":trail/*"},
	}
	return []iam.Statement{
		encrypts,
		statement("AWSCloudTrailDescribesKey", "kms:DescribeKey"),
		statement("AWSCloudTrailDecrypts", "kms:Decrypt"),
	}
}
