package secretsmanager

import (
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type getSecretValueInput struct{ SecretId, VersionId, VersionStage string }

type getSecretValueOutput struct {
	ARN, Name     string
	CreatedDate   float64
	SecretBinary  []byte  `json:",omitempty"`
	SecretString  *string `json:",omitempty"`
	VersionId     string
	VersionStages []string
}

// getSecretValue reads a version: by id, by staging label, or by both, which
// must then agree; without either, AWSCURRENT.
//
// Source: API reference, GetSecretValue.
func (s *Service) getSecretValue(c api.Call, in getSecretValueInput) (out getSecretValueOutput, err error) {
	if in.VersionId == "" && in.VersionStage == "" {
		in.VersionStage = current
	}
	keys := given("VersionId", in.VersionId, "VersionStage", in.VersionStage)
	_, err = s.change(c, "GetSecretValue", in.SecretId, keys, func(x *secret) error {
		ver, err := x.pickVersion(in.VersionId, in.VersionStage)
		if err != nil {
			return err
		}
		v, err := s.open(c, x, ver.id, ver.value)
		if err != nil {
			return err
		}
		// AWS tells the day of the last access, not the time.
		ver.accessed = s.opt.Now().UTC().Truncate(24 * time.Hour)
		x.accessed = ver.accessed
		out = getSecretValueOutput{
			ARN: x.arn, Name: x.name, CreatedDate: api.EpochSeconds(ver.created),
			VersionId: ver.id, VersionStages: x.stagesOf(ver.id),
		}
		if v.binary {
			out.SecretBinary = v.data
		} else {
			text := string(v.data)
			out.SecretString = &text
		}
		return nil
	})
	return out, err
}

// pickVersion finds the version that a request names. A version without a
// value is as good as none.
func (x *secret) pickVersion(id, stage string) (*version, error) {
	if id == "" {
		ver := x.versions[x.labels[stage]]
		if ver == nil || ver.value == nil {
			return nil, notFound("Secrets Manager can't find the specified secret value for staging label: %s", stage)
		}
		return ver, nil
	}
	ver := x.versions[id]
	switch {
	case ver == nil || ver.value == nil:
		return nil, notFound("Secrets Manager can't find the specified secret value for VersionId: %s", id)
	case stage != "" && x.labels[stage] != id:
		return nil, invalidRequest("You provided a VersionStage that is not associated to the provided VersionId.")
	}
	return ver, nil
}
