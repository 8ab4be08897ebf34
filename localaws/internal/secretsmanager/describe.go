package secretsmanager

import (
	"maps"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// secretDescription is what DescribeSecret and ListSecrets have in common.
type secretDescription struct {
	ARN, Name         string
	CreatedDate       float64
	DeletedDate       float64        `json:",omitempty"`
	Description       string         `json:",omitempty"`
	KmsKeyId          string         `json:",omitempty"`
	LastAccessedDate  float64        `json:",omitempty"`
	LastChangedDate   float64        `json:",omitempty"`
	LastRotatedDate   float64        `json:",omitempty"`
	NextRotationDate  float64        `json:",omitempty"`
	RotationEnabled   bool           `json:",omitempty"`
	RotationLambdaARN string         `json:",omitempty"`
	RotationRules     *rotationRules `json:",omitempty"`
	Tags              []api.Tag      `json:",omitempty"`
}

func (x *secret) describe() secretDescription {
	d := secretDescription{
		ARN: x.arn, Name: x.name, Description: x.description, KmsKeyId: x.keyID,
		CreatedDate: api.EpochSeconds(x.created), LastChangedDate: api.EpochSeconds(x.changed),
		RotationEnabled: x.rotation.enabled, RotationLambdaARN: x.rotation.function, RotationRules: x.rotation.rules,
		Tags: api.TagList(x.tags),
	}
	if !x.deletion.IsZero() {
		d.DeletedDate = api.EpochSeconds(x.deletion)
	}
	if !x.accessed.IsZero() {
		d.LastAccessedDate = api.EpochSeconds(x.accessed)
	}
	if !x.rotation.last.IsZero() {
		d.LastRotatedDate = api.EpochSeconds(x.rotation.last)
	}
	if !x.rotation.next.IsZero() {
		d.NextRotationDate = api.EpochSeconds(x.rotation.next)
	}
	return d
}

// stages gives the staging labels of every version that has one.
func (x *secret) stages() map[string][]string {
	m := map[string][]string{}
	for _, id := range x.labels {
		m[id] = x.stagesOf(id)
	}
	return m
}

type secretIDInput struct{ SecretId string }

type describeSecretOutput struct {
	secretDescription
	VersionIdsToStages map[string][]string `json:",omitempty"`
}

func (s *Service) describeSecret(c api.Call, in secretIDInput) (out describeSecretOutput, err error) {
	_, err = s.look(c, "DescribeSecret", in.SecretId, nil, func(x *secret) error {
		out = describeSecretOutput{x.describe(), x.stages()}
		return nil
	})
	return out, err
}

func page[T any](items []T, size int, token string) ([]T, string, error) {
	cut, next, ok := api.Page(items, size, token)
	if !ok {
		return nil, "", api.Errorf(400, "InvalidNextTokenException", "The NextToken value is invalid.")
	}
	return cut, next, nil
}

type listSecretsInput struct {
	IncludePlannedDeletion bool
	MaxResults             int
	NextToken              string
}

type secretListEntry struct {
	secretDescription
	SecretVersionsToStages map[string][]string `json:",omitempty"`
}

type listSecretsOutput struct {
	SecretList []secretListEntry
	NextToken  string `json:",omitempty"`
}

func (s *Service) listSecrets(c api.Call, in listSecretsInput) (listSecretsOutput, error) {
	if err := s.authorizeNoSecret(c, "ListSecrets"); err != nil {
		return listSecretsOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	entries := []secretListEntry{}
	secrets := s.secrets[c.Place()]
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		if x := secrets[name]; x.deletion.IsZero() || in.IncludePlannedDeletion {
			entries = append(entries, secretListEntry{x.describe(), x.stages()})
		}
	}
	cut, next, err := page(entries, in.MaxResults, in.NextToken)
	return listSecretsOutput{cut, next}, err
}

type listSecretVersionIdsInput struct {
	SecretId, NextToken string
	IncludeDeprecated   bool
	MaxResults          int
}

type versionListEntry struct {
	CreatedDate      float64
	LastAccessedDate float64  `json:",omitempty"`
	KmsKeyIds        []string `json:",omitempty"`
	VersionId        string
	VersionStages    []string `json:",omitempty"`
}

type listSecretVersionIdsOutput struct {
	ARN, Name string
	Versions  []versionListEntry
	NextToken string `json:",omitempty"`
}

// listSecretVersionIds lists the versions with staging labels, and the others
// only if asked for.
//
// Source: API reference, ListSecretVersionIds.
func (s *Service) listSecretVersionIds(c api.Call, in listSecretVersionIdsInput) (listSecretVersionIdsOutput, error) {
	entries := []versionListEntry{}
	secret, err := s.look(c, "ListSecretVersionIds", in.SecretId, nil, func(x *secret) error {
		for _, id := range slices.Sorted(maps.Keys(x.versions)) {
			v := x.versions[id]
			e := versionListEntry{CreatedDate: api.EpochSeconds(v.created), VersionId: id, VersionStages: x.stagesOf(id)}
			if len(e.VersionStages) == 0 && !in.IncludeDeprecated {
				continue
			}
			if !v.accessed.IsZero() {
				e.LastAccessedDate = api.EpochSeconds(v.accessed)
			}
			if v.value != nil {
				e.KmsKeyIds = v.value.keyIDs()
			}
			entries = append(entries, e)
		}
		return nil
	})
	if err != nil {
		return listSecretVersionIdsOutput{}, err
	}
	cut, next, err := page(entries, in.MaxResults, in.NextToken)
	return listSecretVersionIdsOutput{secret.ARN, secret.Name, cut, next}, err
}
