package events

import (
	"net/http"
	"sync"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Options are what a Service works with; all but Metrics and Log are required.
type Options struct {
	Authorizer api.Authorizer
	Now        func() time.Time
	Queues     api.Queues
	Topics     api.Topics
	// InvokeLater is that of api.Functions, which are made later.
	InvokeLater func(c api.Call, function string, payload []byte) error
	Metrics     api.Metrics
	// Log is told of each event that a target doesn't get.
	Log *api.Log
}

// Service is EventBridge of all accounts and Regions. It is safe for concurrent
// use.
type Service struct {
	api.JSONService
	opt Options

	// mu guards rules and every *rule. It is not held while another service is
	// called.
	mu    sync.Mutex
	rules map[string]*rule // by ARN
}

var (
	_ api.Service = (*Service)(nil)
	_ api.Events  = (*Service)(nil)
)

// New makes a Service without rules.
func New(o Options) *Service {
	s := &Service{opt: o, rules: map[string]*rule{}}
	s.JSONService = api.JSONService{Target: "AWSEvents", Prefix: "events", Table: s.operations()}
	return s
}

// Providers implements api.Provisioner.
func (s *Service) Providers() map[string]api.Provider {
	return map[string]api.Provider{"AWS::Events::Rule": api.NewProvider(ruleType{s})}
}

type empty struct{}

// noRule is the code of an error that says that a rule isn't there.
const noRule = "ResourceNotFoundException"

func invalid(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "ValidationException", format, args...)
}
