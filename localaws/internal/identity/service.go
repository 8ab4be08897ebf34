package identity

import (
	"net/http"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

const namespace = "https://iam.amazonaws.com/doc/2010-05-08/"

// Service is the IAM API, as far as a walk-through needs it.
//
// Source: IAM API reference.
type Service struct {
	directory  *Directory
	authorizer api.Authorizer
}

// NewService answers from d; authorizer decides each call.
func NewService(d *Directory, authorizer api.Authorizer) *Service {
	return &Service{directory: d, authorizer: authorizer}
}

// operations are all that there are; any other is refused by name.
var operations = map[string]operation{
	"CreateRole":             (*Service).opCreateRole,
	"GetRole":                (*Service).opGetRole,
	"ListRoles":              (*Service).opListRoles,
	"DeleteRole":             (*Service).opDeleteRole,
	"UpdateAssumeRolePolicy": (*Service).opUpdateAssumeRolePolicy,

	"CreateUser":      (*Service).opCreateUser,
	"GetUser":         (*Service).opGetUser,
	"ListUsers":       (*Service).opListUsers,
	"DeleteUser":      (*Service).opDeleteUser,
	"CreateAccessKey": (*Service).opCreateAccessKey,
	"ListAccessKeys":  (*Service).opListAccessKeys,
	"DeleteAccessKey": (*Service).opDeleteAccessKey,

	"PutRolePolicy":            opPutPolicy("Role"),
	"GetRolePolicy":            opGetPolicy("Role"),
	"ListRolePolicies":         opListPolicies("Role"),
	"DeleteRolePolicy":         opDeletePolicy("Role"),
	"AttachRolePolicy":         opAttach("Role"),
	"DetachRolePolicy":         opDetach("Role"),
	"ListAttachedRolePolicies": opListAttached("Role"),
	"PutUserPolicy":            opPutPolicy("User"),
	"GetUserPolicy":            opGetPolicy("User"),
	"ListUserPolicies":         opListPolicies("User"),
	"DeleteUserPolicy":         opDeletePolicy("User"),
	"AttachUserPolicy":         opAttach("User"),
	"DetachUserPolicy":         opDetach("User"),
	"ListAttachedUserPolicies": opListAttached("User"),

	"CreatePolicy":     (*Service).opCreatePolicy,
	"GetPolicy":        (*Service).opGetPolicy,
	"GetPolicyVersion": (*Service).opGetPolicyVersion,
	"DeletePolicy":     (*Service).opDeletePolicy,
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
		return nil, "", api.Errorf(http.StatusBadRequest, "InvalidAction", "the local AWS has no operation iam:%s", f.Action())
	}
	result, err = run(s, c, f)
	return result, f.Action(), err
}

// authorize asks for an action on a resource of the caller's own account: IAM
// knows no other.
func (s *Service) authorize(c api.Call, action, resource string, keys map[string]iam.Strings) error {
	return s.authorizer.Authorize(c, api.Access{
		Action: "iam:" + action, Resource: resource, ResourceAccount: c.Account, Context: keys,
	})
}

// change runs f under the lock, for what must be looked at and changed at once.
func (s *Service) change(id string, f func(*account) error) error {
	d := s.directory
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.accounts[id]
	if a == nil {
		return noSuchEntity("The account %s cannot be found.", id)
	}
	return f(a)
}

func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
