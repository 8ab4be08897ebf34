package logdelivery

// Pages that several cells stand on.
const (
	vendedV1Page  = "AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html"
	vendedV2Page  = "AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html"
	customersPage = "AmazonS3/latest/userguide/specifying-s3-c-encryption.html"
	inventoryPage = "AmazonS3/latest/userguide/configure-inventory.html"
	analyticsPage = "AmazonS3/latest/userguide/configure-analytics-storage-class.html"
	lensPage      = "AmazonS3/latest/userguide/storage_lens_encrypt_permissions.html"
	nlbPage       = "elasticloadbalancing/latest/network/enable-access-logs.html"
	legacyPage    = "AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html"
	trailPage     = "awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html"
	configPage    = "config/latest/developerguide/s3-kms-key-policy.html"
	wafPage       = "waf/latest/developerguide/logging-s3.html"
	firewallPage  = "network-firewall/latest/developerguide/logging-s3.html"
	resolverPage  = "Route53/latest/DeveloperGuide/resolver-query-logs-choosing-target-resource.html"
)

const (
	onlyOption           = "the only server-side encryption that's supported is SSE-S3"
	awsManagedUnreadable = "CloudWatch Logs delivers them in an unreadable format under an AWS managed key"
)

func yes(page string) Cell           { return Cell{Verdict: Supported, Page: page} }
func withKeyPolicy(page string) Cell { return Cell{Verdict: WithKeyPolicy, Page: page} }
func no(page, reason string) Cell    { return Cell{Verdict: Refused, Page: page, Reason: reason} }
func unsaid(page, reason string) Cell {
	return Cell{Verdict: Unknown, Page: page, Reason: reason}
}

func inferred(c Cell) Cell {
	c.Inferred = true
	return c
}

// customersKey is the answer of a bucket that accepts SSE-C only: a service has
// no key of the customer's to send.
var customersKey = inferred(no(customersPage, "a service doesn't send a customer's key, without which the bucket's policy refuses the object"))

// onlySSES3 is a source whose page says that nothing but SSE-S3 will do.
func onlySSES3(page, reason string) [5]Cell {
	return [5]Cell{yes(page), no(page, reason), no(page, reason), no(page, reason), customersKey}
}

// sseS3OrCMK is a source whose page has SSE-S3 and a customer managed key, and not
// the AWS managed one.
func sseS3OrCMK(page string, awsManaged Cell) [5]Cell {
	return [5]Cell{yes(page), awsManaged, withKeyPolicy(page), notDSSE(page), customersKey}
}

func notDSSE(page string) Cell {
	return unsaid(page, "the page names SSE-S3 and SSE-KMS, and not DSSE-KMS")
}

// vended is a source whose page leaves encryption to the one on vended logs.
func vended(page string) [5]Cell { return sseS3OrCMK(page, no(page, awsManagedUnreadable)) }
