package sts

import "github.com/s3seal/s3seal/localaws/internal/api"

type callerIdentity struct {
	Arn     string
	UserId  string
	Account string
}

// getCallerIdentity needs no permission, and no Deny prevents it.
//
// Source: STS API reference, GetCallerIdentity.
func (s *Service) getCallerIdentity(c api.Call, _ struct{}) (any, error) {
	id, err := s.opt.Directory.UserID(c.Caller)
	if err != nil {
		return nil, err
	}
	return callerIdentity{Arn: c.Caller.ARN(), UserId: id, Account: c.Account}, nil
}
