package objectfunctions

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/function"
	"github.com/s3seal/s3seal/constructs/internal/resource"
	"github.com/s3seal/s3seal/constructs/nag"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

const (
	// maxReceives is how often a message is tried. A throttled function costs a
	// receive too, so fewer than AWS's advice of 5 would drop right messages.
	// Source: lambda/latest/dg/services-sqs-configure.html.
	maxReceives = 5

	// A message keeps its age when it comes to the dead-letter queue, so that
	// queue's time must be the longer one; it is the longest that SQS has.
	// Source: AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html.
	queueSeconds, deadLetterSeconds = 7 * 86400, 14 * 86400
)

// Queue is a queue of events with the dead-letter queue for those that fail. Both
// outlive the stack: what they hold is nowhere else.
type Queue struct {
	URL, ARN                      string
	DeadLetterURL, DeadLetterName string

	name string
}

// newQueue makes the queue at a path of the function that does something. Its policy
// has, besides the deny of what is not TLS, the statements of allow.
func (p Props) newQueue(scope constructs.Construct, path, does string, allow ...func(queueARN string) iam.Statement) Queue {
	dead := oneQueue(scope, path+"DeadLetters", awssqs.CfnQueueProps{
		QueueName: resource.Optional(named(p.QueueName, does+"-dead-letters")), MessageRetentionPeriod: jsii.Number(deadLetterSeconds),
	}, []nag.Reason{{
		Rules:  []string{"AwsSolutions-SQS3"},
		Reason: "The queue is the dead-letter queue of another.",
	}})
	queue := oneQueue(scope, path+"Queue", awssqs.CfnQueueProps{
		QueueName:              resource.Optional(named(p.QueueName, does)),
		MessageRetentionPeriod: jsii.Number(queueSeconds),
		// Six times: Lambda tries a throttled batch again within it.
		// Source: lambda/latest/dg/services-sqs-configure.html.
		VisibilityTimeout: jsii.Number(6 * p.TimeoutSeconds),
		RedrivePolicy:     map[string]any{"deadLetterTargetArn": dead.ARN, "maxReceiveCount": maxReceives},
	}, nil, allow...)
	queue.DeadLetterURL, queue.DeadLetterName = dead.URL, dead.name
	return queue
}

func oneQueue(scope constructs.Construct, path string, p awssqs.CfnQueueProps, accept []nag.Reason, allow ...func(queueARN string) iam.Statement) Queue {
	p.SqsManagedSseEnabled = true
	made := resource.Make(scope, path, resource.Resource{
		Class: "aws_sqs.CfnQueue", Props: &p, Retain: true, Accept: accept,
	}, "attrQueueUrl", "attrArn", "ref", "attrQueueName")
	queue := Queue{URL: made[0], ARN: made[1], name: made[3]}
	statements := []iam.Statement{policy.DenyInsecureQueueTransport(queue.ARN)}
	for _, statement := range allow {
		statements = append(statements, statement(queue.ARN))
	}
	resource.Make(scope, path+"Policy", resource.Resource{
		Class: "aws_sqs.CfnQueuePolicy",
		Props: &awssqs.CfnQueuePolicyProps{
			Queues:         jsii.Strings(made[2]),
			PolicyDocument: policy.Document(statements...).Map(),
		},
	})
	return queue
}

// feed lets Lambda invoke the function with the queue's messages. The function
// must answer with the messages that failed: without ReportBatchItemFailures
// such an answer would count as success, and these be deleted.
func feed(scope constructs.Construct, path string, f function.Function, queue Queue, p *awslambda.CfnEventSourceMappingProps, concurrency *int) {
	p.FunctionName = &f.Name
	p.EventSourceArn = &queue.ARN
	p.FunctionResponseTypes = jsii.Strings("ReportBatchItemFailures")
	// A queue that invokes more copies than the function has reserved is
	// throttled, and each time its messages are received in vain. Lambda
	// accepts 2 to 1000.
	// Source: lambda/latest/dg/services-sqs-scaling.html.
	if concurrency != nil && *concurrency >= 2 {
		p.ScalingConfig = &awslambda.CfnEventSourceMapping_ScalingConfigProperty{
			MaximumConcurrency: jsii.Number(min(*concurrency, 1000)),
		}
	}
	resource.Make(scope, path, resource.Resource{Class: "aws_lambda.CfnEventSourceMapping", Props: p})
}
