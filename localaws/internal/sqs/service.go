package sqs

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Options are what a Service works with; all are required.
type Options struct {
	Authorizer api.Authorizer
	Now        func() time.Time
	Principals api.Principals // for the check of queue policies
	KMS        api.KMS
	// UserID is the unique identifier of a caller, which receivers are told.
	UserID func(iam.Caller) (string, error)
}

// Service is SQS of all accounts and Regions. It is safe for concurrent use.
type Service struct {
	api.JSONService
	opt    Options
	secret []byte // signs receipt handles

	done  chan struct{} // closed by Close: nobody waits for a message any longer
	close sync.Once

	// mu guards all below, every *queue and every *message. It is held
	// during calls to KMS, which doesn't call back.
	mu     sync.Mutex
	queues map[string]*queue    // by ARN
	gone   map[string]time.Time // when a queue was deleted, by ARN
	held   int                  // bytes of all messages
	// policies are the addresses of the queues of each AWS::SQS::QueuePolicy, by
	// physical id, from which nobody could read them.
	policies map[string][]string
}

var (
	_ api.Service = (*Service)(nil)
	_ api.Queues  = (*Service)(nil)
)

// New makes a Service without any queue.
func New(o Options) *Service {
	s := &Service{
		opt: o, secret: make([]byte, 32), done: make(chan struct{}),
		queues: map[string]*queue{}, gone: map[string]time.Time{}, policies: map[string][]string{},
	}
	_, _ = rand.Read(s.secret) // never fails
	s.JSONService = api.JSONService{
		Target: "AmazonSQS", Prefix: "sqs", Version: "1.0", MaxRequest: maxRequest, QueryCodes: queryCodes, Table: s.operations(),
	}
	return s
}

// maxRequest lets through ten messages that are as long as a batch may be, of
// characters that JSON writes as six.
const maxRequest = 6*maxMessage + 1<<20

// Providers implements api.Provisioner.
func (s *Service) Providers() map[string]api.Provider {
	return map[string]api.Provider{
		"AWS::SQS::Queue":       api.NewProvider(queueType{s}),
		"AWS::SQS::QueuePolicy": api.NewProvider(queuePolicyType{s}),
	}
}

// Close ends the requests that wait for a message.
func (s *Service) Close() error {
	s.close.Do(func() { close(s.done) })
	return nil
}

// empty is the answer of operations that return nothing.
type empty struct{}

// noQueue is the code of an error that says that a queue isn't there.
const noQueue = "QueueDoesNotExist"

// queryCodes are the codes of the errors that are named otherwise in the query
// protocol.
//
// Source: the service's API model, awsQueryError of each error.
var queryCodes = map[string]string{
	"BatchEntryIdsNotDistinct":     "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
	"BatchRequestTooLong":          "AWS.SimpleQueueService.BatchRequestTooLong",
	"EmptyBatchRequest":            "AWS.SimpleQueueService.EmptyBatchRequest",
	"InvalidBatchEntryId":          "AWS.SimpleQueueService.InvalidBatchEntryId",
	"KmsAccessDenied":              "KMS.AccessDeniedException",
	"KmsDisabled":                  "KMS.DisabledException",
	"KmsInvalidKeyUsage":           "KMS.InvalidKeyUsageException",
	"KmsInvalidState":              "KMS.InvalidStateException",
	"KmsNotFound":                  "KMS.NotFoundException",
	"MessageNotInflight":           "AWS.SimpleQueueService.MessageNotInflight",
	"PurgeQueueInProgress":         "AWS.SimpleQueueService.PurgeQueueInProgress",
	"QueueDeletedRecently":         "AWS.SimpleQueueService.QueueDeletedRecently",
	noQueue:                        "AWS.SimpleQueueService.NonExistentQueue",
	"QueueNameExists":              "QueueAlreadyExists",
	"TooManyEntriesInBatchRequest": "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
	"UnsupportedOperation":         "AWS.SimpleQueueService.UnsupportedOperation",
}

func fail(code, format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, code, format, args...)
}

// invalid is the error for a parameter that is out of its range or form.
func invalid(format string, args ...any) error { return fail("InvalidParameterValue", format, args...) }

func missing(parameter string) error {
	return fail("MissingParameter", "The request must contain the parameter %s.", parameter)
}
