package localaws

import (
	"time"

	"github.com/s3seal/s3seal/iam"
)

// Credentials are security credentials, as a client signs with them.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string    // "" for a user's access key
	Expiration      time.Time // zero for a user's access key
}

// Credentials are the keys of the account's administrator.
func (s *Server) Credentials(account string) Credentials { return s.administrators[account] }

// AddUser makes a user with inline policies and an access key. It is no request,
// so no policy decides it.
func (s *Server) AddUser(account, name string, policies ...iam.Document) (Credentials, error) {
	k, err := s.directory.AddUser(account, name, policies...)
	return Credentials(k), err
}

// AddRole makes a role with a trust policy and inline policies, and returns its
// ARN. It is no request, so no policy decides it.
func (s *Server) AddRole(account, name string, trust iam.Document, policies ...iam.Document) (arn string, err error) {
	return s.directory.AddRole(account, name, trust, policies...)
}

// RemoveRole removes a role with its policies. It is no request, so no policy
// decides it.
func (s *Server) RemoveRole(account, name string) error {
	return s.directory.RemoveRole(account, name)
}

// SessionCredentials are the keys of a new session of a role. They do not depend
// on the role's trust policy: call AssumeRole of STS where it should decide.
func (s *Server) SessionCredentials(roleARN, sessionName string, lifetime time.Duration) (Credentials, error) {
	k, err := s.directory.IssueSession(roleARN, sessionName, lifetime, nil)
	return Credentials(k), err
}

// PrincipalExists says whether a user, role or account with this ARN exists.
func (s *Server) PrincipalExists(arn string) bool { return s.directory.PrincipalExists(arn) }

// Decision is what package iam decided on one action of one request.
type Decision struct {
	Time        time.Time
	RequestID   string
	Caller      string // ARN, or the name of a service
	Action      string // such as "s3:GetObject"
	Resource    string // ARN
	Allowed     bool
	Explanation string // in words: which statement decided, or that none did
}

// Decisions are the last decisions, at most 1,000, the oldest first.
func (s *Server) Decisions() []Decision {
	kept := s.decisions.Decisions()
	decisions := make([]Decision, len(kept))
	for i, d := range kept {
		decisions[i] = Decision(d)
	}
	return decisions
}
