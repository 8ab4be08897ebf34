package policy

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
)

// ConsumeQueue lets a function's role receive the messages of one queue: Lambda
// polls the queue with the role of the function that it invokes.
// Source: lambda/latest/dg/services-sqs-configure.html, "Setting up Lambda
// execution role permissions"; AWSLambdaSQSQueueExecutionRole.
func ConsumeQueue(queueARN string) iam.Statement {
	return iam.Statement{
		Sid:      "ConsumeQueue",
		Effect:   iam.Allow,
		Action:   iam.Strings{"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"},
		Resource: iam.Strings{queueARN},
	}
}

// DenyInsecureQueueTransport refuses every request to a queue that does not come
// over TLS: the messages hold what is uploaded.
// Source: AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html.
func DenyInsecureQueueTransport(queueARN string) iam.Statement {
	return iam.Statement{
		Sid:       "DenyInsecureTransport",
		Effect:    iam.Deny,
		Principal: everyone(),
		Action:    iam.Strings{"sqs:*"},
		Resource:  iam.Strings{queueARN},
		Condition: iam.Condition{"Bool": {conditionkey.SecureTransport: {"false"}}},
	}
}
