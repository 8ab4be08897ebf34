package sts

import "github.com/s3seal/s3seal/localaws/internal/api"

// operations are all that there are; any other is refused by name.
func (s *Service) operations() map[string]api.QueryOperation {
	return map[string]api.QueryOperation{
		"AssumeRole":        s.assumeRole,
		"GetCallerIdentity": api.Query(s.getCallerIdentity),
	}
}
