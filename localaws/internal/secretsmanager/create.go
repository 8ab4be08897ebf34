package secretsmanager

import (
	"maps"
	"regexp"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type createSecretInput struct {
	Name, ClientRequestToken, Description, KmsKeyId string
	valueInput
	Tags []api.Tag
}

type versionOutput struct {
	ARN, Name     string
	VersionId     string   `json:",omitempty"`
	VersionStages []string `json:",omitempty"`
}

var nameForm = regexp.MustCompile(`^[a-zA-Z0-9/_+=.@-]{1,512}$`)

func invalidName() error {
	return validation("Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!")
}

// createSecret makes a secret, with its first version if a value is given. The
// caller needs the right to use the KMS key as well.
//
// Source: API reference, CreateSecret.
func (s *Service) createSecret(c api.Call, in createSecretInput) (versionOutput, error) {
	if !nameForm.MatchString(in.Name) {
		return versionOutput{}, invalidName()
	}
	tags, err := tagRules.Check(in.Tags, invalidParameter)
	if err != nil {
		return versionOutput{}, err
	}
	v, err := in.value()
	if err != nil {
		return versionOutput{}, err
	}
	if v != nil {
		if err := checkToken(in.ClientRequestToken); err != nil {
			return versionOutput{}, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	p := c.Place()
	now := s.opt.Now()
	x := &secret{
		name: in.Name, arn: newARN(p, in.Name), place: p, description: in.Description, keyID: in.KmsKeyId,
		created: now, changed: now, tags: tags,
		versions: map[string]*version{}, labels: map[string]string{},
	}
	if in.KmsKeyId == managedKeyAlias {
		x.keyID = ""
	}
	if err := s.authorizeCreate(c, x, in); err != nil {
		return versionOutput{}, err
	}
	if old := s.secrets[p][in.Name]; old != nil {
		return s.createAgain(c, old, in.ClientRequestToken, v)
	}
	if x.keyID != "" {
		arn, err := s.keyARN(x, x.keyID)
		if err != nil {
			return versionOutput{}, encryptionFailure(err)
		}
		if err := s.checkKeyAccess(c, x, arn); err != nil {
			return versionOutput{}, err
		}
	}
	out := versionOutput{ARN: x.arn, Name: x.name}
	if v != nil {
		if err := s.addVersion(c, x, in.ClientRequestToken, *v, []string{current}); err != nil {
			return versionOutput{}, err
		}
		out.VersionId = in.ClientRequestToken
	}
	if s.secrets[p] == nil {
		s.secrets[p] = map[string]*secret{}
	}
	s.secrets[p][x.name] = x
	return out, nil
}

func (s *Service) authorizeCreate(c api.Call, x *secret, in createSecretInput) error {
	keys := api.TagKeys(x.tags)
	maps.Copy(keys, given("Name", in.Name, "Description", in.Description, "KmsKeyId", in.KmsKeyId))
	if err := s.authorize(c, "CreateSecret", x, keys); err != nil {
		return err
	}
	if len(x.tags) > 0 {
		return s.authorize(c, "TagResource", x, keys)
	}
	return nil
}

// createAgain answers a repeated CreateSecret: the same token with the same
// value is the same request.
func (s *Service) createAgain(c api.Call, old *secret, token string, v *value) (versionOutput, error) {
	if !old.deletion.IsZero() {
		return versionOutput{}, invalidRequest("You can't create this secret because a secret with this name is already scheduled for deletion.")
	}
	ver := old.versions[token]
	if v == nil || ver == nil || ver.value == nil {
		return versionOutput{}, exists("The operation failed because the secret %s already exists.", old.name)
	}
	if err := s.sameValue(c, old, ver, *v); err != nil {
		return versionOutput{}, err
	}
	return versionOutput{ARN: old.arn, Name: old.name, VersionId: token}, nil
}
