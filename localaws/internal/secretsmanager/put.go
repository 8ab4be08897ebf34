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
func (s *Service) putSecretValue(c api.Call, in putSecretValueInput) (out versionOutput, err error) {
	v, err := in.value()
	if err != nil {
		return out, err
	}
	token, labels := in.ClientRequestToken, in.VersionStages
	_, err = s.change(c, "PutSecretValue", in.SecretId, nil, func(x *secret) error {
		if v == nil {
			return invalidRequest("You must provide either SecretString or SecretBinary.")
		}
		if err := checkToken(token); err != nil {
			return err
		}
		switch {
		case labels == nil:
			labels = []string{current}
		case len(labels) == 0 || len(labels) > maxLabels:
			return validation("1 validation error detected: Value at 'versionStages' failed to satisfy constraint: Member must have length between 1 and %d", maxLabels)
		}
		if ver := x.versions[token]; ver != nil && ver.value != nil {
			err = s.sameValue(c, x, ver, *v)
		} else {
			err = s.addVersion(c, x, token, *v, labels)
		}
		out = versionOutput{x.arn, x.name, token, x.stagesOf(token)}
		return err
	})
	return out, err
}

// sameValue refuses a token that a version with another value has.
func (s *Service) sameValue(c api.Call, x *secret, ver *version, v value) error {
	have, err := s.open(c, x, ver.id, ver.value)
	if err == nil && !have.equal(v) {
		err = tokenInUse(x, ver.id)
	}
	return err
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
func (s *Service) updateSecret(c api.Call, in updateSecretInput) (out versionOutput, err error) {
	v, err := in.value()
	if err != nil {
		return out, err
	}
	keys := map[string]iam.Strings{}
	if in.Description != nil {
		maps.Copy(keys, given("Description", *in.Description))
	}
	if in.KmsKeyId != nil {
		maps.Copy(keys, given("KmsKeyId", *in.KmsKeyId))
	}
	_, err = s.change(c, "UpdateSecret", in.SecretId, keys, func(x *secret) error {
		if v != nil {
			if err := checkToken(in.ClientRequestToken); err != nil {
				return err
			}
			if x.versions[in.ClientRequestToken] != nil {
				return tokenInUse(x, in.ClientRequestToken)
			}
		}
		oldKey := x.keyID
		if in.KmsKeyId != nil {
			if err := s.changeKey(c, x, *in.KmsKeyId); err != nil {
				return err
			}
		}
		out = versionOutput{ARN: x.arn, Name: x.name}
		if v != nil {
			if err := s.addVersion(c, x, in.ClientRequestToken, *v, []string{current}); err != nil {
				x.keyID = oldKey
				return err
			}
			out.VersionId = in.ClientRequestToken
		}
		if in.Description != nil {
			x.description = *in.Description
		}
		x.changed = s.opt.Now()
		return nil
	})
	return out, err
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
