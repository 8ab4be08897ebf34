// Package rotation rotates an SSE-C key ring on a schedule, by a Lambda function
// that only adds keys. Package internal/rotation documents what it does.
package rotation

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/function"
	"github.com/s3seal/s3seal/constructs/internal/environment"
	lambda "github.com/s3seal/s3seal/constructs/internal/function"
	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/internal/resource"
	"github.com/s3seal/s3seal/policy"
)

// Props says what to rotate, and when.
type Props struct {
	// KeyRingARN is the secret with the keys, whose whole ARN ends in six
	// characters that Secrets Manager adds. Required.
	KeyRingARN string

	// KeyRingKeyARN is the customer managed key of that secret. Default: none,
	// the account's key aws/secretsmanager.
	KeyRingKeyARN string

	// Bucket is where the keys are used, and a new one is tested. Required.
	Bucket bucket.Reference

	// EveryDays is the time from a rotation to the next, 1-999 days. Required.
	EveryDays int

	// CodeDir holds the built function, rotate/bootstrap: GOOS=linux GOARCH=arm64
	// CGO_ENABLED=0 go build -o CODEDIR/rotate/bootstrap
	// github.com/s3seal/s3seal/lambda/rotate. Required.
	CodeDir string

	// Architecture is "arm64" or "x86_64", and must be what CodeDir was built
	// for. Required.
	Architecture string

	// LogDays is how long logs are kept, in days; a value that CloudWatch Logs
	// accepts. Default: 365.
	LogDays int

	// Metrics makes each rotation write metrics, such as the size of the ring.
	// CloudWatch charges for each. Default: false.
	Metrics bool

	// Tracing lets Lambda send traces of the function to AWS X-Ray. Default:
	// false.
	Tracing bool

	// FunctionName and RoleName are the names of the function and of its role.
	// Default: CloudFormation makes them up.
	FunctionName, RoleName string
}

// probeKey is the object key of the upload that tests a new key. It is aborted,
// so no object has that key.
const probeKey = "s3seal-rotation-test"

// The function makes a few requests in a second; the rest of the time is for
// those that AWS throttles.
const memoryMB, timeoutSeconds = 128, 60

// New makes the rotation function and the schedule. It panics, as constructs do,
// on a prop that is missing.
//
// A deployment only tests the function and the new key: RotateImmediatelyOnUpdate
// is false. What changes the key that puts use is the schedule, or a person with
// `aws secretsmanager rotate-secret`, and never a deployment that changes the
// number of days.
//
// The ring stays as it is when the construct is removed, with all its keys.
func New(scope constructs.Construct, id string, p Props) function.Function {
	p.LogDays = cmp.Or(p.LogDays, 365)
	faults := []string{
		refusal.Missing("KeyRingARN", p.KeyRingARN, "the whole ARN of the secret"),
		refusal.Missing("CodeDir", p.CodeDir, "the folder of the built functions"),
		refusal.OneOf("Architecture", p.Architecture, "arm64", "x86_64"),
		refusal.Range("EveryDays", p.EveryDays, 1, 999),
	}
	if p.Bucket == nil {
		faults = append(faults, "no Bucket: set it to the bucket of the objects")
	}
	refusal.Check("rotation", scope, id, faults...)
	at := environment.Of(scope)
	rotates := policy.Rotation{
		SecretARN: p.KeyRingARN, SecretKeyARN: p.KeyRingKeyARN, SecretViaService: at.ViaService("secretsmanager"),
		BucketARN: *p.Bucket.BucketArn(), ProbeKey: probeKey,
	}
	made := lambda.New(scope, id+"/Rotate", lambda.Props{
		Name: p.FunctionName, RoleName: p.RoleName,
		Code: p.CodeDir + "/rotate", Architecture: p.Architecture, MemoryMB: memoryMB, TimeoutSeconds: timeoutSeconds, LogDays: p.LogDays,
		Variables: map[string]*string{"BUCKET_NAME": p.Bucket.BucketName(), "PROBE_KEY": jsii.String(probeKey), "SECRET_ARN": &p.KeyRingARN},
		Policy:    "Rotation", Statements: rotates.Rotate(), Metrics: p.Metrics, Tracing: p.Tracing,
		Wildcards:     "The wildcard stands for the streams of one log group.",
		Unreserved:    "Secrets Manager runs one rotation of a secret at a time; a reservation would take from the account's pool.",
		NoDeadLetters: "Secrets Manager tries a failed rotation again, and reports it; an event on its own could not be carried out later.",
	})
	// No page says that Secrets Manager sends aws:SourceArn. The function itself
	// refuses every secret but its own.
	// Source: secretsmanager/latest/userguide/rotate-secrets_turn-on-cli.html.
	resource.Make(scope, id+"/Invoke", resource.Resource{Class: "aws_lambda.CfnPermission", Props: &awslambda.CfnPermissionProps{
		Action:        jsii.String("lambda:InvokeFunction"),
		FunctionName:  &made.Name,
		Principal:     jsii.String("secretsmanager.amazonaws.com"),
		SourceAccount: &at.Account,
	}})
	resource.Make(scope, id+"/Schedule", resource.Resource{
		Class: "aws_secretsmanager.CfnRotationSchedule",
		Props: &awssecretsmanager.CfnRotationScheduleProps{
			SecretId:                  &p.KeyRingARN,
			RotationLambdaArn:         &made.ARN,
			RotateImmediatelyOnUpdate: false,
			RotationRules:             &awssecretsmanager.CfnRotationSchedule_RotationRulesProperty{AutomaticallyAfterDays: jsii.Number(p.EveryDays)},
		},
		After: []string{id + "/Invoke"},
	})
	return made
}
