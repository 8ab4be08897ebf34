package logdelivery

// read is when the pages of the matrix were read.
const read = "2026-11-22"

// row is a source with its answers, in the order of Encryptions.
type row struct {
	source Source
	Traits
	cells [5]answer
}

type answer struct {
	verdict  Verdict
	reason   string
	page     string
	inferred bool
}

// Pages that several rows stand on.
const (
	vendedV1Page  = "AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html"
	vendedV2Page  = "AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html"
	customersPage = "AmazonS3/latest/userguide/specifying-s3-c-encryption.html"
	inventoryPage = "AmazonS3/latest/userguide/configure-inventory.html"
	trailPage     = "awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html"
	lensPage      = "AmazonS3/latest/userguide/storage_lens_encrypt_permissions.html"
)

// matrix is all that is known, one row for each source.
var matrix = []row{
	{S3ServerAccess, Traits{
		Title: "S3 server access logs", Principal: loggingS3, Vended: S3ServerAccessVended,
		// What S3 answers: AmazonS3/latest/userguide/troubleshooting-server-access-logging.html.
		SameAccount: true, SameRegion: true, RefusedElsewhere: true, NoObjectLock: true, NamesSource: true,
		Page: "AmazonS3/latest/userguide/enable-server-access-logging.html",
	}, onlySSES3("AmazonS3/latest/userguide/enable-server-access-logging.html",
		"the bucket must use SSE-S3, or S3 might deliver them encrypted with a key that you can't access")},

	{S3ServerAccessVended, Traits{
		Title: "S3 server access logs (vended)", Principal: cloudWatchLogs,
		Page: "AmazonS3/latest/userguide/ServerLogs.html",
	}, vended(vendedV2Page)},

	{S3Inventory, Traits{
		Title: "S3 Inventory reports", Principal: s3, SameRegion: true, NamesSource: true,
		Page: "AmazonS3/latest/userguide/storage-inventory.html",
	}, [5]answer{
		yes(inventoryPage),
		no(inventoryPage, "S3 Inventory doesn't support the AWS managed key"),
		withKeyPolicy(inventoryPage),
		unsaid(inventoryPage, "the page names SSE-S3 and SSE-KMS, and not DSSE-KMS"),
		customersKey,
	}},

	{S3Analytics, Traits{
		Title: "S3 analytics exports", Principal: s3, SameRegion: true, NamesSource: true,
		Page: "AmazonS3/latest/userguide/analytics-storage-class.html",
	}, [5]answer{
		inferred(yes("AmazonS3/latest/userguide/configure-analytics-storage-class.html")),
		inferred(no("AmazonS3/latest/userguide/configure-analytics-storage-class.html",
			"the key's policy must admit S3, and the policy of an AWS managed key can't be changed")),
		withKeyPolicy("AmazonS3/latest/userguide/configure-analytics-storage-class.html"),
		unsaid("AmazonS3/latest/userguide/configure-analytics-storage-class.html", "the page names SSE-KMS, and not DSSE-KMS"),
		customersKey,
	}},

	{StorageLens, Traits{
		Title: "S3 Storage Lens exports", Principal: storageLens, SameRegion: true,
		Page: "AmazonS3/latest/userguide/storage_lens_creating_dashboard.html",
	}, [5]answer{
		yes("AmazonS3/latest/userguide/storage_lens_creating_dashboard.html"),
		inferred(no(lensPage, "the key's policy must admit Storage Lens, and the policy of an AWS managed key can't be changed")),
		withKeyPolicy(lensPage),
		unsaid(lensPage, "the page names SSE-S3 and SSE-KMS, and not DSSE-KMS"),
		customersKey,
	}},

	{ALBAccess, Traits{
		Title: "ALB access logs", Principal: loadBalancing, Vended: ALBAccessVended, SameRegion: true,
		Page: "elasticloadbalancing/latest/application/enable-access-logging.html",
	}, onlySSES3("elasticloadbalancing/latest/application/enable-access-logging.html", onlyOption)},

	{ALBConnection, Traits{
		Title: "ALB connection logs", Principal: loadBalancing, Vended: ALBConnectionVended, SameRegion: true,
		Page: "elasticloadbalancing/latest/application/enable-connection-logging.html",
	}, onlySSES3("elasticloadbalancing/latest/application/enable-connection-logging.html", onlyOption)},

	{ALBHealthCheck, Traits{
		Title: "ALB health check logs", Principal: loadBalancing, Vended: ALBHealthCheckVended, SameRegion: true,
		Page: "elasticloadbalancing/latest/application/enable-health-check-logging.html",
	}, onlySSES3("elasticloadbalancing/latest/application/enable-health-check-logging.html", onlyOption)},

	{ALBAccessVended, Traits{
		Title: "ALB access logs (vended)", Principal: cloudWatchLogs,
		Page: "elasticloadbalancing/latest/application/load-balancer-cloudwatch-logs.html",
	}, vended(vendedV2Page)},

	{ALBConnectionVended, Traits{
		Title: "ALB connection logs (vended)", Principal: cloudWatchLogs,
		Page: "elasticloadbalancing/latest/application/load-balancer-cloudwatch-logs.html",
	}, vended(vendedV2Page)},

	{ALBHealthCheckVended, Traits{
		Title: "ALB health check logs (vended)", Principal: cloudWatchLogs,
		Page: "elasticloadbalancing/latest/application/load-balancer-cloudwatch-logs.html",
	}, vended(vendedV2Page)},

	{NLBAccess, Traits{
		Title: "NLB access logs", Principal: cloudWatchLogs, Vended: NLBAccessVended, SameRegion: true,
		Page: "elasticloadbalancing/latest/network/enable-access-logs.html",
	}, [5]answer{
		yes("elasticloadbalancing/latest/network/enable-access-logs.html"),
		no("elasticloadbalancing/latest/network/enable-access-logs.html", "AWS managed keys can't be used"),
		withKeyPolicy("elasticloadbalancing/latest/network/enable-access-logs.html"),
		unsaid("elasticloadbalancing/latest/network/enable-access-logs.html", "the page names SSE-S3 and SSE-KMS, and not DSSE-KMS"),
		customersKey,
	}},

	{NLBAccessVended, Traits{
		Title: "NLB access logs (vended)", Principal: cloudWatchLogs,
		Page: "AmazonCloudWatch/latest/logs/AWS-logs-destinations-table.html",
	}, vended(vendedV2Page)},

	{CLBAccess, Traits{
		Title: "CLB access logs", Principal: loadBalancing, SameRegion: true,
		Page: "elasticloadbalancing/latest/classic/enable-access-logs.html",
	}, onlySSES3("elasticloadbalancing/latest/classic/enable-access-logs.html", onlyOption)},

	{CloudFrontLegacy, Traits{
		Title: "CloudFront standard logs (legacy)", Principal: legacyByACL, Vended: CloudFrontV2, NeedsACL: true,
		Page: legacyPage,
	}, [5]answer{
		inferred(answer{verdict: Supported, page: legacyPage, reason: "the bucket must have ACLs"}),
		no(legacyPage, "CloudFront can't write under the AWS managed key"),
		answer{verdict: WithKeyPolicy, page: legacyPage, reason: "the bucket must have ACLs"},
		unsaid(legacyPage, "the page names SSE-KMS, and not DSSE-KMS"),
		customersKey,
	}},

	{CloudFrontV2, Traits{
		Title: "CloudFront standard logs (v2)", Principal: cloudWatchLogs,
		Page: "AmazonCloudFront/latest/DeveloperGuide/standard-logging.html",
	}, vended(vendedV2Page)},

	{VPCFlowLogs, Traits{
		Title: "VPC flow logs", Principal: cloudWatchLogs,
		Page: "vpc/latest/userguide/flow-logs-s3-permissions.html",
	}, vended(vendedV1Page)},

	{CloudTrail, Traits{
		Title: "CloudTrail logs", Principal: cloudTrail, NamesSource: true,
		Page: "awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
	}, [5]answer{
		yes(trailPage),
		unsaid(trailPage, "the trail's own KMS key decides, and no page says what comes of a bucket's default under aws/s3"),
		withKeyPolicy("awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html"),
		unsaid(trailPage, "the page names SSE-S3 and SSE-KMS, and not DSSE-KMS"),
		customersKey,
	}},

	{Config, Traits{
		Title: "AWS Config history and snapshots", Principal: config, NoDefaultRetention: true,
		Page: "config/latest/developerguide/manage-delivery-channel.html",
	}, [5]answer{
		yes("config/latest/developerguide/manage-delivery-channel.html"),
		unsaid("config/latest/developerguide/s3-kms-key-policy.html", "the key's policy must admit AWS Config, and the policy of an AWS managed key can't be changed"),
		withKeyPolicy("config/latest/developerguide/s3-kms-key-policy.html"),
		unsaid("config/latest/developerguide/s3-kms-key-policy.html", "the page names SSE-S3 and KMS keys, and not DSSE-KMS"),
		customersKey,
	}},

	{WAF, Traits{
		Title: "WAF logs", Principal: cloudWatchLogs, BucketNamePrefix: "aws-waf-logs-",
		Page: wafPage,
	}, [5]answer{
		yes(wafPage),
		no(wafPage, "WAF doesn't support keys that AWS manages"),
		withKeyPolicy(wafPage),
		unsaid(wafPage, "the page names SSE-S3 and SSE-KMS, and not DSSE-KMS"),
		customersKey,
	}},

	// The page says that all server-side encryptions are supported, and refers
	// for SSE-KMS to the one on vended logs, which excludes AWS managed keys.
	{ResolverQueryLogs, Traits{
		Title: "Route 53 Resolver query logs", Principal: cloudWatchLogs,
		Page: resolverPage,
	}, [5]answer{
		yes(resolverPage),
		no(vendedV1Page, awsManagedUnreadable),
		withKeyPolicy(resolverPage),
		unsaid(resolverPage, "the page says that all encryptions are supported, and the one that it refers to names SSE-S3 and SSE-KMS only"),
		customersKey,
	}},
}

