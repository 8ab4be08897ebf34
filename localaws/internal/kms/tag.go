package kms

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

type tag struct{ TagKey, TagValue string }

// maxTags is the number of tags of a key.
//
// Source: KMS developer guide, tagging-keys.
const maxTags = 50

func newTags(list []tag) (map[string]string, error) {
	tags := map[string]string{}
	for _, t := range list {
		switch {
		case t.TagKey == "" || len(t.TagKey) > 128 || len(t.TagValue) > 256:
			return nil, tagError("the tag key %q or its value has not the length that KMS takes", t.TagKey)
		case strings.HasPrefix(strings.ToLower(t.TagKey), "aws:"):
			return nil, tagError("the tag key %q begins with aws:, which is AWS's own", t.TagKey)
		}
		if _, ok := tags[t.TagKey]; ok {
			return nil, tagError("the tag key %q is given twice", t.TagKey)
		}
		tags[t.TagKey] = t.TagValue
	}
	if len(tags) > maxTags {
		return nil, tagError("a key has at most %d tags", maxTags)
	}
	return tags, nil
}

func tagError(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "TagException", format, args...)
}

type tagResourceInput struct {
	KeyId string
	Tags  []tag
}

func (s *Service) tagResource(c api.Call, in tagResourceInput) (empty, error) {
	tags, err := newTags(in.Tags)
	if err != nil {
		return empty{}, err
	}
	return empty{}, s.changeTags(c, "kms:TagResource", in.KeyId, tagKeys(tags), func(old map[string]string) { maps.Copy(old, tags) })
}

type untagResourceInput struct {
	KeyId   string
	TagKeys []string
}

func (s *Service) untagResource(c api.Call, in untagResourceInput) (empty, error) {
	conditions := map[string]iam.Strings{"aws:TagKeys": slices.Clone(in.TagKeys)}
	return empty{}, s.changeTags(c, "kms:UntagResource", in.KeyId, conditions, func(old map[string]string) {
		for _, k := range in.TagKeys {
			delete(old, k)
		}
	})
}

func (s *Service) changeTags(c api.Call, action, id string, conditions map[string]iam.Strings, change func(map[string]string)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.findOwn(c, action, id)
	if err != nil {
		return err
	}
	if err := s.authorize(c, action, t, conditions); err != nil {
		return err
	}
	if err := t.key.needNotPending(); err != nil {
		return err
	}
	tags := maps.Clone(t.key.tags)
	change(tags)
	if len(tags) > maxTags {
		return tagError("a key has at most %d tags", maxTags)
	}
	t.key.tags = tags
	return nil
}

type listResourceTagsInput struct {
	KeyId  string
	Limit  int
	Marker string
}

type listResourceTagsOutput struct {
	Tags       []tag
	NextMarker string `json:",omitempty"`
	Truncated  bool
}

func (s *Service) listResourceTags(c api.Call, in listResourceTagsInput) (listResourceTagsOutput, error) {
	tags := []tag{}
	err := s.onOwnKey(c, "kms:ListResourceTags", in.KeyId, func(k *key) error {
		for _, name := range slices.Sorted(maps.Keys(k.tags)) {
			tags = append(tags, tag{name, k.tags[name]})
		}
		return nil
	})
	if err != nil {
		return listResourceTagsOutput{}, err
	}
	cut, next, err := page(tags, pageInput{in.Limit, in.Marker})
	return listResourceTagsOutput{cut, next, next != ""}, err
}
