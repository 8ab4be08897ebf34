package lambda

import (
	"context"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Options are what a Service works with; all but Metrics, Environment and Log are required.
type Options struct {
	Authorizer  api.Authorizer
	Now         func() time.Time
	STS         api.STS             // the session that writes the logs
	Credentials api.RoleCredentials // the session that the code signs with
	Objects     api.Objects
	Principals  api.Principals // whom a permission may name
	Logs        api.Logs
	Queues      api.Queues // event sources
	Metrics     api.Metrics
	// Environment gives the variables ("NAME=value") by which the SDKs in a
	// function find the local AWS: AWS_ENDPOINT_URL and AWS_CA_BUNDLE. It is
	// asked when a sandbox starts.
	Environment func() []string
	// Log is told of each panic, and why messages of a queue are not processed.
	Log *api.Log
}

// Service is Lambda of all accounts and Regions. It is safe for concurrent use.
type Service struct {
	api.RESTService
	opt Options

	ctx    context.Context // ends the sandboxes
	cancel context.CancelFunc
	work   sync.WaitGroup // invocations

	unpacking singleflight.Group // by SHA-256: the functions of a stack are made at the same time

	mu        sync.Mutex
	functions map[string]*function // by ARN
	codes     map[string]code      // by SHA-256
	mappings  map[string]*mapping  // by UUID
	folder    string               // private, of code and temporary files; made at the first use
	closed    bool
}

var (
	_ api.Service   = (*Service)(nil)
	_ api.Functions = (*Service)(nil)
)

// New makes a Service without functions.
func New(o Options) *Service {
	s := &Service{opt: o, functions: map[string]*function{}, codes: map[string]code{}, mappings: map[string]*mapping{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.RESTService = api.NewRESTService("Lambda", s.operations())
	return s
}

// Providers implements api.Provisioner.
func (s *Service) Providers() map[string]api.Provider {
	return map[string]api.Provider{
		"AWS::Lambda::EventSourceMapping": api.NewProvider(mappingType{s}),
		"AWS::Lambda::Function":           api.NewProvider(functionType{s}),
		"AWS::Lambda::Permission":         api.NewProvider(permissionType{s}),
	}
}

// Close ends every sandbox and removes the files of all functions.
func (s *Service) Close() error {
	s.mu.Lock()
	s.closed = true // from here on no invocation begins
	s.mu.Unlock()
	s.cancel()
	s.work.Wait()
	s.EndIdle()
	s.mu.Lock()
	folder := s.folder
	s.mu.Unlock()
	if folder == "" {
		return nil
	}
	return removeAll(folder)
}

// EndIdle ends the sandboxes of all functions. One in which an invocation runs ends
// after it.
//
// Source: Lambda developer guide, lambda-runtime-environment, Shutdown phase: an
// environment is kept for some time. For how long isn't said, so nothing here
// ends one by itself.
func (s *Service) EndIdle() {
	s.mu.Lock()
	var idle []*sandbox
	for _, f := range s.functions {
		idle = append(idle, f.retire()...)
	}
	s.mu.Unlock()
	for _, b := range idle {
		b.end()
	}
}

// privateFolder is the folder below which everything on disk is. Service.mu
// must be held.
func (s *Service) privateFolder() (string, error) {
	if s.closed {
		return "", api.Errorf(http.StatusInternalServerError, "ServiceException", "the local AWS is closing")
	}
	if s.folder == "" {
		folder, err := os.MkdirTemp("", "s3seal-lambda-") // mode 0700
		if err != nil {
			return "", err
		}
		s.folder = folder
	}
	return s.folder, nil
}

// caller is the call by which Lambda itself assumes a function's role.
func (s *Service) caller(account, region string) api.Call {
	return api.ServiceCall("lambda.amazonaws.com", account, region, s.opt.Now())
}

// invalid is Lambda's error for a value that it does not accept.
func invalid(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "InvalidParameterValueException", format, args...)
}
