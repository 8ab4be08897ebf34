package secretsmanager

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

type tag struct{ Key, Value string }

// maxTags is the number of tags of a secret.
//
// Source: API reference, TagResource.
const maxTags = 50

func newTags(list []tag) (map[string]string, error) {
	tags := map[string]string{}
	for _, t := range list {
		switch {
		case t.Key == "" || len(t.Key) > 127 || len(t.Value) > 255:
			return nil, invalidParameter("The tag key %q or its value has not the length that Secrets Manager takes.", t.Key)
		case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return nil, invalidParameter("The tag key %q begins with aws:, which is AWS's own.", t.Key)
		}
		if _, ok := tags[t.Key]; ok {
			return nil, invalidParameter("The tag key %q is given twice.", t.Key)
		}
		tags[t.Key] = t.Value
	}
	if len(tags) > maxTags {
		return nil, invalidParameter("A secret has at most %d tags.", maxTags)
	}
	return tags, nil
}

type tagResourceInput struct {
	SecretId string
	Tags     []tag
}

func (s *Service) tagResource(c api.Call, in tagResourceInput) (empty, error) {
	tags, err := newTags(in.Tags)
	if err != nil {
		return empty{}, err
	}
	return empty{}, s.changeTags(c, "TagResource", in.SecretId, tagKeys(tags), func(old map[string]string) { maps.Copy(old, tags) })
}

type untagResourceInput struct {
	SecretId string
	TagKeys  []string
}

func (s *Service) untagResource(c api.Call, in untagResourceInput) (empty, error) {
	keys := map[string]iam.Strings{"aws:TagKeys": slices.Clone(in.TagKeys)}
	return empty{}, s.changeTags(c, "UntagResource", in.SecretId, keys, func(old map[string]string) {
		for _, k := range in.TagKeys {
			delete(old, k)
		}
	})
}

func (s *Service) changeTags(c api.Call, action, id string, keys map[string]iam.Strings, change func(map[string]string)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, err := s.find(c, action, id, keys)
	if err != nil {
		return err
	}
	if err := x.needNotDeleted(); err != nil {
		return err
	}
	tags := maps.Clone(x.tags)
	change(tags)
	if len(tags) > maxTags {
		return invalidParameter("A secret has at most %d tags.", maxTags)
	}
	x.tags = tags
	return nil
}
