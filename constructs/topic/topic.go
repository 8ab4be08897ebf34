// Package topic makes an SNS topic for alarms: under a key of its own, since no
// service can publish under alias/aws/sns, and with policies that let in the
// services that are to publish, and nobody else.
package topic

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/internal/environment"
	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/internal/resource"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// Props says what topic to make.
type Props struct {
	// Name is the topic's name, so that what publishes can name it before it is
	// there. Required.
	Name string

	// Emails are the addresses that it tells. SNS asks each whether it agrees.
	Emails []string

	// NotifiedBy are names of buckets of the stack's account whose event
	// notifications it gets, besides the alarms of the stack's account and Region.
	NotifiedBy []string

	// Administrators manage the key. Default: only those that the account's IAM
	// policies admit.
	Administrators []string
}

// New makes the topic, and returns its ARN. The key stays when the stack is
// deleted.
func New(scope constructs.Construct, id string, p Props) string {
	at := environment.Of(scope)
	refusal.Check("topic", scope, id,
		refusal.Missing("Name", p.Name, "the topic's name"),
		environment.PrincipalFault("Administrators", p.Administrators))
	publishers := []policy.Publisher{policy.Alarms(at.Partition, at.Account, at.Region)}
	var buckets []string
	for _, name := range p.NotifiedBy {
		buckets = append(buckets, at.BucketARN(name))
	}
	if len(buckets) > 0 {
		publishers = append(publishers, policy.Notifications(at.Account, buckets...))
	}
	key := resource.Make(scope, id+"/Key", resource.Resource{
		Class: "aws_kms.CfnKey",
		Props: &awskms.CfnKeyProps{
			Description:          jsii.String("KMS key of the topic " + p.Name),
			EnableKeyRotation:    true,
			RotationPeriodInDays: jsii.Number(365),
			KeyPolicy:            p.keyPolicy(at, publishers).Map(),
		},
		Retain: true,
	}, "attrArn")
	arn := resource.Make(scope, id+"/Resource", resource.Resource{
		Class: "aws_sns.CfnTopic", Props: &awssns.CfnTopicProps{TopicName: &p.Name, KmsMasterKeyId: &key[0]},
	}, "ref")[0]
	statements := []iam.Statement{policy.DenyInsecureTopicTransport(arn)}
	for _, from := range publishers {
		statements = append(statements, from.Publish(arn))
	}
	resource.Make(scope, id+"/Policy", resource.Resource{
		Class: "aws_sns.CfnTopicPolicy",
		Props: &awssns.CfnTopicPolicyProps{Topics: jsii.Strings(arn), PolicyDocument: policy.Document(statements...).Map()},
	})
	for i, email := range p.Emails {
		resource.Make(scope, fmt.Sprintf("%s/Email%d", id, i+1), resource.Resource{
			Class: "aws_sns.CfnSubscription",
			Props: &awssns.CfnSubscriptionProps{TopicArn: &arn, Protocol: jsii.String("email"), Endpoint: jsii.String(email)},
		})
	}
	return arn
}

func (p Props) keyPolicy(at environment.Environment, publishers []policy.Publisher) iam.Document {
	statements := []iam.Statement{policy.AccountAccess(policy.AccountRootARN(at.Partition, at.Account))}
	if len(p.Administrators) > 0 {
		statements = append(statements, policy.KeyAdministrators(p.Administrators))
	}
	for _, from := range publishers {
		statements = append(statements, from.Encrypt())
	}
	return policy.Document(statements...)
}
