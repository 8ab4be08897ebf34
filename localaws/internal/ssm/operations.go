package ssm

import "github.com/s3seal/s3seal/localaws/internal/api"

// operations are all that there are; any other is refused by name.
func (s *Service) operations() map[string]api.JSONOperation {
	return map[string]api.JSONOperation{
		"DeleteParameter": api.JSON(s.deleteParameter),
		"GetParameter":    api.JSON(s.getParameter),
		"GetParameters":   api.JSON(s.getParameters),
		"PutParameter":    api.JSON(s.putParameter),
	}
}
