// Package objectfunctions attaches two Lambda functions to a bucket: put,
// which uploads an object under the bucket's encryption, and get, which reads
// one back. Package internal/object documents their events and answers.
package objectfunctions

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// Props says what functions to make.
type Props struct {
	// Objects is the bucket and its keys. Required.
	Objects policy.Objects

	// BucketName is the bucket's name. Required.
	BucketName string

	// Encryption is the value of the functions' ENCRYPTION variable: the
	// bucket's pattern, such as "sse-c". Required.
	Encryption string

	// CodeDir holds the two built functions, put/bootstrap and get/bootstrap.
	// Required.
	CodeDir string

	// Architecture is "arm64" or "x86_64", and must be what CodeDir was built
	// for. Required.
	Architecture string

	// MemoryMB is each function's memory, in MiB. Required.
	MemoryMB int

	// TimeoutSeconds is each function's timeout. Required.
	TimeoutSeconds int

	// LogDays is how long logs are kept. Required; a value that CloudWatch
	// Logs takes.
	LogDays int

	// ReservedConcurrency caps how many copies of each function run at once.
	// Default: nil, the account's pool.
	ReservedConcurrency *int
}

// ObjectKey is the object that the functions use when an event names none.
const ObjectKey = "test-object"

// Functions are the two functions.
type Functions struct {
	Put, Get awslambda.Function
}

// New makes the functions, each with a role and a log group of its own.
func New(scope constructs.Construct, id string, p Props) Functions {
	scope = constructs.NewConstruct(scope, &id)
	return Functions{
		Put: function(scope, "Put", "put", p, p.Objects.Put()),
		Get: function(scope, "Get", "get", p, p.Objects.Get()),
	}
}

func function(scope constructs.Construct, id, dir string, p Props, statements []iam.Statement) awslambda.Function {
	logs := awslogs.NewLogGroup(scope, jsii.String(id+"Logs"), &awslogs.LogGroupProps{
		RemovalPolicy: awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
	})
	logs.Node().DefaultChild().(awslogs.CfnLogGroup).SetRetentionInDays(jsii.Number(p.LogDays))
	statements = append(statements, policy.WriteLogs(*logs.LogGroupArn()))
	role := awsiam.NewRole(scope, jsii.String(id+"Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		InlinePolicies: &map[string]awsiam.PolicyDocument{
			"Objects": awsiam.PolicyDocument_FromJson(policy.Document(statements...).Map()),
		},
	})
	environment := map[string]*string{
		"BUCKET_NAME": &p.BucketName,
		"OBJECT_KEY":  jsii.String(ObjectKey),
		"ENCRYPTION":  &p.Encryption,
	}
	if p.Objects.KMSKeyARN != "" {
		environment["KMS_KEY_ARN"] = &p.Objects.KMSKeyARN
	}
	if p.Objects.SecretARN != "" {
		environment["SECRET_ARN"] = &p.Objects.SecretARN
	}
	architecture := awslambda.Architecture_ARM_64()
	if p.Architecture == "x86_64" {
		architecture = awslambda.Architecture_X86_64()
	}
	var concurrency *float64
	if p.ReservedConcurrency != nil {
		concurrency = jsii.Number(*p.ReservedConcurrency)
	}
	made := awslambda.NewFunction(scope, &id, &awslambda.FunctionProps{
		Runtime:      awslambda.Runtime_PROVIDED_AL2023(),
		Architecture: architecture,
		// The name of the executable is fixed by the runtime; the handler is
		// only a label.
		Handler:                      jsii.String("bootstrap"),
		Code:                         awslambda.Code_FromAsset(jsii.String(p.CodeDir+"/"+dir), nil),
		Role:                         role,
		LogGroup:                     logs,
		LoggingFormat:                awslambda.LoggingFormat_JSON,
		Environment:                  &environment,
		MemorySize:                   jsii.Number(p.MemoryMB),
		Timeout:                      awscdk.Duration_Seconds(jsii.Number(p.TimeoutSeconds)),
		ReservedConcurrentExecutions: concurrency,
	})
	acceptFindings(made, role, logs)
	return made
}