const (
	legacyPage   = "AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html"
	wafPage      = "waf/latest/developerguide/logging-s3.html"
	resolverPage = "Route53/latest/DeveloperGuide/resolver-query-logs-choosing-target-resource.html"

	onlyOption           = "the only server-side encryption that's supported is SSE-S3"
	awsManagedUnreadable = "CloudWatch Logs delivers them in an unreadable format under an AWS managed key"
)

func yes(page string) answer           { return answer{verdict: Supported, page: page} }
func withKeyPolicy(page string) answer { return answer{verdict: WithKeyPolicy, page: page} }
func no(page, reason string) answer    { return answer{verdict: Refused, page: page, reason: reason} }
func unsaid(page, reason string) answer {
	return answer{verdict: Unknown, page: page, reason: reason}
}

func inferred(a answer) answer {
	a.inferred = true
	return a
}

// customersKey is the answer of a bucket that takes SSE-C only: a service has
// no key of the customer's to send.
var customersKey = inferred(no(customersPage, "a service doesn't send a customer's key, without which the bucket's policy refuses the object"))

// onlySSES3 is a source whose page says that nothing but SSE-S3 will do.
func onlySSES3(page, reason string) [5]answer {
	return [5]answer{yes(page), no(page, reason), no(page, reason), no(page, reason), customersKey}
}

// vended is a source whose page leaves encryption to the one on vended logs.
func vended(page string) [5]answer {
	return [5]answer{
		yes(page),
		no(page, awsManagedUnreadable),
		withKeyPolicy(page),
		unsaid(page, "the page names SSE-S3 and SSE-KMS, and not DSSE-KMS"),
		customersKey,
	}
}
