// Package sts is the Security Token Service of the local AWS:
// GetCallerIdentity and AssumeRole for clients, and for the other services
// sessions of the roles that they work with.
//
// Both sides decide: the role's trust policy must let the caller in, and a
// caller of another account, or one that the trust policy admits only through
// its account, needs sts:AssumeRole in its own policies too. Session tags,
// source identities and MFA are refused by name.
package sts

import (
	"maps"
	"net/http"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/identity"
)

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

// Service answers STS calls. It implements api.Service, api.STS and
// api.RoleCredentials.
type Service struct {
	directory  *identity.Directory
	authorizer api.Authorizer
}

// New answers for the users and roles of d; authorizer decides.
func New(d *identity.Directory, authorizer api.Authorizer) *Service {
	return &Service{directory: d, authorizer: authorizer}
}

// Serve implements api.Service.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, c api.Call) {
	result, action, err := s.answer(r, c)
	if err != nil {
		api.WriteQueryError(w, c.RequestID, namespace, err)
		return
	}
	api.WriteQuery(w, c.RequestID, namespace, action, result)
}

func (s *Service) answer(r *http.Request, c api.Call) (result any, action string, err error) {
	f, err := api.ParseForm(r)
	if err != nil {
		return nil, "", err
	}
	run, ok := operations[f.Action()]
	if !ok {
		return nil, "", api.Errorf(http.StatusBadRequest, "InvalidAction", "the local AWS has no operation sts:%s", f.Action())
	}
	result, err = run(s, c, f)
	return result, f.Action(), err
}

// operations are all that there are; any other is refused by name.
var operations = map[string]func(*Service, api.Call, *api.Form) (any, error){
	"AssumeRole":        (*Service).assumeRole,
	"GetCallerIdentity": (*Service).getCallerIdentity,
}

// Operations are the names of all operations.
func (s *Service) Operations() []string { return slices.Sorted(maps.Keys(operations)) }

type callerIdentity struct {
	Arn     string
	UserId  string
	Account string
}

// getCallerIdentity needs no permission, and no Deny takes it away.
//
// Source: STS API reference, GetCallerIdentity.
func (s *Service) getCallerIdentity(c api.Call, f *api.Form) (any, error) {
	if err := f.Done(); err != nil {
		return nil, err
	}
	id, err := s.directory.UserID(c.Caller)
	if err != nil {
		return nil, err
	}
	return callerIdentity{Arn: c.Caller.ARN(), UserId: id, Account: c.Account}, nil
}
