package policy

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
)

// A Publisher is a service that publishes to a topic, for resources of one
// account.
type Publisher struct {
	Sid       string // of its statements
	Principal string
	Account   string
	ARNs      []string // of the resources; a wildcard is possible
}

// Alarms are the CloudWatch alarms of an account and Region. Their names are
// CloudFormation's, so the ARN has a wildcard.
// Source: AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html,
// "Preventing confused deputy security issues".
func Alarms(partition, account, region string) Publisher {
	return Publisher{
		Sid: "Alarms", Principal: "cloudwatch.amazonaws.com", Account: account,
		ARNs: []string{"arn:" + partition + ":cloudwatch:" + region + ":" + account + ":alarm:*"},
	}
}

// Notifications are the event notifications of buckets of an account.
// Source: AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html.
func Notifications(account string, bucketARNs ...string) Publisher {
	return Publisher{Sid: "Notifications", Principal: "s3.amazonaws.com", Account: account, ARNs: bucketARNs}
}

// Publish, in a topic's policy, lets the publisher publish.
func (p Publisher) Publish(topicARN string) iam.Statement {
	return iam.Statement{
		Sid:       "Publish" + p.Sid,
		Effect:    iam.Allow,
		Principal: service(p.Principal),
		Action:    iam.Strings{"sns:Publish"},
		Resource:  iam.Strings{topicARN},
		Condition: p.condition(),
	}
}

// Encrypt, in the policy of a topic's key, lets the publisher publish to the
// topic. The policy of the key alias/aws/sns admits no service.
// Source: sns/latest/dg/sns-key-management.html, "Enable compatibility between
// event sources from AWS services and encrypted topics".
func (p Publisher) Encrypt() iam.Statement {
	return iam.Statement{
		Sid:       "Encrypt" + p.Sid,
		Effect:    iam.Allow,
		Principal: service(p.Principal),
		Action:    iam.Strings{"kms:Decrypt", "kms:GenerateDataKey*"},
		Resource:  iam.Strings{"*"},
		Condition: p.condition(),
	}
}

func (p Publisher) condition() iam.Condition {
	return iam.Condition{
		"ArnLike":      {conditionkey.SourceARN: p.ARNs},
		"StringEquals": {conditionkey.SourceAccount: {p.Account}},
	}
}

// DenyInsecureTopicTransport refuses every message that does not come over TLS.
// Source: sns/latest/dg/sns-security-best-practices.html, "Enforce encryption of
// data in transit".
func DenyInsecureTopicTransport(topicARN string) iam.Statement {
	return iam.Statement{
		Sid:       "DenyInsecureTransport",
		Effect:    iam.Deny,
		Principal: everyone(),
		Action:    iam.Strings{"sns:Publish"},
		Resource:  iam.Strings{topicARN},
		Condition: iam.Condition{"Bool": {conditionkey.SecureTransport: {"false"}}},
	}
}

// TopicARN is the ARN of a topic of a name.
func TopicARN(partition, account, region, name string) string {
	return "arn:" + partition + ":sns:" + region + ":" + account + ":" + name
}
