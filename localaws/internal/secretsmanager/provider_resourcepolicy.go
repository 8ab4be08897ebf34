package secretsmanager

import (
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// policyProperties are the properties of AWS::SecretsManager::ResourcePolicy.
type policyProperties struct {
	SecretId          string
	ResourcePolicy    api.Policy
	BlockPublicPolicy *bool
}

// resourcePolicyType makes AWS::SecretsManager::ResourcePolicy. Ref is the ARN
// of the secret.
//
// Source: CloudFormation template reference, AWS::SecretsManager::ResourcePolicy.
type resourcePolicyType struct{ *Service }

func (t resourcePolicyType) Check(want policyProperties) error {
	if _, err := readPolicy(want.ResourcePolicy.Known()); err != nil {
		return api.At("ResourcePolicy", err)
	}
	return nil
}

// Create puts the policy on the secret.
func (t resourcePolicyType) Create(s api.StackContext, _ string, want policyProperties) (api.Resource, error) {
	out, err := t.putResourcePolicy(s.Call, putResourcePolicyInput{want.SecretId, string(want.ResourcePolicy), want.BlockPublicPolicy})
	if err != nil {
		return api.Resource{}, err
	}
	return secretResource(out.ARN), nil
}

// Update replaces the policy. With another SecretId the policy of that secret
// is made, and the old one deleted later.
func (t resourcePolicyType) Update(s api.StackContext, logicalID string, _ api.Resource, _, want policyProperties) (api.Resource, error) {
	return t.Create(s, logicalID, want)
}

// Delete removes the policy of the secret.
func (t resourcePolicyType) Delete(s api.StackContext, r api.Resource) error {
	_, err := t.deleteResourcePolicy(s.Call, secretIDInput{r.PhysicalID})
	return api.Ignore(err, notFoundCode)
}
