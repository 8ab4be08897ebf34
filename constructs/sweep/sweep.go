// Package sweep makes the function that moves an SSE-C bucket's objects to the
// primary key of their ring, and a state machine that runs it over millions of
// objects. Package internal/sweep documents what the function does.
package sweep

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/function"
	"github.com/s3seal/s3seal/constructs/internal/environment"
	lambda "github.com/s3seal/s3seal/constructs/internal/function"
	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/internal/resource"
	"github.com/s3seal/s3seal/constructs/nag"
	"github.com/s3seal/s3seal/internal/sweep"
	"github.com/s3seal/s3seal/policy"
)

// Props says what to sweep.
type Props struct {
	// Bucket is where the objects are. Required.
	Bucket bucket.Reference

	// KeyRingARN is the secret with the keys, whose whole ARN ends in six
	// characters that Secrets Manager adds. Required.
	KeyRingARN string

	// KeyRingKeyARN is the customer managed key of that secret. Default: none,
	// the account's key aws/secretsmanager.
	KeyRingKeyARN string

	// Map adds a state machine with a Distributed Map. Default: the function
	// alone.
	Map bool

	// CodeDir holds the built function, sweep/bootstrap: GOOS=linux GOARCH=arm64
	// CGO_ENABLED=0 go build -o CODEDIR/sweep/bootstrap
	// github.com/s3seal/s3seal/lambda/sweep. Required.
	CodeDir string

	// Architecture is "arm64" or "x86_64", and must be what CodeDir was built
	// for. Required.
	Architecture string

	// LogDays is how long logs are kept, in days; a value that CloudWatch Logs
	// accepts. Default: 365.
	LogDays int

	// Metrics makes each sweep write metrics, such as the age of the oldest key.
	// CloudWatch charges for each. Default: false.
	Metrics bool

	// Tracing lets Lambda send traces of the function to AWS X-Ray. Default:
	// false.
	Tracing bool

	// FunctionName, RoleName and MachineRoleName are the names of the function, of
	// its role, and of the state machine's. Default: CloudFormation makes them up.
	FunctionName, RoleName, MachineRoleName string
}

// S3 copies the objects, so the function needs little memory; it works until its
// time ends.
const memoryMB, timeoutSeconds = 256, 900

// Sweep is the function, and with Map the state machine.
type Sweep struct {
	Function   function.Function
	MachineARN string // a reference, which only a deployment resolves; "" without Map
}

// New makes the function and, with Map, the state machine. Nothing runs them by
// itself. It panics, as constructs do, on a prop that is missing.
func New(scope constructs.Construct, id string, p Props) Sweep {
	p.LogDays = cmp.Or(p.LogDays, 365)
	faults := []string{
		refusal.Missing("KeyRingARN", p.KeyRingARN, "the whole ARN of the secret"),
		refusal.Missing("CodeDir", p.CodeDir, "the folder of the built functions"),
		refusal.OneOf("Architecture", p.Architecture, "arm64", "x86_64"),
	}
	if p.Bucket == nil {
		faults = append(faults, "no Bucket: set it to the bucket of the objects")
	}
	refusal.Check("sweep", scope, id, faults...)
	at := environment.Of(scope)
	objects := policy.Objects{
		BucketARN: *p.Bucket.BucketArn(),
		SecretARN: p.KeyRingARN, SecretKeyARN: p.KeyRingKeyARN, SecretViaService: at.ViaService("secretsmanager"),
	}
	made := Sweep{Function: lambda.New(scope, id+"/Sweep", lambda.Props{
		Name: p.FunctionName, RoleName: p.RoleName,
		Code: p.CodeDir + "/sweep", Architecture: p.Architecture, MemoryMB: memoryMB, TimeoutSeconds: timeoutSeconds, LogDays: p.LogDays,
		Variables: map[string]*string{"BUCKET_NAME": p.Bucket.BucketName(), "SECRET_ARN": &p.KeyRingARN},
		Policy:    "Sweep", Statements: objects.Sweep(), Metrics: p.Metrics, Tracing: p.Tracing,
		Wildcards:     "The wildcard stands for the objects of one bucket, and for the streams of one log group.",
		Unreserved:    "A sweep runs when a person starts it, and its state machine bounds how many invocations there are at once; a reservation would take from the account's pool.",
		NoDeadLetters: "The function is invoked synchronously, by a person, Step Functions or S3 Batch Operations, which try again; nothing invokes it asynchronously.",
	})}
	if p.Map {
		made.MachineARN = machine(scope, id, at, p, made.Function.ARN)
	}
	return made
}

// machine makes the state machine. Its role is to start executions of the machine
// itself, so its policy is a resource of its own, which comes after both.
func machine(scope constructs.Construct, id string, at environment.Environment, p Props, functionARN string) string {
	bucketName := *p.Bucket.BucketName()
	role := resource.Make(scope, id+"/MachineRole", resource.Resource{Class: "aws_iam.CfnRole", Props: &awsiam.CfnRoleProps{
		RoleName:                 resource.Optional(p.MachineRoleName),
		AssumeRolePolicyDocument: policy.Document(policy.SweepMachineTrust(at.Account)).Map(),
	}}, "attrArn", "ref")
	made := resource.Make(scope, id+"/Machine", resource.Resource{
		Class: "aws_stepfunctions.CfnStateMachine",
		Props: &awsstepfunctions.CfnStateMachineProps{
			RoleArn:          &role[0],
			StateMachineType: jsii.String("STANDARD"), // the only type that has a Distributed Map
			DefinitionString: jsii.String(sweep.Machine(at.Partition, bucketName, functionARN)),
		},
		Accept: []nag.Reason{
			{
				Rules:  []string{"AwsSolutions-SF1"},
				Reason: "The function logs what each batch did, and Step Functions keeps the history of an execution for 90 days.",
			},
			{
				Rules:  []string{"AwsSolutions-SF2"},
				Reason: "The machine has one step, whose time and failures its map run shows.",
			},
		},
	}, "attrArn", "attrName", "ref")
	run := policy.SweepMachine{
		MachineARN:   made[0],
		ExecutionARN: "arn:" + at.Partition + ":states:" + at.Region + ":" + at.Account + ":execution:" + made[1] + ":*",
		FunctionARN:  functionARN,
		BucketARN:    *p.Bucket.BucketArn(),
	}
	resource.Make(scope, id+"/MachinePolicy", resource.Resource{
		Class: "aws_iam.CfnPolicy",
		Props: &awsiam.CfnPolicyProps{
			PolicyName:     jsii.String("Sweep"),
			PolicyDocument: policy.Document(run.Run()...).Map(),
			Roles:          jsii.Strings(role[1]),
		},
		Accept: []nag.Reason{
			{
				Rules:  []string{"AwsSolutions-IAM5"},
				Reason: "The wildcard stands for the executions of this state machine, whose names Step Functions makes.",
			},
			{
				Rules:  []string{"NIST.800.53.R5-IAMNoInlinePolicy"},
				Reason: "The policy belongs to this one role and must not be attached to another.",
			},
		},
	})
	return made[2]
}
