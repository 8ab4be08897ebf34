package logdelivery

const (
	accountFolder = "AWSLogs/{account}/"
	hiveFolder    = "AWSLogs/aws-account-id={account}/"
)

// serverAccess is S3's own log delivery, which sends no ACL.
// Source: AmazonS3/latest/userguide/enable-server-access-logging.html.
var serverAccess = Family{
	Principal: "logging.s3.amazonaws.com", ARN: "s3:::{name}", NamesSource: true,
	Sid: "S3ServerAccessLogs", ARNOperator: "ArnLike", SourceAccount: true,
	BarePrefix: true, CannedACL: "LogDeliveryWrite",
}

// s3Reports are what S3 writes about buckets. sid begins the statements' names.
//
// Sources: AmazonS3/latest/userguide/example-bucket-policies.html ("Grant
// permissions for S3 Inventory and S3 analytics", "for Amazon S3 Storage Lens"),
// configure-inventory.html, configure-analytics-storage-class.html,
// storage_lens_encrypt_permissions.html.
func s3Reports(sid string) Family {
	return Family{
		Principal: "s3.amazonaws.com", ARN: "s3:::{name}", NamesSource: true,
		Sid: sid, ARNOperator: "ArnLike", SourceAccount: true, SendsACL: true,
		KeyUses:     []KeyUse{{Sid: sid + "Encrypts", Actions: generateDataKey}},
		KeyRequests: generateDataKey,
	}
}

var storageLens = s3Reports("StorageLens").with(func(f *Family) {
	f.Principal, f.ARN, f.NamesSource = "storage-lens.s3.amazonaws.com", "s3:{region}:{account}:storage-lens/{name}", false
	f.Folder = "StorageLens/{account}/"
})

// loadBalancing is Elastic Load Balancing. Its page on ALB access logs has the
// condition on aws:SourceArn; those on connection logs, health check logs and
// CLBs, which have the same writer, don't mention it. Were it missing from their
// requests, enabling the logs would fail at the test file that Elastic Load
// Balancing writes first.
// Source: elasticloadbalancing/latest/application/enable-access-logging.html.
var loadBalancing = Family{
	Principal: "logdelivery.elasticloadbalancing.amazonaws.com",
	ARN:       "elasticloadbalancing:{region}:{account}:loadbalancer/{name}",
	Folder:    accountFolder, NoAWSLogsPrefix: true,
	Sid: "LoadBalancerLogs", ARNOperator: "ArnLike", RegionalAccounts: true,
}

// cloudWatchLogs delivers for services that have their own way to set logs up.
//
// The pages on NLB access logs and WAF print a statement for the key without
// conditions, WAF's with kms:GenerateDataKey* alone; that on Network Firewall
// one for the bucket without aws:SourceArn. The service that delivers is the
// same.
// Source: AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html.
var cloudWatchLogs = Family{
	Principal: "delivery.logs.amazonaws.com", ARN: "logs:{region}:{account}:*",
	Folder: accountFolder,
	Sid:    "AWSLogDeliveryWrite", CheckSid: "AWSLogDeliveryAclCheck", Checks: []string{"s3:GetBucketAcl", "s3:ListBucket"},
	ARNOperator: "ArnLike", SourceAccount: true, SendsACL: true, AddsStatement: true,
	KeyUses: []KeyUse{{Sid: "AWSLogDeliveryEncrypts", Actions: []string{
		"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*",
	}}},
	KeyRequests: []string{"kms:GenerateDataKey", "kms:Decrypt"},
}

// deliverySources is CloudWatch Logs for delivery sources.
// Sources: AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html,
// AmazonCloudFront/latest/DeveloperGuide/standard-logging.html.
var deliverySources = cloudWatchLogs.with(func(f *Family) {
	f.ARN, f.CheckSid, f.Checks = "logs:{region}:{account}:delivery-source:{name}", "", nil
	f.HiveFolder, f.PrefixIsFolder = hiveFolder, true
})

// networkLoadBalancing is CloudWatch Logs for NLBs, whose bucket's policy nobody
// adds a statement to.
// Source: elasticloadbalancing/latest/network/enable-access-logs.html.
var networkLoadBalancing = cloudWatchLogs.with(func(f *Family) { f.AddsStatement, f.NoAWSLogsPrefix = false, true })

// Source: vpc/latest/userguide/flow-logs-s3-permissions.html.
var flowLogs = cloudWatchLogs.with(func(f *Family) { f.HiveFolder = hiveFolder })

// Source: waf/latest/developerguide/logging-s3.html.
var webACLs = cloudWatchLogs.with(func(f *Family) { f.KeyRequests = generateDataKey })

// legacyCloudFront writes by the bucket's ACL; the key's policy admits CloudWatch
// Logs, without a condition.
// Source: AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html.
var legacyCloudFront = Family{
	Principal: "the canonical user awslogsdelivery, by ACL", KeyPrincipal: "delivery.logs.amazonaws.com",
	NeedsACL: true, KeyRequests: generateDataKey,
}

// trails is CloudTrail. For it, aws:SourceAccount is "supported, but not
// recommended", and the trail's ARN holds the account. CloudTrail needs
// kms:Decrypt to create or update a trail with a key: the page prints that
// without a condition, and recommends aws:SourceArn for the whole policy; were
// it missing, creating the trail would fail.
// Sources: awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html,
// create-kms-key-policy-for-cloudtrail.html.
var trails = Family{
	Principal: "cloudtrail.amazonaws.com", ARN: "cloudtrail:{region}:{account}:trail/{name}", NamesSource: true,
	Folder: accountFolder,
	Sid:    "AWSCloudTrailWrite", CheckSid: "AWSCloudTrailAclCheck", Checks: []string{"s3:GetBucketAcl"},
	ARNOperator: "StringEquals", SendsACL: true,
	KeyUses: []KeyUse{
		{Sid: "AWSCloudTrailEncrypts", Actions: []string{"kms:GenerateDataKey*"}, Context: "aws:cloudtrail:arn"},
		{Sid: "AWSCloudTrailDescribesKey", Actions: []string{"kms:DescribeKey"}},
		{Sid: "AWSCloudTrailDecrypts", Actions: []string{"kms:Decrypt"}},
	},
	KeyRequests: generateDataKey, NamedKeyRequests: []string{"kms:DescribeKey"},
}

// configuration is AWS Config, whose two pages disagree about the end of its
// ARN; the pattern here matches both.
// Sources: config/latest/developerguide/s3-bucket-policy.html, s3-kms-key-policy.html.
var configuration = Family{
	Principal: "config.amazonaws.com", ARN: "config:{region}:{account}:*", Folder: accountFolder + "Config/",
	Sid: "AWSConfigDelivery", CheckSid: "AWSConfigCheck", Checks: []string{"s3:GetBucketAcl", "s3:ListBucket"},
	ARNOperator: "ArnLike", SourceAccount: true, SendsACL: true, RecorderRole: true,
	KeyUses:     []KeyUse{{Sid: "AWSConfigEncrypts", Actions: []string{"kms:Decrypt", "kms:GenerateDataKey"}}},
	KeyRequests: []string{"kms:GenerateDataKey", "kms:Decrypt"},
}

var generateDataKey = []string{"kms:GenerateDataKey"}
