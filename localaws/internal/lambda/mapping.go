package lambda

import (
	"context"
	"maps"
	"net/http"
	"strconv"
	"time"

	awsarn "github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// mapping is an event source mapping of a queue. Service.mu guards it.
type mapping struct {
	uuid     string
	place    api.Place
	settings mappingSettings
	function string // ARN
	tags     map[string]string
	modified time.Time
	result   string             // LastProcessingResult
	stop     context.CancelFunc // nil: nothing polls
}

func (m *mapping) arn() string { return m.place.ARN("lambda", "event-source-mapping:"+m.uuid) }

// mappingSettings are those of a mapping that are carried out; any other is refused
// by name.
//
// Source: Lambda developer guide, services-sqs-parameters.
type mappingSettings struct {
	BatchSize                      *int
	Enabled                        *bool
	EventSourceArn                 string
	FunctionName                   string
	FunctionResponseTypes          []string
	MaximumBatchingWindowInSeconds *int
	ScalingConfig                  *scalingConfig
}

type scalingConfig struct {
	MaximumConcurrency *int `json:",omitempty"`
}

func (x mappingSettings) batchSize() int {
	if x.BatchSize == nil {
		return 10
	}
	return *x.BatchSize
}

func (x mappingSettings) window() time.Duration {
	if x.MaximumBatchingWindowInSeconds == nil {
		return 0
	}
	return time.Duration(*x.MaximumBatchingWindowInSeconds) * time.Second
}

func (x mappingSettings) enabled() bool { return x.Enabled == nil || *x.Enabled }

// reports says whether the function tells which messages it couldn't process.
func (x mappingSettings) reports() bool { return len(x.FunctionResponseTypes) > 0 }

// concurrency is how many batches are processed at once. Lambda begins with five;
// here it stays so.
//
// Source: Lambda developer guide, services-sqs-configure and services-sqs-scaling.
func (x mappingSettings) concurrency() int {
	const usual = 5
	if x.ScalingConfig == nil || x.ScalingConfig.MaximumConcurrency == nil {
		return usual
	}
	return min(usual, *x.ScalingConfig.MaximumConcurrency)
}

// check refuses what no mapping of a queue can have.
//
// Source: Lambda API reference, CreateEventSourceMapping; Lambda developer guide,
// services-sqs-configure.
func (x mappingSettings) check() error {
	source, err := awsarn.Parse(x.EventSourceArn)
	fifo := len(source.Resource) > 5 && source.Resource[len(source.Resource)-5:] == ".fifo"
	switch {
	case x.EventSourceArn == "":
		return invalid("EventSourceArn must be given: the local AWS has queues of SQS as event sources")
	case err != nil || source.Service != "sqs":
		return invalid("%s is no queue of SQS: the local AWS has no other event sources", x.EventSourceArn)
	case !within(x.BatchSize, 1, 10_000):
		return invalid("BatchSize must be between 1 and 10000")
	case fifo && x.batchSize() > 10:
		return invalid("Batch size must be less than or equal to 10 for a FIFO queue")
	case !within(x.MaximumBatchingWindowInSeconds, 0, 300):
		return invalid("MaximumBatchingWindowInSeconds must be between 0 and 300")
	case fifo && x.window() > 0:
		return invalid("Batching window is not supported for FIFO queues")
	case x.batchSize() > 10 && x.window() == 0:
		return invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
	case x.ScalingConfig != nil && !within(x.ScalingConfig.MaximumConcurrency, 2, 1000):
		return invalid("ScalingConfig.MaximumConcurrency must be between 2 and 1000")
	case len(x.FunctionResponseTypes) > 1 || (x.reports() && x.FunctionResponseTypes[0] != "ReportBatchItemFailures"):
		return invalid("FunctionResponseTypes %q: the only one is ReportBatchItemFailures", x.FunctionResponseTypes)
	}
	return nil
}

// checkSource refuses a queue that the function's role may not read, or that shows
// messages again before the function's time is over. Service.mu must not be held.
func (s *Service) checkSource(f *function, queueARN string) error {
	s.mu.Lock()
	timeout := f.configuration.Timeout
	s.mu.Unlock()
	c, err := s.receiver(f)
	if err != nil {
		return err
	}
	queue, err := s.opt.Queues.Receiver(c, queueARN)
	if err != nil {
		e := api.AsError(err)
		refusal := api.Errorf(http.StatusBadRequest, "InvalidParameterValueException", "Error occurred while ReceiveMessage. SQS Error Code: %s. SQS Error Message: %s", e.Code, e.Message)
		if e.Code == "AccessDeniedException" {
			refusal.Message = "The provided execution role does not have permissions to call ReceiveMessage, DeleteMessage and GetQueueAttributes on SQS"
			refusal.Cause = e.Message
		}
		return refusal
	}
	if visibility, _ := strconv.Atoi(queue["VisibilityTimeout"]); visibility < timeout {
		return invalid("Queue visibility timeout: %d seconds is less than Function timeout: %d seconds", visibility, timeout)
	}
	return nil
}

// receiver is the call of the function's role, as which Lambda polls.
func (s *Service) receiver(f *function) (api.Call, error) {
	s.mu.Lock()
	role, name, account, region := f.configuration.Role, f.name, f.account, f.region
	s.mu.Unlock()
	c, err := s.opt.STS.AssumeRole(s.caller(account, region), role, name)
	if err != nil {
		return api.Call{}, invalid("The role defined for the function cannot be assumed by Lambda. (%v)", err)
	}
	c.RequestID, c.Region = api.UUID(), region
	return c, nil
}

// mappingKeys are the condition keys of a call about a mapping of a function.
func mappingKeys(functionARN string, more map[string]iam.Strings) map[string]iam.Strings {
	keys := map[string]iam.Strings{"lambda:FunctionArn": {functionARN}}
	maps.Copy(keys, more)
	return keys
}
