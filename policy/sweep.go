package policy

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
)

// Sweep is what a sweep function may do: list all versions, read each, and write
// an object anew under another key. It may read the key ring, and not change it: a
// person retires a key. It may not delete an object.
//
// Without the right to see a retention or a legal hold S3 leaves them out of its
// answers, and a locked object would look like one that is not. A copy keeps an
// object's annotations, which needs rights of their own. s3:ListBucket makes S3
// answer 404 and not 403 for an object that is gone.
// Sources: AmazonS3/latest/API/API_CopyObject.html, API_HeadObject.html,
// AmazonS3/latest/userguide/mpuoverview.html, "API calls and permissions".
func (o Objects) Sweep() []iam.Statement {
	return o.withKeys([]iam.Statement{
		{
			Sid:    "MoveObjects",
			Effect: iam.Allow,
			Action: iam.Strings{
				"s3:AbortMultipartUpload",
				"s3:GetObject", "s3:GetObjectVersion",
				"s3:GetObjectTagging", "s3:GetObjectVersionTagging",
				"s3:GetObjectRetention", "s3:GetObjectLegalHold",
				"s3:GetObjectAnnotation", "s3:GetObjectVersionAnnotation",
				"s3:ListObjectAnnotations", "s3:ListObjectVersionAnnotations",
				"s3:PutObject", "s3:PutObjectTagging", "s3:PutObjectAnnotation",
			},
			Resource: iam.Strings{o.BucketARN + "/*"},
		},
		{
			Sid:      "ListVersions",
			Effect:   iam.Allow,
			Action:   iam.Strings{"s3:ListBucket", "s3:ListBucketVersions"},
			Resource: iam.Strings{o.BucketARN},
		},
	}, nil)
}

// SweepMachine is a state machine with a Distributed Map over a bucket's objects,
// as far as its role's policy needs to know it.
type SweepMachine struct {
	MachineARN   string
	ExecutionARN string // of all executions: "arn:…:execution:<name>:*"
	FunctionARN  string
	BucketARN    string
}

// Run is what the state machine may do: list the bucket, invoke the function, and
// start the executions of its Map, which are its own.
// Source: step-functions/latest/dg/iam-policies-eg-dist-map.html.
func (m SweepMachine) Run() []iam.Statement {
	return []iam.Statement{
		{Sid: "ListObjects", Effect: iam.Allow, Action: iam.Strings{"s3:ListBucket"}, Resource: iam.Strings{m.BucketARN}},
		{Sid: "MoveObjects", Effect: iam.Allow, Action: iam.Strings{"lambda:InvokeFunction"}, Resource: iam.Strings{m.FunctionARN}},
		{Sid: "StartBatches", Effect: iam.Allow, Action: iam.Strings{"states:StartExecution"}, Resource: iam.Strings{m.MachineARN}},
		{Sid: "WatchBatches", Effect: iam.Allow, Action: iam.Strings{"states:DescribeExecution"}, Resource: iam.Strings{m.ExecutionARN}},
	}
}

// SweepMachineTrust lets Step Functions assume the role of the account's state
// machines.
// Source: step-functions/latest/dg/procedure-create-iam-role.html#prevent-cross-service-confused-deputy.
func SweepMachineTrust(account string) iam.Statement {
	return iam.Statement{
		Sid:       "StepFunctions",
		Effect:    iam.Allow,
		Principal: service("states.amazonaws.com"),
		Action:    iam.Strings{"sts:AssumeRole"},
		Condition: iam.Condition{"StringEquals": {conditionkey.SourceAccount: {account}}},
	}
}
