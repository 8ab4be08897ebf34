package logdelivery

import "github.com/s3seal/s3seal/encryption"

// read is when the pages of the matrix were read.
const read = "2026-11-22"

// row is a source with its answers, in the order of encryption.Patterns.
type row struct {
	source Source
	Traits
	cells [5]Cell // without Source, Encryption and Read
}

// matrix is all that is known, one row for each source.
var matrix = []row{
	{S3ServerAccess, Traits{
		Title: "S3 server access logs", Family: serverAccess, Vended: S3ServerAccessVended,
		Setting: Setting{
			Type: "AWS::S3::Bucket", On: "LoggingConfiguration", Destination: "LoggingConfiguration.DestinationBucketName", ToItself: true,
			Prefix: "LoggingConfiguration.LogFilePrefix", Partitioned: "LoggingConfiguration.TargetObjectKeyFormat.PartitionedPrefix",
		},
		FirstObject:       "2026-01-01-00-00-00-0123456789ABCDEF",
		PartitionedObject: "{account}/{region}/{name}/2026/01/01/2026-01-01-00-00-00-0123456789ABCDEF",
		// What S3 answers: AmazonS3/latest/userguide/troubleshooting-server-access-logging.html.
		SameAccount: true, SameRegion: true, RefusedElsewhere: true, NoObjectLock: true,
		Page: "AmazonS3/latest/userguide/enable-server-access-logging.html",
	}, onlySSES3("AmazonS3/latest/userguide/enable-server-access-logging.html",
		"the bucket must use SSE-S3, or S3 might deliver them encrypted with a key that you can't access")},

	{S3ServerAccessVended, Traits{
		Title: "S3 server access logs (vended)", Family: deliverySources, Setting: delivered("S3_SERVER_ACCESS_LOGS", ""),
		Page: "AmazonS3/latest/userguide/ServerLogs.html",
	}, vended(vendedV2Page)},

	{S3Inventory, Traits{
		Title: "S3 Inventory reports", Family: s3Reports("S3Inventory"), SameRegion: true,
		Setting:     Setting{Type: "AWS::S3::Bucket", List: "InventoryConfigurations", Destination: "Destination.BucketArn", Prefix: "Destination.Prefix", On: "Enabled", ID: "Id"},
		FirstObject: "{name}/{id}/2026-01-01T01-00Z/manifest.json",
		Page:        "AmazonS3/latest/userguide/storage-inventory.html",
	}, sseS3OrCMK(inventoryPage, no(inventoryPage, "S3 Inventory doesn't support the AWS managed key"))},

	{S3Analytics, Traits{
		Title: "S3 analytics exports", Family: s3Reports("S3Analytics"), SameRegion: true,
		Setting: Setting{
			Type: "AWS::S3::Bucket", List: "AnalyticsConfigurations",
			Destination: "StorageClassAnalysis.DataExport.Destination.BucketArn", Prefix: "StorageClassAnalysis.DataExport.Destination.Prefix",
		},
		FirstObject: "{name}/analytics.csv",
		Page:        "AmazonS3/latest/userguide/analytics-storage-class.html",
	}, [5]Cell{
		inferred(yes(analyticsPage)),
		inferred(no(analyticsPage, "the key's policy must admit S3, and the policy of an AWS managed key can't be changed")),
		withKeyPolicy(analyticsPage),
		unsaid(analyticsPage, "the page names SSE-KMS, and not DSSE-KMS"),
		customersKey,
	}},

	{StorageLens, Traits{
		Title: "S3 Storage Lens exports", Family: storageLens, SameRegion: true,
		Setting: Setting{
			Type: "AWS::S3::StorageLens", On: "StorageLensConfiguration.IsEnabled", Name: "StorageLensConfiguration.Id",
			Destination: "StorageLensConfiguration.DataExport.S3BucketDestination.Arn", Prefix: "StorageLensConfiguration.DataExport.S3BucketDestination.Prefix",
			KMSKey: "StorageLensConfiguration.DataExport.S3BucketDestination.Encryption.SSEKMS.KeyId",
			SSES3:  "StorageLensConfiguration.DataExport.S3BucketDestination.Encryption.SSES3",
		},
		FirstObject: "{name}/V_1/manifests/dt=2026-01-01/manifest.json",
		Page:        "AmazonS3/latest/userguide/storage_lens_creating_dashboard.html",
	}, [5]Cell{
		yes("AmazonS3/latest/userguide/storage_lens_creating_dashboard.html"),
		inferred(no(lensPage, "the key's policy must admit Storage Lens, and the policy of an AWS managed key can't be changed")),
		withKeyPolicy(lensPage),
		notDSSE(lensPage),
		customersKey,
	}},

	{ALBAccess, Traits{
		Title: "ALB access logs", Family: loadBalancing, Vended: ALBAccessVended, SameRegion: true,
		Setting: attribute("access_logs", "application"), FirstObject: "ELBAccessLogTestFile",
		Page: "elasticloadbalancing/latest/application/enable-access-logging.html",
	}, onlySSES3("elasticloadbalancing/latest/application/enable-access-logging.html", onlyOption)},

	{ALBConnection, Traits{
		Title: "ALB connection logs", Family: loadBalancing, Vended: ALBConnectionVended, SameRegion: true,
		Setting: attribute("connection_logs", "application"), FirstObject: "ELBConnectionLogTestFile",
		Page: "elasticloadbalancing/latest/application/enable-connection-logging.html",
	}, onlySSES3("elasticloadbalancing/latest/application/enable-connection-logging.html", onlyOption)},

	{ALBHealthCheck, Traits{
		Title: "ALB health check logs", Family: loadBalancing, Vended: ALBHealthCheckVended, SameRegion: true,
		Setting: attribute("health_check_logs", "application"), FirstObject: "ELBHealthCheckLogTestFile",
		Page: "elasticloadbalancing/latest/application/enable-health-check-logging.html",
	}, onlySSES3("elasticloadbalancing/latest/application/enable-health-check-logging.html", onlyOption)},

	{ALBAccessVended, Traits{
		Title: "ALB access logs (vended)", Family: deliverySources, Setting: delivered("ALB_ACCESS_LOGS", ""),
		Page: "elasticloadbalancing/latest/application/load-balancer-cloudwatch-logs.html",
	}, vended(vendedV2Page)},

	{ALBConnectionVended, Traits{
		Title: "ALB connection logs (vended)", Family: deliverySources, Setting: delivered("ALB_CONNECTION_LOGS", ""),
		Page: "elasticloadbalancing/latest/application/load-balancer-cloudwatch-logs.html",
	}, vended(vendedV2Page)},

	{ALBHealthCheckVended, Traits{
		Title: "ALB health check logs (vended)", Family: deliverySources, Setting: delivered("ALB_HEALTH_CHECK_LOGS", ""),
		Page: "elasticloadbalancing/latest/application/load-balancer-cloudwatch-logs.html",
	}, vended(vendedV2Page)},

	{NLBAccess, Traits{
		Title: "NLB access logs", Family: networkLoadBalancing, Vended: NLBAccessVended, SameRegion: true,
		Setting: attribute("access_logs", "network"), FirstObject: "elasticloadbalancing/{region}/2026/01/01/log.gz",
		Page: nlbPage,
	}, sseS3OrCMK(nlbPage, no(nlbPage, "AWS managed keys can't be used"))},

	{NLBAccessVended, Traits{
		Title: "NLB access logs (vended)", Family: deliverySources, Setting: delivered("NLB_ACCESS_LOGS", ""),
		Page: "AmazonCloudWatch/latest/logs/AWS-logs-destinations-table.html",
	}, vended(vendedV2Page)},

	{CLBAccess, Traits{
		Title: "CLB access logs", Family: loadBalancing, SameRegion: true,
		Setting: Setting{
			Type: "AWS::ElasticLoadBalancing::LoadBalancer", On: "AccessLoggingPolicy.Enabled", Name: "LoadBalancerName",
			Destination: "AccessLoggingPolicy.S3BucketName", Prefix: "AccessLoggingPolicy.S3BucketPrefix",
		},
		FirstObject: "ELBAccessLogTestFile",
		Page:        "elasticloadbalancing/latest/classic/enable-access-logs.html",
	}, onlySSES3("elasticloadbalancing/latest/classic/enable-access-logs.html", onlyOption)},

	{CloudFrontLegacy, Traits{
		Title: "CloudFront standard logs (legacy)", Family: legacyCloudFront, Vended: CloudFrontV2,
		Setting: Setting{Type: "AWS::CloudFront::Distribution", Destination: "DistributionConfig.Logging.Bucket"},
		Page:    legacyPage,
	}, [5]Cell{
		inferred(Cell{Verdict: Supported, Page: legacyPage, Reason: "the bucket must have ACLs"}),
		no(legacyPage, "CloudFront can't write under the AWS managed key"),
		{Verdict: WithKeyPolicy, Page: legacyPage, Reason: "the bucket must have ACLs"},
		unsaid(legacyPage, "the page names SSE-KMS, and not DSSE-KMS"),
		customersKey,
	}},

	// Other services call theirs ACCESS_LOGS too.
	{CloudFrontV2, Traits{
		Title: "CloudFront standard logs (v2)", Family: deliverySources, Setting: delivered("ACCESS_LOGS", "cloudfront"),
		Page: "AmazonCloudFront/latest/DeveloperGuide/standard-logging.html",
	}, vended(vendedV2Page)},

	{VPCFlowLogs, Traits{
		Title: "VPC flow logs", Family: flowLogs,
		Setting:     Setting{Type: "AWS::EC2::FlowLog", Destination: "LogDestination", Partitioned: "DestinationOptions.HiveCompatiblePartitions"},
		FirstObject: "vpcflowlogs/{region}/2026/01/01/log.gz", PartitionedObject: "aws-service=vpcflowlogs/aws-region={region}/log.gz",
		KeyIDError: "LogDestination undeliverable", // vpc/latest/userguide/flow-logs-s3-cmk-policy.html
		Page:       "vpc/latest/userguide/flow-logs-s3-permissions.html",
	}, vended(vendedV1Page)},

	{CloudTrail, Traits{
		Title: "CloudTrail logs", Family: trails,
		Setting:     Setting{Type: "AWS::CloudTrail::Trail", Destination: "S3BucketName", Prefix: "S3KeyPrefix", KMSKey: "KMSKeyId"},
		FirstObject: "CloudTrail/{region}/2026/01/01/log.json.gz",
		// "If you don't enable SSE-KMS encryption, your log files and digest files
		// are encrypted using SSE-S3": encrypting-cloudtrail-log-files-with-aws-kms.html.
		// Events of cloudtrail.amazonaws.com that were published have the header.
		Sends: encryption.AES256,
		Page:  "awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
	}, [5]Cell{
		yes(trailPage),
		unsaid(trailPage, "the trail's own KMS key decides, and no page says what comes of a bucket's default under aws/s3"),
		withKeyPolicy("awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html"),
		notDSSE(trailPage),
		customersKey,
	}},

	{Config, Traits{
		Title: "AWS Config history and snapshots", Family: configuration, NoDefaultRetention: true,
		Setting:     Setting{Type: "AWS::Config::DeliveryChannel", Destination: "S3BucketName", Prefix: "S3KeyPrefix", KMSKey: "S3KmsKeyArn"},
		FirstObject: "ConfigWritabilityCheckFile",
		Page:        "config/latest/developerguide/manage-delivery-channel.html",
	}, [5]Cell{
		yes("config/latest/developerguide/manage-delivery-channel.html"),
		unsaid(configPage, "the key's policy must admit AWS Config, and the policy of an AWS managed key can't be changed"),
		withKeyPolicy(configPage),
		unsaid(configPage, "the page names SSE-S3 and KMS keys, and not DSSE-KMS"),
		customersKey,
	}},

	{WAF, Traits{
		Title: "WAF logs", Family: webACLs, BucketNamePrefix: "aws-waf-logs-",
		Setting:     Setting{Type: "AWS::WAFv2::LoggingConfiguration", List: "LogDestinationConfigs"},
		FirstObject: "WAFLogs/{region}/log.gz",
		Page:        wafPage,
	}, sseS3OrCMK(wafPage, no(wafPage, "WAF doesn't support keys that AWS manages"))},

	{NetworkFirewall, Traits{
		Title: "Network Firewall logs", Family: cloudWatchLogs,
		Setting: Setting{
			Type: "AWS::NetworkFirewall::LoggingConfiguration", List: "LoggingConfiguration.LogDestinationConfigs",
			Destination: "LogDestination.bucketName", Prefix: "LogDestination.prefix",
		},
		FirstObject: "network-firewall/flow/{region}/log.gz",
		Page:        firewallPage,
	}, sseS3OrCMK(firewallPage, no(firewallPage, "Network Firewall doesn't support keys that AWS manages"))},

	// The page says that all server-side encryptions are supported, and refers
	// for SSE-KMS to the one on vended logs, which excludes AWS managed keys.
	{ResolverQueryLogs, Traits{
		Title: "Route 53 Resolver query logs", Family: cloudWatchLogs,
		Setting:     Setting{Type: "AWS::Route53Resolver::ResolverQueryLoggingConfig", Destination: "DestinationArn"},
		FirstObject: "vpcdnsquerylogs/log.gz",
		Page:        resolverPage,
	}, [5]Cell{
		yes(resolverPage),
		no(vendedV1Page, awsManagedUnreadable),
		withKeyPolicy(resolverPage),
		unsaid(resolverPage, "the page says that all encryptions are supported, and the one that it refers to names SSE-S3 and SSE-KMS only"),
		customersKey,
	}},
}
