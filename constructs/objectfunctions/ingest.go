package objectfunctions

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/function"
	"github.com/s3seal/s3seal/constructs/internal/environment"
	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// IngestSource is a bucket of the stack's account and Region whose new objects
// are copied.
type IngestSource struct {
	Bucket    string // its name
	KMSKeyARN string // the customer managed key of its objects. Default: none.
}

// Ingest is the function that copies, and the queue that notifications of the
// sources must name.
type Ingest struct {
	Function function.Function
	Queue    Queue
}

// NewIngest makes a function that copies new objects of the sources into the
// bucket of p, under its encryption. Its messages come one by one: a large
// object takes the time of a whole invocation.
func NewIngest(scope constructs.Construct, id string, p Props, sources ...IngestSource) Ingest {
	p = p.withDefaults()
	at := environment.Of(scope)
	faults := p.faults()
	if len(sources) == 0 {
		faults = append(faults, "no sources: name the buckets that are copied from")
	}
	refusal.Check("ingest", scope, id, faults...)
	var names, arns []string
	var from []policy.Source
	for _, s := range sources {
		arn := at.BucketARN(s.Bucket)
		names, arns = append(names, s.Bucket), append(arns, arn)
		from = append(from, policy.Source{BucketARN: arn, KMSKeyARN: s.KMSKeyARN})
	}
	queue := p.newQueue(scope, id+"/Ingest", "ingest", func(queueARN string) iam.Statement {
		return policy.DeliverNotifications(queueARN, at.Account, arns...)
	})
	variables := p.variables()
	variables["QUEUE_ARN"] = &queue.ARN
	variables["SOURCE_BUCKETS"] = jsii.String(strings.Join(names, ","))
	made := p.function(scope, id+"/Ingest", "ingest", variables, append(p.objects(at).Ingest(from), policy.ConsumeQueue(queue.ARN)))
	feed(scope, id+"/IngestMessages", made, queue, &awslambda.CfnEventSourceMappingProps{BatchSize: jsii.Number(1)}, p.ReservedConcurrency)
	return Ingest{Function: made, Queue: queue}
}
