// Package function makes a Lambda function of this program, with a role and a
// log group of its own.
package function

import (
	"maps"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/nag"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// Props says what function to make. ReservedConcurrency alone may be nil.
type Props struct {
	Code                string // the folder of the built function
	Architecture        string // "arm64" or "x86_64"
	MemoryMB            int
	TimeoutSeconds      int
	LogDays             int
	ReservedConcurrency *int
	Variables           map[string]*string // its environment
	Metrics, Tracing    bool               // see stage.Functions

	Policy     string // the name of the role's policy
	Statements []iam.Statement

	// Why findings of cdk-nag don't apply: on the role's wildcards, that
	// concurrency isn't reserved, and that there is no dead-letter queue.
	Wildcards, Unreserved, NoDeadLetters string
}

// New makes the function, with the id, and beside it its role and log group.
func New(scope constructs.Construct, id string, p Props) awslambda.Function {
	logs := awslogs.NewLogGroup(scope, jsii.String(id+"Logs"), &awslogs.LogGroupProps{
		RemovalPolicy: awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
	})
	logs.Node().DefaultChild().(awslogs.CfnLogGroup).SetRetentionInDays(jsii.Number(p.LogDays))
	statements := append(p.Statements, policy.WriteLogs(*logs.LogGroupArn()))
	if p.Tracing {
		statements = append(statements, policy.SendTraces())
		p.Wildcards += " X-Ray's actions have no resource that could be named."
	}
	if p.Metrics {
		p.Variables = maps.Clone(p.Variables)
		p.Variables["METRICS"] = jsii.String("true")
	}
	role := awsiam.NewRole(scope, jsii.String(id+"Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		InlinePolicies: &map[string]awsiam.PolicyDocument{
			p.Policy: awsiam.PolicyDocument_FromJson(policy.Document(statements...).Map()),
		},
	})
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
		Code:                         awslambda.Code_FromAsset(&p.Code, nil),
		Role:                         role,
		LogGroup:                     logs,
		LoggingFormat:                awslambda.LoggingFormat_JSON,
		Environment:                  &p.Variables,
		MemorySize:                   jsii.Number(p.MemoryMB),
		Timeout:                      awscdk.Duration_Seconds(jsii.Number(p.TimeoutSeconds)),
		ReservedConcurrentExecutions: concurrency,
	})
	if p.Tracing {
		// Not the class's own prop, which adds a policy of its own to the role.
		made.Node().DefaultChild().(awslambda.CfnFunction).SetTracingConfig(&awslambda.CfnFunction_TracingConfigProperty{Mode: jsii.String("Active")})
	}
	p.acceptFindings(made, role, logs)
	return made
}

// acceptFindings records cdk-nag's findings that do not apply to a function,
// its role and its log group.
func (p Props) acceptFindings(function, role, logs constructs.IConstruct) {
	nag.Accept(function,
		nag.Reason{Rules: []string{"NIST.800.53.R5-LambdaConcurrency"}, Reason: p.Unreserved},
		nag.Reason{Rules: []string{"NIST.800.53.R5-LambdaDLQ"}, Reason: p.NoDeadLetters},
		nag.Reason{
			Rules:  []string{"NIST.800.53.R5-LambdaInsideVPC"},
			Reason: "The functions call only public AWS endpoints, over TLS, and reach nothing in a VPC.",
		},
	)
	nag.Accept(role,
		nag.Reason{Rules: []string{"AwsSolutions-IAM5"}, Reason: p.Wildcards},
		nag.Reason{
			Rules:  []string{"NIST.800.53.R5-IAMNoInlinePolicy"},
			Reason: "The policy belongs to this one role and must not be attached to another.",
		},
	)
	nag.Accept(logs, nag.Reason{
		Rules:  []string{"NIST.800.53.R5-CloudWatchLogGroupEncrypted"},
		Reason: "CloudWatch Logs encrypts log groups by default; the functions log no key, no secret and no object content.",
	})
}
