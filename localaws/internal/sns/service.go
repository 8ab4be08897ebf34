package sns

import (
	"net/http"
	"sync"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Options are what a Service works with; all but Log are required.
type Options struct {
	Authorizer api.Authorizer
	Now        func() time.Time
	Principals api.Principals // for the check of topic policies
	KMS        api.KMS
	Queues     api.Queues
	// InvokeLater is that of api.Functions, which are made later.
	InvokeLater func(c api.Call, function string, payload []byte) error
	// Log is told of each message that a subscriber doesn't get.
	Log *api.Log
}

// Service is SNS of all accounts and Regions. It is safe for concurrent use.
type Service struct {
	api.ProtocolService
	opt Options

	// mu guards all below, and every *topic and *subscription. It is not held
	// while another service is called.
	mu     sync.Mutex
	topics map[string]*topic // by ARN
	// policies are the topics of each AWS::SNS::TopicPolicy, by physical id.
	policies map[string][]string
}

var (
	_ api.Service = (*Service)(nil)
	_ api.Topics  = (*Service)(nil)
)

// New makes a Service without any topic.
func New(o Options) *Service {
	s := &Service{opt: o, topics: map[string]*topic{}, policies: map[string][]string{}}
	s.ProtocolService = api.ProtocolService{Prefix: "sns", Namespace: "http://sns.amazonaws.com/doc/2010-03-31/", Table: s.operations()}
	return s
}

// Providers implements api.Provisioner.
func (s *Service) Providers() map[string]api.Provider {
	return map[string]api.Provider{
		"AWS::SNS::Subscription": api.NewProvider(subscriptionType{s}),
		"AWS::SNS::Topic":        api.NewProvider(topicType{s}),
		"AWS::SNS::TopicPolicy":  api.NewProvider(topicPolicyType{s}),
	}
}

// empty is the answer of operations that return nothing.
type empty struct{}

// noTopic is the code of an error that says that a topic or subscription isn't
// there.
const noTopic = "NotFound"

func invalid(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "InvalidParameter", "Invalid parameter: "+format, args...)
}

func notFound(what string) error {
	return api.Errorf(http.StatusNotFound, noTopic, "%s does not exist", what)
}
