package policy

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/logdelivery"
)

// LogDelivery is the statements of a bucket's policy that let services deliver
// logs. Each names the service, the folder that it writes to, and what it
// writes for (aws:SourceArn and, where the service's page has it,
// aws:SourceAccount), so that nobody can have the service write here for
// another account's resource: the confused deputy.
//
// The deny statements of this package leave the services alone: they deliver
// over TLS, send no customer's key, and where they send no encryption header,
// the bucket's default encrypts. What is set up to name a KMS key, such as a
// trail, must name one that the bucket admits.
//
// Sources: those of each statement; IAM/latest/UserGuide/confused-deputy.html.
func LogDelivery(bucketARN string, deliveries ...logdelivery.Delivery) []iam.Statement {
	var list []iam.Statement
	for _, d := range deliveries {
		switch d.Source {
		case logdelivery.S3ServerAccess:
			list = append(list, serverAccessLogs(bucketARN, d))
		case logdelivery.S3Inventory:
			list = append(list, putWithACL("S3Inventory", bucketARN, d))
		case logdelivery.S3Analytics:
			list = append(list, putWithACL("S3Analytics", bucketARN, d))
		case logdelivery.StorageLens:
			list = append(list, putWithACL("StorageLens", bucketARN, d))
		case logdelivery.ALBAccess, logdelivery.ALBConnection, logdelivery.ALBHealthCheck, logdelivery.CLBAccess:
			list = append(list, loadBalancerLogs(bucketARN, d))
		case logdelivery.NLBAccess, logdelivery.VPCFlowLogs, logdelivery.WAF, logdelivery.ResolverQueryLogs:
			list = append(list, look("AWSLogDeliveryAclCheck", bucketARN, d, "s3:GetBucketAcl", "s3:ListBucket"), putWithACL("AWSLogDeliveryWrite", bucketARN, d))
		case logdelivery.S3ServerAccessVended, logdelivery.ALBAccessVended, logdelivery.ALBConnectionVended,
			logdelivery.ALBHealthCheckVended, logdelivery.NLBAccessVended, logdelivery.CloudFrontV2:
			list = append(list, putWithACL("AWSLogDeliveryWrite", bucketARN, d))
		case logdelivery.CloudTrail:
			list = append(list, trailLogs(bucketARN, d)...)
		case logdelivery.Config:
			list = append(list, look("AWSConfigCheck", bucketARN, d, "s3:GetBucketAcl", "s3:ListBucket"), putWithACL("AWSConfigDelivery", bucketARN, d))
		}
	}
	return distinct(list)
}

// serverAccessLogs admits S3's own log delivery, which sends no ACL.
// Source: AmazonS3/latest/userguide/enable-server-access-logging.html.
func serverAccessLogs(bucketARN string, d logdelivery.Delivery) iam.Statement {
	s := put("S3ServerAccessLogs", bucketARN, d)
	s.Condition = from(d)
	return s
}

// putWithACL admits the services that send aws:SourceAccount, aws:SourceArn and
// the ACL bucket-owner-full-control. The ACL has no effect on a bucket whose
// owner owns every object, and is taken by one that doesn't.
//
// Sources: AmazonS3/latest/userguide/example-bucket-policies.html ("Grant
// permissions for S3 Inventory and S3 analytics", "for Amazon S3 Storage
// Lens"), AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html and
// -V2-S3.html, config/latest/developerguide/s3-bucket-policy.html.
func putWithACL(sid, bucketARN string, d logdelivery.Delivery) iam.Statement {
	s := put(sid, bucketARN, d)
	s.Condition = from(d)
	s.Condition["StringEquals"]["s3:x-amz-acl"] = iam.Strings{"bucket-owner-full-control"}
	return s
}

// loadBalancerLogs admits Elastic Load Balancing. Its page on ALB access logs
// has the condition on aws:SourceArn; those on connection logs, health check
// logs and CLBs, which have the same writer, don't mention it. Were it missing
// from their requests, enabling the logs would fail at the test file that
// Elastic Load Balancing writes first.
// Source: elasticloadbalancing/latest/application/enable-access-logging.html.
func loadBalancerLogs(bucketARN string, d logdelivery.Delivery) iam.Statement {
	s := put("LoadBalancerLogs", bucketARN, d)
	s.Condition = iam.Condition{"ArnLike": {"aws:SourceArn": d.ARNs()}}
	return s
}

// trailLogs admits CloudTrail for its trails; aws:SourceAccount is "supported,
// but not recommended", and the trail's ARN holds the account.
// Source: awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html.
func trailLogs(bucketARN string, d logdelivery.Delivery) []iam.Statement {
	check := look("AWSCloudTrailAclCheck", bucketARN, d, "s3:GetBucketAcl")
	check.Condition = iam.Condition{"StringEquals": {"aws:SourceArn": d.ARNs()}}
	write := put("AWSCloudTrailWrite", bucketARN, d)
	write.Condition = iam.Condition{"StringEquals": {
		"aws:SourceArn": d.ARNs(),
		"s3:x-amz-acl":  {"bucket-owner-full-control"},
	}}
	return []iam.Statement{check, write}
}

// put is leave to write the delivery's objects, without conditions yet.
func put(sid, bucketARN string, d logdelivery.Delivery) iam.Statement {
	var objects iam.Strings
	for _, key := range d.Keys() {
		objects = append(objects, bucketARN+"/"+key)
	}
	return iam.Statement{
		Sid:       sid,
		Effect:    iam.Allow,
		Principal: writer(d),
		Action:    iam.Strings{"s3:PutObject"},
		Resource:  objects,
	}
}

// look is leave to look at the bucket itself, which some services do before
// they write. s3:ListBucket is for HeadBucket: without it logs arrive too, but
// every delivery leaves an AccessDenied in CloudTrail.
func look(sid, bucketARN string, d logdelivery.Delivery, actions ...string) iam.Statement {
	return iam.Statement{
		Sid:       sid,
		Effect:    iam.Allow,
		Principal: writer(d),
		Action:    actions,
		Resource:  iam.Strings{bucketARN},
		Condition: from(d),
	}
}

func writer(d logdelivery.Delivery) *iam.Principal {
	t, _ := logdelivery.Of(d.Source)
	return service(t.Principal)
}

// from holds for what the delivery is of.
func from(d logdelivery.Delivery) iam.Condition {
	return iam.Condition{
		"ArnLike":      {"aws:SourceArn": d.ARNs()},
		"StringEquals": {"aws:SourceAccount": {d.Account}},
	}
}

// distinct drops statements that come again, since several logs of an account
// are delivered by the same service to the same folder, and numbers those that
// only share a Sid, which must be unique in a document.
// Source: IAM/latest/UserGuide/reference_policies_elements_sid.html.
func distinct(list []iam.Statement) []iam.Statement {
	var kept []iam.Statement
	named := map[string]int{}
	for _, s := range list {
		if slices.ContainsFunc(kept, func(k iam.Statement) bool {
			k.Sid = s.Sid
			return reflect.DeepEqual(k, s)
		}) {
			continue
		}
		named[s.Sid]++
		if n := named[s.Sid]; n > 1 {
			s.Sid += strconv.Itoa(n)
		}
		kept = append(kept, s)
	}
	return kept
}
