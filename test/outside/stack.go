// Package outside is what somebody else's module makes of s3seal: a stack of its
// constructs, a test of a policy, and a test against the local AWS.
package outside

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/key"
	"github.com/s3seal/s3seal/constructs/logbucket"
	"github.com/s3seal/s3seal/constructs/validation"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/logdelivery"
)

const account, region = "111122223333", "us-east-1"

// NewStack makes a bucket under a customer managed key that one role uses and
// another administers, and a bucket for the access logs of load balancers.
func NewStack(app awscdk.App) awscdk.Stack {
	stack := awscdk.NewStack(app, jsii.String("records"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String(account), Region: jsii.String(region)},
	})
	role := func(id string) awsiam.Role {
		return awsiam.NewRole(stack, &id, &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	}
	writer, keeper := role("Writer"), role("Keeper")
	const name = "acme-records-" + account + "-" + region + "-an"
	k := key.New(stack, "RecordsKey", key.Props{
		Description:    "Key of the records",
		BucketName:     name,
		Users:          []string{*writer.RoleArn()},
		Administrators: []string{*keeper.RoleArn()},
	})
	records := bucket.New(stack, "Records", bucket.Props{
		Encryption: encryption.SSEKMSCMK,
		Key:        k,
		Name:       name,
		Namespace:  "account-regional",
	})
	records.IBucket().GrantPut(writer, "*")
	logbucket.New(stack, "LoadBalancerLogs", logbucket.Props{
		Name:          "acme-alb-logs-" + account + "-" + region + "-an",
		Namespace:     "account-regional",
		Encryption:    encryption.SSES3,
		Deliveries:    []logdelivery.Delivery{{Source: logdelivery.ALBAccess}},
		RetentionDays: 365,
	})
	return stack
}

// Check makes the app's synthesis fail on what s3seal's rules find.
func Check(app awscdk.App) error {
	rules, err := validation.New(validation.Options{Accounts: []string{account}})
	if err != nil {
		return err
	}
	awscdk.Validations_Of(app).AddPlugins(rules)
	return nil
}
