package sts

import (
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/identity"
)

const defaultLifetime = time.Hour

// A role that is assumed with the credentials of a role is limited to one
// hour ("role chaining").
//
// Source: IAM user guide, id_roles, "Role chaining".
const chainedLifetime = time.Hour

var sessionNameForm = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

type assumeRoleResult struct {
	AssumedRoleUser struct{ AssumedRoleId, Arn string }
	Credentials     struct{ AccessKeyId, SecretAccessKey, SessionToken, Expiration string }
}

// assumeRole answers AssumeRole.
//
// Source: STS API reference, AssumeRole.
func (s *Service) assumeRole(c api.Call, f *api.Form) (any, error) {
	q := request{role: f.Text("RoleArn"), name: f.Text("RoleSessionName"), externalID: f.Text("ExternalId"), lifetime: defaultLifetime}
	if text := f.Text("DurationSeconds"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 900 {
			return nil, invalid("DurationSeconds %q: want a number of at least 900", text)
		}
		q.lifetime = time.Duration(n) * time.Second
	}
	if text := f.Text("Policy"); text != "" {
		source, err := identity.SessionPolicy(text)
		if err != nil {
			return nil, err
		}
		q.session = append(q.session, source)
	}
	for i := 1; f.Has("PolicyArns.member." + strconv.Itoa(i) + ".arn"); i++ {
		source, err := s.opt.Directory.ManagedSource(c.Account, f.Text("PolicyArns.member."+strconv.Itoa(i)+".arn"))
		if err != nil {
			return nil, err
		}
		q.session = append(q.session, source)
	}
	if err := f.Done(); err != nil {
		return nil, err
	}
	credentials, err := s.assume(c, q)
	if err != nil {
		return nil, err
	}
	caller := iam.RoleSession(q.role, q.name)
	var out assumeRoleResult
	out.AssumedRoleUser.Arn = caller.ARN()
	if out.AssumedRoleUser.AssumedRoleId, err = s.opt.Directory.UserID(caller); err != nil {
		return nil, err
	}
	out.Credentials.AccessKeyId = credentials.AccessKeyID
	out.Credentials.SecretAccessKey = credentials.SecretAccessKey
	out.Credentials.SessionToken = credentials.SessionToken
	out.Credentials.Expiration = credentials.Expiration.UTC().Format(time.RFC3339)
	return out, nil
}

// request is a checked AssumeRole request.
type request struct {
	role, name string
	externalID string // "": the request has none
	lifetime   time.Duration
	session    []iam.Source
}

// assume lets the policies decide and makes the credentials.
func (s *Service) assume(c api.Call, q request) (api.Credentials, error) {
	if !sessionNameForm.MatchString(q.name) {
		return api.Credentials{}, invalid("RoleSessionName %q: want 2 to 64 characters of letters, digits and _+=,.@-", q.name)
	}
	role, err := s.admit(c, q)
	if err != nil {
		return api.Credentials{}, err
	}
	longest := role.MaxSession
	if c.Caller.RoleARN() != "" {
		longest = chainedLifetime
	}
	if q.lifetime > longest {
		return api.Credentials{}, invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return s.opt.Directory.IssueSession(q.role, q.name, q.lifetime, q.session)
}

// admit asks both sides. A role that doesn't exist is refused in the words of
// one that doesn't let the caller in, as STS does: nobody learns which roles
// another account has.
func (s *Service) admit(c api.Call, q request) (identity.Role, error) {
	role, ok := s.opt.Directory.Role(q.role)
	account := identity.AccountOf(q.role)
	if account == "" {
		return identity.Role{}, invalid("%q is invalid: RoleArn must be the ARN of a role", q.role)
	}
	trust := iam.Source{Name: "trust policy of " + q.role, Document: role.Trust}
	keys := map[string]iam.Strings{"sts:RoleSessionName": {q.name}}
	if q.externalID != "" {
		keys["sts:ExternalId"] = iam.Strings{q.externalID}
	}
	err := s.opt.Authorizer.Authorize(c, api.Access{
		Action: "sts:AssumeRole", Resource: q.role, ResourceAccount: account,
		Context: keys, Policy: &trust,
	})
	if err == nil && !ok {
		// The empty document above admits no one; this is for an
		// authorizer that would.
		err = api.Errorf(http.StatusForbidden, "AccessDenied", "the role %s does not exist", q.role)
	}
	return role, err
}
