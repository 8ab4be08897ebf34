package cloudformation

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Options are what a Service works with; all but Log are required.
type Options struct {
	Authorizer api.Authorizer
	Now        func() time.Time
	STS        api.STS
	Objects    api.Objects // templates that are given by URL
	Parameters api.Parameters
	// Providers makes the resources, by type ("AWS::S3::Bucket"). The types of
	// Recorded are added to them.
	Providers map[string]api.Provider
	// Log is told of each resource that fails, and of each panic of an
	// operation, which fails its stack.
	Log *api.Log
}

// Service is CloudFormation of all accounts and Regions. It is safe for
// concurrent use.
type Service struct {
	api.QueryService
	opt       Options
	providers map[string]api.Provider

	ctx    context.Context // ends the operations under way
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu     sync.Mutex
	stacks []*stack // in order of creation, the deleted ones too
}

var _ api.Service = (*Service)(nil)

// New makes a Service without stacks.
func New(o Options) *Service {
	s := &Service{opt: o, providers: map[string]api.Provider{}}
	s.QueryService = api.QueryService{Namespace: namespace, Prefix: "cloudformation", Table: s.operations()}
	for _, t := range Recorded() {
		s.providers[t] = recorded{typ: t}
	}
	s.providers[stackType] = api.NewProvider(nestedStack{s})
	maps.Copy(s.providers, o.Providers)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// Close ends the operations under way and waits for them.
func (s *Service) Close() error {
	s.cancel()
	s.work.Wait()
	return nil
}

// Wait returns when no operation is under way.
func (s *Service) Wait() { s.work.Wait() }

// Types are the resource types that a stack may have, the recorded ones too.
func (s *Service) Types() []string { return slices.Sorted(maps.Keys(s.providers)) }
