package identity

import (
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

const namespace = "https://iam.amazonaws.com/doc/2010-05-08/"

// Options are what a Service works with; all are required.
type Options struct {
	Authorizer api.Authorizer
	Directory  *Directory // the users, roles and policies
}

// Service is the IAM API, as far as a walk-through needs it.
//
// Source: IAM API reference.
type Service struct {
	api.QueryService
	opt Options
}

var _ api.Service = (*Service)(nil)

// New makes a Service.
func New(o Options) *Service {
	s := &Service{opt: o}
	s.QueryService = api.QueryService{Namespace: namespace, Prefix: "iam", Table: s.operations()}
	return s
}

// Providers implements api.Provisioner.
func (s *Service) Providers() map[string]api.Provider {
	return map[string]api.Provider{
		"AWS::IAM::ManagedPolicy": api.NewProvider(managedPolicyType{s}),
		"AWS::IAM::Policy":        api.NewProvider(policyType{s}),
		"AWS::IAM::Role":          api.NewProvider(roleType{s}),
	}
}

// authorize asks for an action on a resource of the caller's own account: IAM
// knows no other.
func (s *Service) authorize(c api.Call, action, resource string, keys map[string]iam.Strings) error {
	return s.opt.Authorizer.Authorize(c, api.Access{
		Action: "iam:" + action, Resource: resource, ResourceAccount: c.Account, Context: keys,
	})
}

// change runs f under the lock, for what must be looked at and changed at once.
func (s *Service) change(id string, f func(*account) error) error {
	d := s.opt.Directory
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.accounts[id]
	if a == nil {
		return noSuchEntity("The account %s cannot be found.", id)
	}
	return f(a)
}

func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
