package secretsmanager

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// tagRules are those of a secret.
//
// Source: API reference, TagResource.
var tagRules = api.TagRules{Key: 127, Value: 255, Most: 50}

type tagResourceInput struct {
	SecretId string
	Tags     []api.Tag
}

func (s *Service) tagResource(c api.Call, in tagResourceInput) (empty, error) {
	tags, err := tagRules.Check(in.Tags, invalidParameter)
	if err != nil {
		return empty{}, err
	}
	return empty{}, s.changeTags(c, "TagResource", in.SecretId, api.TagKeys(tags), tags, nil)
}

type untagResourceInput struct {
	SecretId string
	TagKeys  []string
}

func (s *Service) untagResource(c api.Call, in untagResourceInput) (empty, error) {
	keys := map[string]iam.Strings{"aws:TagKeys": in.TagKeys}
	return empty{}, s.changeTags(c, "UntagResource", in.SecretId, keys, nil, in.TagKeys)
}

func (s *Service) changeTags(c api.Call, action, id string, keys map[string]iam.Strings, set map[string]string, gone []string) error {
	_, err := s.change(c, action, id, keys, func(x *secret) error {
		tags, err := tagRules.Change(x.tags, set, gone, invalidParameter)
		if err == nil {
			x.tags = tags
		}
		return err
	})
	return err
}
