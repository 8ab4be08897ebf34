package objectfunctions

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/s3seal/s3seal/constructs/nag"
)

// acceptFindings records cdk-nag's findings that do not apply to a function,
// its role and its log group.
func acceptFindings(function, role, logs constructs.IConstruct) {
	nag.Accept(function,
		nag.Reason{
			Rules:  []string{"NIST.800.53.R5-LambdaConcurrency"},
			Reason: "Reserved concurrency is the stage's choice (functions.reservedConcurrency); a default would take from the account's pool.",
		},
		nag.Reason{
			Rules:  []string{"NIST.800.53.R5-LambdaDLQ"},
			Reason: "The functions are invoked synchronously and answer their caller with a typed error; nothing invokes them asynchronously.",
		},
		nag.Reason{
			Rules:  []string{"NIST.800.53.R5-LambdaInsideVPC"},
			Reason: "The functions call only public AWS endpoints, over TLS, and reach nothing in a VPC.",
		},
	)
	nag.Accept(role,
		nag.Reason{
			Rules:  []string{"AwsSolutions-IAM5"},
			Reason: "The wildcard stands for the objects of one bucket, and for the streams of one log group.",
		},
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
