package secretsmanager

import (
	"reflect"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// secretProperties are the properties of AWS::SecretsManager::Secret.
type secretProperties struct {
	Description          string
	GenerateSecretString *stringRules
	KmsKeyId             string
	Name                 string
	SecretString         *string
	Tags                 []api.Tag
}

// Validate implements api.Validator.
func (p *secretProperties) Validate() error {
	if p.GenerateSecretString != nil && p.SecretString != nil {
		return validation("GenerateSecretString and SecretString exclude each other; keep one")
	}
	return nil
}

// secretType makes AWS::SecretsManager::Secret. Ref and the attribute Id are
// the ARN.
//
// Source: CloudFormation template reference, AWS::SecretsManager::Secret.
type secretType struct{ *Service }

// Check makes a password and throws it away: rules that none can fulfil are
// found so.
func (t secretType) Check(want secretProperties) error {
	if want.Name != "" && !unknown(&want.Name) && !nameForm.MatchString(want.Name) {
		return api.At("Name", invalidName())
	}
	rules := want.GenerateSecretString
	if rules == nil || unknown(rules.SecretStringTemplate) || unknown(rules.GenerateStringKey) {
		return nil
	}
	if _, err := rules.generate(); err != nil {
		return api.At("GenerateSecretString", err)
	}
	return nil
}

func unknown(text *string) bool {
	return text != nil && strings.Contains(*text, api.NotYetKnown)
}

// Create makes the secret. Without a value it stays empty.
func (t secretType) Create(s api.StackContext, logicalID string, want secretProperties) (api.Resource, error) {
	text, err := t.value(s.Call, want)
	if err != nil {
		return api.Resource{}, err
	}
	in := createSecretInput{
		Name: want.Name, ClientRequestToken: api.UUID(), Description: want.Description, KmsKeyId: want.KmsKeyId,
		valueInput: valueInput{SecretString: text}, Tags: api.TagList(s.WithTags(want.Tags)),
	}
	if in.Name == "" {
		in.Name = logicalID + "-" + randomText(12)
	}
	out, err := t.createSecret(s.Call, in)
	if err != nil {
		return api.Resource{}, err
	}
	return secretResource(out.ARN), nil
}

func secretResource(arn string) api.Resource {
	return api.Resource{PhysicalID: arn, Attributes: map[string]string{"Id": arn}}
}

// value is the value that the properties give; nil: none.
func (t secretType) value(c api.Call, p secretProperties) (*string, error) {
	if p.GenerateSecretString == nil {
		return p.SecretString, nil
	}
	if err := t.authorizeNoSecret(c, "GetRandomPassword"); err != nil {
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
func (t secretType) Update(s api.StackContext, logicalID string, r api.Resource, old, want secretProperties) (api.Resource, error) {
	if old.Name != want.Name {
		return t.Create(s, logicalID, want)
	}
	in := updateSecretInput{SecretId: r.PhysicalID, ClientRequestToken: api.UUID()}
	if old.Description != want.Description {
		in.Description = &want.Description
	}
	if old.KmsKeyId != want.KmsKeyId {
		in.KmsKeyId = &want.KmsKeyId
	}
	if !reflect.DeepEqual(old.GenerateSecretString, want.GenerateSecretString) || !reflect.DeepEqual(old.SecretString, want.SecretString) {
		var err error
		if in.SecretString, err = t.value(s.Call, want); err != nil {
			return api.Resource{}, err
		}
	}
	if in.Description != nil || in.KmsKeyId != nil || in.SecretString != nil {
		if _, err := t.updateSecret(s.Call, in); err != nil {
			return api.Resource{}, err
		}
	}
	if err := t.updateTags(s.Call, r.PhysicalID, s.WithTags(want.Tags)); err != nil {
		return api.Resource{}, err
	}
	return r, nil
}

// updateTags makes the tags of the secret those that are wanted.
func (t secretType) updateTags(c api.Call, id string, want map[string]string) error {
	var have map[string]string
	t.mu.Lock()
	if _, x := t.lookup(c, id); x != nil {
		have = x.tags
	}
	t.mu.Unlock()
	return api.Retag(have, want,
		func(tags []api.Tag) error { _, err := t.tagResource(c, tagResourceInput{id, tags}); return err },
		func(keys []string) error { _, err := t.untagResource(c, untagResourceInput{id, keys}); return err })
}

// Delete removes the secret at once and for good, as CloudFormation does:
// github.com/aws-cloudformation/cloudformation-coverage-roadmap issue 1999.
func (t secretType) Delete(s api.StackContext, r api.Resource) error {
	_, err := t.deleteSecret(s.Call, deleteSecretInput{SecretId: r.PhysicalID, ForceDeleteWithoutRecovery: true})
	return err
}
