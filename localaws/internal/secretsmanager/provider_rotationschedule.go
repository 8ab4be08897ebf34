package secretsmanager

import "github.com/s3seal/s3seal/localaws/internal/api"

// scheduleProperties are the properties of
// AWS::SecretsManager::RotationSchedule.
type scheduleProperties struct {
	SecretId                  string
	RotationLambdaARN         string
	RotationRules             *rotationRules
	RotateImmediatelyOnUpdate *bool
}

// rotationScheduleType makes AWS::SecretsManager::RotationSchedule. Ref is the
// ARN of the secret.
//
// Source: CloudFormation template reference,
// AWS::SecretsManager::RotationSchedule.
type rotationScheduleType struct{ *Service }

func (t rotationScheduleType) Check(want scheduleProperties) error {
	if r := want.RotationRules; r != nil && !unknown(r.ScheduleExpression) && !unknown(r.Duration) {
		if err := r.check(); err != nil {
			return api.At("RotationRules", err)
		}
	}
	return nil
}

// Create configures the rotation, and rotates the secret unless
// RotateImmediatelyOnUpdate is false. If that fails the secret has the rotation
// again that it had, and not the version that was begun.
func (t rotationScheduleType) Create(s api.StackContext, _ string, want scheduleProperties) (api.Resource, error) {
	token, undo := api.UUID(), t.keepRotation(s.Call, want.SecretId)
	out, err := t.rotateSecret(s.Call, rotateSecretInput{
		SecretId: want.SecretId, ClientRequestToken: token, RotationLambdaARN: want.RotationLambdaARN,
		RotationRules: want.RotationRules, RotateImmediately: want.RotateImmediatelyOnUpdate,
	})
	if err != nil {
		undo(token)
		return api.Resource{}, err
	}
	return secretResource(out.ARN), nil
}

// keepRotation remembers the rotation of a secret; what it returns puts it back
// after a failed rotation to the version token.
func (s *Service) keepRotation(c api.Call, id string) (undo func(token string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, x := s.lookup(c, id)
	if x == nil {
		return func(string) {}
	}
	before := x.rotation
	return func(token string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		r := &x.rotation
		r.function, r.rules, r.enabled, r.next = before.function, before.rules, before.enabled, before.next
		if x.labels[pending] == token && x.labels[current] != token {
			delete(x.labels, pending)
			delete(x.versions, token)
		}
	}
}

// Update configures the rotation anew, as Create does.
func (t rotationScheduleType) Update(s api.StackContext, logicalID string, _ api.Resource, _, want scheduleProperties) (api.Resource, error) {
	return t.Create(s, logicalID, want)
}

// Delete turns the rotation off.
func (t rotationScheduleType) Delete(s api.StackContext, r api.Resource) error {
	_, err := t.cancelRotateSecret(s.Call, secretIDInput{r.PhysicalID})
	return api.Ignore(err, notFoundCode)
}
