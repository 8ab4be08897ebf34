// Package function makes a Lambda function of this program, with a role and a
// log group of its own.
package function

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/function"
	"github.com/s3seal/s3seal/constructs/internal/resource"
	"github.com/s3seal/s3seal/constructs/nag"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// Props says what function to make. ReservedConcurrency alone may be nil.
type Props struct {
	Name, RoleName      string // "": CloudFormation makes one up
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
func New(scope constructs.Construct, id string, p Props) function.Function {
	logs := resource.Make(scope, id+"Logs/Resource", resource.Resource{
		Class: "aws_logs.CfnLogGroup", Props: &awslogs.CfnLogGroupProps{RetentionInDays: jsii.Number(p.LogDays)}, Retain: true, Accept: p.ofLogs(),
	}, "attrArn", "ref")
	statements := append(p.Statements, policy.WriteLogs(logs[0]))
	if p.Tracing {
		statements = append(statements, policy.SendTraces())
		p.Wildcards += " X-Ray's actions have no resource that could be named."
	}
	role := resource.Make(scope, id+"Role/Resource", resource.Resource{
		Class: "aws_iam.CfnRole",
		Props: &awsiam.CfnRoleProps{
			RoleName:                 resource.Optional(p.RoleName),
			AssumeRolePolicyDocument: policy.Document(policy.FunctionTrust()).Map(),
			Policies: []any{&awsiam.CfnRole_PolicyProperty{
				PolicyName: &p.Policy, PolicyDocument: policy.Document(sorted(statements)...).Map(),
			}},
		},
		Accept: p.ofRole(),
	}, "attrArn")
	made := resource.Make(scope, id+"/Resource", resource.Resource{
		Class: "aws_lambda.CfnFunction", Props: p.function(role[0], logs[1]), Code: p.Code, Accept: p.ofFunction(),
		After: []string{id + "Role"}, // Lambda refuses a role that has yet to come
	}, "ref", "attrArn")
	return function.Function{Name: made[0], ARN: made[1], RoleARN: role[0]}
}

func (p Props) function(roleARN, logGroup string) *awslambda.CfnFunctionProps {
	if p.Metrics {
		p.Variables = maps.Clone(p.Variables)
		p.Variables["METRICS"] = jsii.String("true")
	}
	props := &awslambda.CfnFunctionProps{
		FunctionName:  resource.Optional(p.Name),
		Architectures: jsii.Strings(p.Architecture),
		Code:          &awslambda.CfnFunction_CodeProperty{}, // that of Resource.Code
		Environment:   &awslambda.CfnFunction_EnvironmentProperty{Variables: p.Variables},
		// The name of the executable is fixed by the runtime; the handler is
		// only a label.
		Handler:       jsii.String("bootstrap"),
		LoggingConfig: &awslambda.CfnFunction_LoggingConfigProperty{LogFormat: jsii.String("JSON"), LogGroup: &logGroup},
		MemorySize:    jsii.Number(p.MemoryMB),
		Role:          &roleARN,
		Runtime:       jsii.String("provided.al2023"),
		Timeout:       jsii.Number(p.TimeoutSeconds),
	}
	if p.ReservedConcurrency != nil {
		props.ReservedConcurrentExecutions = jsii.Number(*p.ReservedConcurrency)
	}
	if p.Tracing {
		props.TracingConfig = &awslambda.CfnFunction_TracingConfigProperty{Mode: jsii.String("Active")}
	}
	return props
}

// sorted has the actions and resources of statements in the order of the CDK's own
// roles: in another one, every deployed role would differ from its template.
func sorted(statements []iam.Statement) []iam.Statement {
	statements = slices.Clone(statements)
	for i := range statements {
		s := &statements[i]
		s.Action, s.Resource = slices.Sorted(slices.Values(s.Action)), slices.Sorted(slices.Values(s.Resource))
	}
	return statements
}

// cdk-nag's findings that do not apply to a function, its role and its log group.

func (p Props) ofFunction() []nag.Reason {
	return []nag.Reason{
		{Rules: []string{"NIST.800.53.R5-LambdaConcurrency"}, Reason: p.Unreserved},
		{Rules: []string{"NIST.800.53.R5-LambdaDLQ"}, Reason: p.NoDeadLetters},
		{
			Rules:  []string{"NIST.800.53.R5-LambdaInsideVPC"},
			Reason: "The functions call only public AWS endpoints, over TLS, and reach nothing in a VPC.",
		},
	}
}

func (p Props) ofRole() []nag.Reason {
	return []nag.Reason{
		{Rules: []string{"AwsSolutions-IAM5"}, Reason: p.Wildcards},
		{
			Rules:  []string{"NIST.800.53.R5-IAMNoInlinePolicy"},
			Reason: "The policy belongs to this one role and must not be attached to another.",
		},
	}
}

func (p Props) ofLogs() []nag.Reason {
	return []nag.Reason{{
		Rules:  []string{"NIST.800.53.R5-CloudWatchLogGroupEncrypted"},
		Reason: "CloudWatch Logs encrypts log groups by default; the functions log no key, no secret and no object content.",
	}}
}
