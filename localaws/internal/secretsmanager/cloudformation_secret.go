package secretsmanager

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// secretProperties are the properties of AWS::SecretsManager::Secret.
type secretProperties struct {
	Description          string
	GenerateSecretString *stringRules
	KmsKeyId             string
	Name                 string
	SecretString         *string
	Tags                 []tag
}

func readSecretProperties(raw json.RawMessage) (p secretProperties, err error) {
	if err = api.DecodeProperties(raw, &p); err == nil && p.GenerateSecretString != nil && p.SecretString != nil {
		err = validation("GenerateSecretString and SecretString exclude each other; keep one")
	}
	return p, err
}

// tagsOf are the tags of the resource with those of the stack.
func (p secretProperties) tagsOf(s api.StackContext) []tag {
	all := maps.Clone(s.Tags)
	if all == nil {
		all = map[string]string{}
	}
	for _, t := range p.Tags {
		all[t.Key] = t.Value
	}
	var tags []tag
	for _, k := range slices.Sorted(maps.Keys(all)) {
		tags = append(tags, tag{k, all[k]})
	}
	return tags
}

// SecretProvider makes AWS::SecretsManager::Secret. Ref and the attribute Id
// are the ARN.
//
// Source: CloudFormation template reference, AWS::SecretsManager::Secret.
type SecretProvider struct{ Service *Service }

var _ api.Provider = SecretProvider{}

// Create makes the secret. Without a value it stays empty.
func (p SecretProvider) Create(_ context.Context, s api.StackContext, logicalID string, properties json.RawMessage) (api.Resource, error) {
	want, err := readSecretProperties(properties)
	if err != nil {
		return api.Resource{}, err
	}
	text, err := p.Service.templateValue(s.Call, want)
	if err != nil {
		return api.Resource{}, err
	}
	in := createSecretInput{
		Name: want.Name, ClientRequestToken: newUUID(), Description: want.Description, KmsKeyId: want.KmsKeyId,
		valueInput: valueInput{SecretString: text}, Tags: want.tagsOf(s),
	}
	if in.Name == "" {
		in.Name = logicalID + "-" + randomText(12)
	}
	out, err := p.Service.createSecret(s.Call, in)
	if err != nil {
		return api.Resource{}, err
	}
	return secretResource(out.ARN), nil
}

func secretResource(arn string) api.Resource {
	return api.Resource{PhysicalID: arn, Attributes: map[string]string{"Id": arn}}
}

// templateValue is the value that the properties give; nil: none.
func (s *Service) templateValue(c api.Call, p secretProperties) (*string, error) {
	if p.GenerateSecretString == nil {
		return p.SecretString, nil
	}
	if err := s.authorizeNoSecret(c, "GetRandomPassword"); err != nil {
		return nil, err
	}
	text, err := p.GenerateSecretString.generate()
	if err != nil {
		return nil, err
	}
	return &text, nil
}

// Update changes the secret. A change of GenerateSecretString or SecretString
// makes a new version, a change of Name a new secret.
func (p SecretProvider) Update(ctx context.Context, s api.StackContext, logicalID string, r api.Resource, before, after json.RawMessage) (api.Resource, error) {
	old, err := readSecretProperties(before)
	if err != nil {
		return api.Resource{}, err
	}
	want, err := readSecretProperties(after)
	if err != nil {
		return api.Resource{}, err
	}
	if old.Name != want.Name {
		return p.Create(ctx, s, logicalID, after)
	}
	in := updateSecretInput{SecretId: r.PhysicalID, ClientRequestToken: newUUID()}
	if old.Description != want.Description {
		in.Description = &want.Description
	}
	if old.KmsKeyId != want.KmsKeyId {
		in.KmsKeyId = &want.KmsKeyId
	}
	if !reflect.DeepEqual(old.GenerateSecretString, want.GenerateSecretString) || !reflect.DeepEqual(old.SecretString, want.SecretString) {
		if in.SecretString, err = p.Service.templateValue(s.Call, want); err != nil {
			return api.Resource{}, err
		}
	}
	if in.Description != nil || in.KmsKeyId != nil || in.SecretString != nil {
		if _, err := p.Service.updateSecret(s.Call, in); err != nil {
			return api.Resource{}, err
		}
	}
	if err := p.Service.updateTags(s.Call, r.PhysicalID, want.tagsOf(s)); err != nil {
		return api.Resource{}, err
	}
	return r, nil
}

// updateTags makes the tags of the secret those that are wanted.
func (s *Service) updateTags(c api.Call, id string, want []tag) error {
	s.mu.Lock()
	have := map[string]string{}
	if _, x := s.lookup(c, id); x != nil {
		have = maps.Clone(x.tags)
	}
	s.mu.Unlock()
	gone := maps.Clone(have)
	var changed []tag
	for _, t := range want {
		if v, ok := have[t.Key]; !ok || v != t.Value {
			changed = append(changed, t)
		}
		delete(gone, t.Key)
	}
	if len(gone) > 0 {
		if _, err := s.untagResource(c, untagResourceInput{id, slices.Sorted(maps.Keys(gone))}); err != nil {
			return err
		}
	}
	if len(changed) == 0 {
		return nil
	}
	_, err := s.tagResource(c, tagResourceInput{id, changed})
	return err
}

// Delete removes the secret at once and for good, as CloudFormation does:
// github.com/aws-cloudformation/cloudformation-coverage-roadmap issue 1999.
func (p SecretProvider) Delete(_ context.Context, s api.StackContext, _ string, r api.Resource) error {
	_, err := p.Service.deleteSecret(s.Call, deleteSecretInput{SecretId: r.PhysicalID, ForceDeleteWithoutRecovery: true})
	return err
}
