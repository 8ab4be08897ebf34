package secretsmanager

import (
	"context"
	"encoding/json"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// policyProperties are the properties of AWS::SecretsManager::ResourcePolicy.
type policyProperties struct {
	SecretId          string
	ResourcePolicy    json.RawMessage
	BlockPublicPolicy *bool
}

// ResourcePolicyProvider makes AWS::SecretsManager::ResourcePolicy. Ref is the
// ARN of the secret.
//
// Source: CloudFormation template reference, AWS::SecretsManager::ResourcePolicy.
type ResourcePolicyProvider struct{ Service *Service }

var _ api.Provider = ResourcePolicyProvider{}

// Create puts the policy on the secret.
func (p ResourcePolicyProvider) Create(_ context.Context, s api.StackContext, _ string, properties json.RawMessage) (api.Resource, error) {
	var want policyProperties
	if err := api.DecodeProperties(properties, &want); err != nil {
		return api.Resource{}, err
	}
	out, err := p.Service.putResourcePolicy(s.Call, putResourcePolicyInput{want.SecretId, string(want.ResourcePolicy), want.BlockPublicPolicy})
	if err != nil {
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: out.ARN, Attributes: map[string]string{"Id": out.ARN}}, nil
}

// Update replaces the policy. With another SecretId the policy of that secret
// is made, and the old one deleted later.
func (p ResourcePolicyProvider) Update(ctx context.Context, s api.StackContext, logicalID string, _ api.Resource, _, after json.RawMessage) (api.Resource, error) {
	return p.Create(ctx, s, logicalID, after)
}

// Delete takes the policy off the secret.
func (p ResourcePolicyProvider) Delete(_ context.Context, s api.StackContext, _ string, r api.Resource) error {
	_, err := p.Service.deleteResourcePolicy(s.Call, secretIDInput{r.PhysicalID})
	if isNotFound(err) {
		return nil
	}
	return err
}
