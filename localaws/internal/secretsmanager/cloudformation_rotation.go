package secretsmanager

import (
	"context"
	"encoding/json"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// scheduleProperties are the properties of
// AWS::SecretsManager::RotationSchedule.
type scheduleProperties struct {
	SecretId                  string
	RotationLambdaARN         string
	RotationRules             *rotationRules
	RotateImmediatelyOnUpdate *bool
}

// RotationScheduleProvider makes AWS::SecretsManager::RotationSchedule. Ref is
// the ARN of the secret.
//
// Source: CloudFormation template reference,
// AWS::SecretsManager::RotationSchedule.
type RotationScheduleProvider struct{ Service *Service }

var _ api.Provider = RotationScheduleProvider{}

// Create configures the rotation, and rotates the secret unless
// RotateImmediatelyOnUpdate is false. If that fails the secret has the rotation
// again that it had, and not the version that was begun.
func (p RotationScheduleProvider) Create(_ context.Context, s api.StackContext, _ string, properties json.RawMessage) (api.Resource, error) {
	var want scheduleProperties
	if err := api.DecodeProperties(properties, &want); err != nil {
		return api.Resource{}, err
	}
	token, undo := newUUID(), p.Service.keepRotation(s.Call, want.SecretId)
	out, err := p.Service.rotateSecret(s.Call, rotateSecretInput{
		SecretId: want.SecretId, ClientRequestToken: token, RotationLambdaARN: want.RotationLambdaARN,
		RotationRules: want.RotationRules, RotateImmediately: want.RotateImmediatelyOnUpdate,
	})
	if err != nil {
		undo(token)
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: out.ARN, Attributes: map[string]string{"Id": out.ARN}}, nil
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
func (p RotationScheduleProvider) Update(ctx context.Context, s api.StackContext, logicalID string, _ api.Resource, _, after json.RawMessage) (api.Resource, error) {
	return p.Create(ctx, s, logicalID, after)
}

// Delete turns the rotation off.
func (p RotationScheduleProvider) Delete(_ context.Context, s api.StackContext, _ string, r api.Resource) error {
	_, err := p.Service.cancelRotateSecret(s.Call, secretIDInput{r.PhysicalID})
	if isNotFound(err) {
		return nil
	}
	return err
}
