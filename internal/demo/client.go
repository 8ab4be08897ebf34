package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws"
	"github.com/s3seal/s3seal/policy"
)

// client is somebody with the AWS SDK: the same requests, with the same
// signatures, would go to AWS.
type client struct {
	name    string
	s3      *s3.Client
	http    *s3.Client // without TLS
	kms     *kms.Client
	lambda  *lambda.Client
	secrets *secretsmanager.Client
}

func newClient(server *localaws.Server, name, region string, k localaws.Credentials) *client {
	config := server.Config(k)
	config.Region = region
	config.RetryMaxAttempts = 1 // a refusal is what many scenes are about
	options := func(o *s3.Options) {
		o.UsePathStyle = true
		o.DisableLogOutputChecksumValidationSkipped = true
	}
	return &client{
		name: name,
		s3:   s3.NewFromConfig(config, options),
		http: s3.NewFromConfig(config, options, func(o *s3.Options) {
			o.BaseEndpoint = aws.String(server.PlainURL())
		}),
		kms:     kms.NewFromConfig(config),
		lambda:  lambda.NewFromConfig(config),
		secrets: secretsmanager.NewFromConfig(config),
	}
}

// The roles that only scenes need. The stage names app, so its stacks need that.
const (
	carelessRole = "careless-replication"
	s3UserRole   = "s3-user"
)

// people are who the scenes are about.
type people struct {
	administrator *client // of the source account
	abroad        *client // the same, in the replica's Region
	app           *client // a user of the key
	s3User        *client // has all of S3 in the source account, and no key
	replicaReader *client // administrator of the replica account
	stranger      *client // the same, in the source Region
	careless      string  // ARN of a role for S3 that may use every bucket and key
}

// meet makes the roles that the stage names, and clients for everybody. It comes
// before the deployment: KMS refuses a key policy that names a missing role.
func meet(server *localaws.Server) (*people, error) {
	addRole := func(name string, trusted iam.Principal, actions ...string) (string, error) {
		return server.AddRole(sourceAccount, name,
			policy.Document(iam.Statement{Effect: iam.Allow, Principal: &trusted, Action: iam.Strings{"sts:AssumeRole"}}),
			policy.Document(iam.Statement{Effect: iam.Allow, Action: actions, Resource: iam.Strings{"*"}}))
	}
	role := func(name string) (*client, error) {
		arn, err := addRole(name, iam.Principal{AWS: iam.Strings{"arn:aws:iam::" + sourceAccount + ":root"}}, "s3:*")
		if err != nil {
			return nil, err
		}
		k, err := server.SessionCredentials(arn, "demo", time.Hour)
		if err != nil {
			return nil, err
		}
		return newClient(server, name, sourceRegion, k), nil
	}
	app, err := role("app")
	if err != nil {
		return nil, err
	}
	s3User, err := role(s3UserRole)
	if err != nil {
		return nil, err
	}
	careless, err := addRole(carelessRole, iam.Principal{Service: iam.Strings{"s3.amazonaws.com"}}, "s3:*", "kms:*")
	if err != nil {
		return nil, err
	}
	return &people{
		administrator: newClient(server, "administrator", sourceRegion, server.Credentials(sourceAccount)),
		abroad:        newClient(server, "administrator", replicaRegion, server.Credentials(sourceAccount)),
		app:           app,
		s3User:        s3User,
		replicaReader: newClient(server, "replica administrator", replicaRegion, server.Credentials(replicaAccount)),
		stranger:      newClient(server, "replica administrator", sourceRegion, server.Credentials(replicaAccount)),
		careless:      careless,
	}, nil
}

// defaultKey is the key that a bucket's default encryption names, or "".
func (c *client) defaultKey(ctx context.Context, bucket string) string {
	out, err := c.s3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: &bucket})
	if err != nil || len(out.ServerSideEncryptionConfiguration.Rules) == 0 {
		return ""
	}
	if d := out.ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault; d != nil {
		return aws.ToString(d.KMSMasterKeyID)
	}
	return ""
}

func (c *client) putPolicy(ctx context.Context, bucket string, document *string) string {
	_, err := c.s3.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: &bucket, Policy: document})
	return outcome(err)
}

// documentText is a policy as requests have it.
func documentText(statements ...iam.Statement) *string {
	text, err := json.Marshal(policy.Document(statements...))
	if err != nil {
		panic(err) // a document always has a JSON form
	}
	return aws.String(string(text))
}

// outcome is an answer of AWS in a line: "ok", or status, code and message.
func outcome(err error) string {
	if err == nil {
		return "ok"
	}
	var response *smithyhttp.ResponseError
	var failure smithy.APIError
	switch {
	case errors.As(err, &response) && errors.As(err, &failure):
		return fmt.Sprintf("%d %s: %s", response.HTTPStatusCode(), failure.ErrorCode(), failure.ErrorMessage())
	case errors.Is(err, context.Canceled):
		return "interrupted"
	default:
		return err.Error()
	}
}
