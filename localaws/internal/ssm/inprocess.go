package ssm

import "github.com/s3seal/s3seal/localaws/internal/api"

// Value implements api.Parameters.
func (s *Service) Value(c api.Call, name string) (string, error) {
	out, err := s.getParameters(c, getManyInput{Names: []string{name}})
	if err != nil {
		return "", err
	}
	if len(out.Parameters) == 0 {
		return "", notFound(name)
	}
	return out.Parameters[0].Value, nil
}
