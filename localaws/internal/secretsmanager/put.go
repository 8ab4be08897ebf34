package secretsmanager

import (
	"maps"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// maxValue is the size of a secret value, in bytes.
//
// Source: Secrets Manager user guide, reference_limits.
const maxValue = 65536

// valueInput is a secret value in a request.
type valueInput struct {
	SecretString *string
	SecretBinary []byte
}

// value is the value that the request gives; nil: none.
func (in valueInput) value() (*value, error) {
	v := &value{}
	switch {
	case in.SecretString != nil && in.SecretBinary != nil:
		return nil, invalidParameter("You can't specify both a binary secret value and a string secret value in the same secret.")
	case in.SecretString != nil:
		v.data = []byte(*in.SecretString)
	case in.SecretBinary != nil:
		v.binary, v.data = true, in.SecretBinary
	default:
		return nil, nil
	}
	if len(v.data) == 0 || len(v.data) > maxValue {
		name := "secretString"
		if v.binary {
			name = "secretBinary"
		}
		return nil, validation("1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have length between 1 and %d", name, maxValue)
	}
	return v, nil
}

// checkToken: the version id of a new version comes from the client. The SDKs
// make one when the program doesn't.
func checkToken(token string) error {
	switch {
	case token == "":
		return invalidRequest("You must provide a ClientRequestToken value. We recommend a UUID-type value.")
	case len(token) < 32 || len(token) > 64:
		return invalidParameter("ClientRequestToken must be 32-64 characters long.")
	}
	return nil
}

func tokenInUse(x *secret, token string) error {
	return exists("You can't use ClientRequestToken %s because that value is already in use for a version of secret %s.", token, x.arn)
}

// addVersion encrypts a value as a new version, or fills a version that a
// rotation has announced, and moves the labels to it. s.mu is held.
func (s *Service) addVersion(c api.Call, x *secret, id string, v value, labels []string) error {
	if x.labels[current] == "" && len(x.versions) == 0 {
		labels = append([]string{current}, labels...)
	}
	if err := x.checkLabels(labels); err != nil {
		return err
	}
	sealed, err := s.seal(c, x, id, v)
	if err != nil {
		return err
	}
	now := s.opt.Now()
	if ver := x.versions[id]; ver != nil {
		ver.value = sealed
	} else {
		x.versions[id] = &version{id: id, created: now, value: sealed}
	}
	for _, l := range labels {
		x.label(l, id)
	}
	x.changed = now
	x.removeDeprecated(now)
	return nil
}

type putSecretValueInput struct {
	SecretId, ClientRequestToken string
	valueInput
	VersionStages []string
}

// putSecretValue makes a version. The same token with the same value is the
// same request and does nothing; with another value it is an error.
//
// Source: API reference, PutSecretValue.
func (s *Service) putSecretValue(c api.Call, in putSecretValueInput) (versionOutput, error) {
	v, err := in.value()
	if err != nil {
		return versionOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x, err := s.find(c, "PutSecretValue", in.SecretId, nil)
	if err != nil {
		return versionOutput{}, err
	}
	if err := x.needNotDeleted(); err != nil {
		return versionOutput{}, err
	}
	if v == nil {
		return versionOutput{}, invalidRequest("You must provide either SecretString or SecretBinary.")
	}
	if err := checkToken(in.ClientRequestToken); err != nil {
		return versionOutput{}, err
	}
	labels := in.VersionStages
	switch {
	case in.VersionStages == nil:
		labels = []string{current}
	case len(labels) == 0 || len(labels) > maxLabels:
		return versionOutput{}, validation("1 validation error detected: Value at 'versionStages' failed to satisfy constraint: Member must have length between 1 and %d", maxLabels)
	}
	token := in.ClientRequestToken
	if ver := x.versions[token]; ver != nil && ver.value != nil {
		have, err := s.open(c, x, token, ver.value)
		if err != nil {
			return versionOutput{}, err
		}
		if !have.equal(*v) {
			return versionOutput{}, tokenInUse(x, token)
		}
	} else if err := s.addVersion(c, x, token, *v, labels); err != nil {
		return versionOutput{}, err
	}
	return versionOutput{x.arn, x.name, token, x.stagesOf(token)}, nil
}

type updateSecretInput struct {
	SecretId, ClientRequestToken string
	Description, KmsKeyId        *string
	valueInput
}

// updateSecret changes description, key and value. A token that a version has
// already is an error, whatever the value is.
//
// Source: API reference, UpdateSecret.
func (s *Service) updateSecret(c api.Call, in updateSecretInput) (versionOutput, error) {
	v, err := in.value()
	if err != nil {
		return versionOutput{}, err
	}
	keys := map[string]iam.Strings{}
	if in.Description != nil {
		maps.Copy(keys, given("secretsmanager:Description", *in.Description))
	}
	if in.KmsKeyId != nil {
		maps.Copy(keys, given("secretsmanager:KmsKeyId", *in.KmsKeyId))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x, err := s.find(c, "UpdateSecret", in.SecretId, keys)
	if err != nil {
		return versionOutput{}, err
	}
	if err := x.needNotDeleted(); err != nil {
		return versionOutput{}, err
	}
	if v != nil {
		if err := checkToken(in.ClientRequestToken); err != nil {
			return versionOutput{}, err
		}
		if x.versions[in.ClientRequestToken] != nil {
			return versionOutput{}, tokenInUse(x, in.ClientRequestToken)
		}
	}
	oldKey := x.keyID
	if in.KmsKeyId != nil {
		if err := s.changeKey(c, x, *in.KmsKeyId); err != nil {
			return versionOutput{}, err
		}
	}
	out := versionOutput{ARN: x.arn, Name: x.name}
	if v != nil {
		if err := s.addVersion(c, x, in.ClientRequestToken, *v, []string{current}); err != nil {
			x.keyID = oldKey
			return versionOutput{}, err
		}
		out.VersionId = in.ClientRequestToken
	}
	if in.Description != nil {
		x.description = *in.Description
	}
	x.changed = s.opt.Now()
	return out, nil
}

// changeKey gives the secret another KMS key.
func (s *Service) changeKey(c api.Call, x *secret, keyID string) error {
	if keyID == managedKeyAlias {
		keyID = ""
	}
	if keyID == x.keyID {
		return nil
	}
	arn, err := s.keyARN(x, keyID)
	if err != nil {
		return encryptionFailure(err)
	}
	if err := s.checkKeyAccess(c, x, arn); err != nil {
		return err
	}
	s.rewrap(c, x, arn)
	x.keyID = keyID
	return nil
}
