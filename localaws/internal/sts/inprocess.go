package sts

import "github.com/s3seal/s3seal/localaws/internal/api"

// AssumeRole implements api.STS: c.Caller is the service principal, and the
// trust policy decides with the condition keys of c. The Call that comes back
// keeps what belongs to the request (id, time, Region, TLS) and loses what
// described the service as the caller.
func (s *Service) AssumeRole(c api.Call, roleARN, sessionName string) (api.Call, error) {
	role, err := s.admit(c, request{role: roleARN, name: sessionName})
	if err != nil {
		return api.Call{}, err
	}
	return c.AsSession(roleARN, sessionName, role.Account), nil
}

// RoleCredentials implements api.RoleCredentials.
func (s *Service) RoleCredentials(c api.Call, roleARN, sessionName string) (api.Credentials, error) {
	return s.assume(c, request{role: roleARN, name: sessionName, lifetime: defaultLifetime})
}
