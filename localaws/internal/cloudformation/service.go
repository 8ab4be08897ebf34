package cloudformation

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Parameters reads SSM parameters for template parameters of the type
// AWS::SSM::Parameter::Value<String>, with the permissions of the call.
type Parameters interface {
	Value(c api.Call, name string) (string, error)
}

// Options are what a Service works with.
type Options struct {
	Authorizer api.Authorizer
	STS        api.STS
	Objects    api.Objects // templates that are given by URL
	Parameters Parameters
	// Providers makes the resources, by type ("AWS::S3::Bucket"). The types of
	// Recorded are added to them.
	Providers map[string]api.Provider
}

// Service is CloudFormation in all accounts and Regions.
type Service struct {
	authorizer api.Authorizer
	sts        api.STS
	objects    api.Objects
	parameters Parameters
	providers  map[string]api.Provider

	ctx    context.Context // ends the operations under way
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu     sync.Mutex
	stacks []*stack // in order of creation, the deleted ones too
}

// New makes a Service without stacks.
func New(o Options) *Service {
	s := &Service{
		authorizer: o.Authorizer,
		sts:        o.STS,
		objects:    o.Objects,
		parameters: o.Parameters,
		providers:  map[string]api.Provider{},
	}
	for _, t := range Recorded() {
		s.providers[t] = recorded{typ: t}
	}
	for t, p := range o.Providers {
		s.providers[t] = p
	}
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

// Serve answers one request of the Query protocol.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, c api.Call) {
	form, err := api.ParseForm(r)
	if err != nil {
		api.WriteQueryError(w, c.RequestID, namespace, err)
		return
	}
	operation, ok := operations[form.Action()]
	if !ok {
		api.WriteQueryError(w, c.RequestID, namespace, api.UnknownOperation("CloudFormation", form.Action()))
		return
	}
	result, err := operation(s, c, query{form})
	if err != nil {
		api.WriteQueryError(w, c.RequestID, namespace, err)
		return
	}
	api.WriteQuery(w, c.RequestID, namespace, form.Action(), result)
}

var operations = map[string]func(*Service, api.Call, query) (any, error){
	"ContinueUpdateRollback":      (*Service).continueUpdateRollback,
	"CreateChangeSet":             (*Service).createChangeSet,
	"CreateStack":                 (*Service).createStack,
	"DeleteChangeSet":             (*Service).deleteChangeSet,
	"DeleteStack":                 (*Service).deleteStack,
	"DescribeChangeSet":           (*Service).describeChangeSet,
	"DescribeEvents":              (*Service).describeEvents,
	"DescribeStackEvents":         (*Service).describeStackEvents,
	"DescribeStackResource":       (*Service).describeStackResource,
	"DescribeStackResources":      (*Service).describeStackResources,
	"DescribeStacks":              (*Service).describeStacks,
	"ExecuteChangeSet":            (*Service).executeChangeSet,
	"GetTemplate":                 (*Service).getTemplate,
	"GetTemplateSummary":          (*Service).getTemplateSummary,
	"ListChangeSets":              (*Service).listChangeSets,
	"ListExports":                 (*Service).listExports,
	"ListImports":                 (*Service).listImports,
	"ListStackResources":          (*Service).listStackResources,
	"ListStacks":                  (*Service).listStacks,
	"RollbackStack":               (*Service).rollbackStack,
	"UpdateStack":                 (*Service).updateStack,
	"UpdateTerminationProtection": (*Service).updateTerminationProtection,
	"ValidateTemplate":            (*Service).validateTemplate,
}

// now is the time of an event: whole milliseconds, as it is written on the
// wire, so that a client which compares it with a time it was told before
// does not find it earlier.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
