package objectfunctions

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

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
}

// newQueue makes the queue of a function, id, with a timeout. Its policy has, besides
// the deny of what is not TLS, the statements of allow.
func newQueue(scope constructs.Construct, id string, timeoutSeconds int, allow ...func(queueARN string) iam.Statement) Queue {
	dead := oneQueue(scope, id+"DeadLetters", awssqs.CfnQueueProps{MessageRetentionPeriod: jsii.Number(deadLetterSeconds)})
	queue := oneQueue(scope, id+"Queue", awssqs.CfnQueueProps{
		MessageRetentionPeriod: jsii.Number(queueSeconds),
		// Six times: Lambda tries a throttled batch again within it.
		// Source: lambda/latest/dg/services-sqs-configure.html.
		VisibilityTimeout: jsii.Number(6 * timeoutSeconds),
		RedrivePolicy:     map[string]any{"deadLetterTargetArn": dead.AttrArn(), "maxReceiveCount": maxReceives},
	}, allow...)
	nag.Accept(dead, nag.Reason{
		Rules:  []string{"AwsSolutions-SQS3"},
		Reason: "The queue is the dead-letter queue of another.",
	})
	return Queue{URL: *queue.AttrQueueUrl(), ARN: *queue.AttrArn(), DeadLetterURL: *dead.AttrQueueUrl(), DeadLetterName: *dead.AttrQueueName()}
}

func oneQueue(scope constructs.Construct, id string, p awssqs.CfnQueueProps, allow ...func(queueARN string) iam.Statement) awssqs.CfnQueue {
	p.SqsManagedSseEnabled = true
	queue := awssqs.NewCfnQueue(scope, &id, &p)
	queue.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE, nil)
	arn := *queue.AttrArn()
	statements := []iam.Statement{policy.DenyInsecureQueueTransport(arn)}
	for _, statement := range allow {
		statements = append(statements, statement(arn))
	}
	awssqs.NewCfnQueuePolicy(scope, jsii.String(id+"Policy"), &awssqs.CfnQueuePolicyProps{
		Queues:         &[]*string{queue.Ref()},
		PolicyDocument: policy.Document(statements...).Map(),
	})
	return queue
}

// feed lets Lambda invoke the function with the queue's messages. The function
// must answer with the messages that failed: without ReportBatchItemFailures
// such an answer would count as success, and these be deleted.
func feed(scope constructs.Construct, id string, function awslambda.Function, queue Queue, concurrency *int) awslambda.CfnEventSourceMapping {
	mapping := awslambda.NewCfnEventSourceMapping(scope, &id, &awslambda.CfnEventSourceMappingProps{
		FunctionName:          function.FunctionName(),
		EventSourceArn:        &queue.ARN,
		FunctionResponseTypes: jsii.Strings("ReportBatchItemFailures"),
	})
	// A queue that invokes more copies than the function has reserved is
	// throttled, and each time its messages are received in vain. Lambda
	// accepts 2 to 1000.
	// Source: lambda/latest/dg/services-sqs-scaling.html.
	if concurrency != nil && *concurrency >= 2 {
		mapping.SetScalingConfig(&awslambda.CfnEventSourceMapping_ScalingConfigProperty{
			MaximumConcurrency: jsii.Number(min(*concurrency, 1000)),
		})
	}
	return mapping
}
