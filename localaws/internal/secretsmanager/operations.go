package secretsmanager

import "github.com/s3seal/s3seal/localaws/internal/api"

// operations are all that there are; any other is refused by name.
//
// Source: Secrets Manager API reference, the pages of these names.
func (s *Service) operations() map[string]api.JSONOperation {
	return map[string]api.JSONOperation{
		"CancelRotateSecret":       api.JSON(s.cancelRotateSecret),
		"CreateSecret":             api.JSON(s.createSecret),
		"DeleteResourcePolicy":     api.JSON(s.deleteResourcePolicy),
		"DeleteSecret":             api.JSON(s.deleteSecret),
		"DescribeSecret":           api.JSON(s.describeSecret),
		"GetRandomPassword":        api.JSON(s.getRandomPassword),
		"GetResourcePolicy":        api.JSON(s.getResourcePolicy),
		"GetSecretValue":           api.JSON(s.getSecretValue),
		"ListSecretVersionIds":     api.JSON(s.listSecretVersionIds),
		"ListSecrets":              api.JSON(s.listSecrets),
		"PutResourcePolicy":        api.JSON(s.putResourcePolicy),
		"PutSecretValue":           api.JSON(s.putSecretValue),
		"RestoreSecret":            api.JSON(s.restoreSecret),
		"RotateSecret":             api.JSON(s.rotateSecret),
		"TagResource":              api.JSON(s.tagResource),
		"UntagResource":            api.JSON(s.untagResource),
		"UpdateSecret":             api.JSON(s.updateSecret),
		"UpdateSecretVersionStage": api.JSON(s.updateSecretVersionStage),
	}
}
