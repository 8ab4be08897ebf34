package kms

import (
	"net/http"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// tag is a tag as KMS writes it; the name of neither member is that of others.
type tag struct{ TagKey, TagValue string }

func kmsTags(list []api.Tag) []tag {
	tags := []tag{}
	for _, t := range list {
		tags = append(tags, tag{t.Key, t.Value})
	}
	return tags
}

// tagRules are those of a key.
//
// Source: KMS developer guide, tagging-keys.
var tagRules = api.TagRules{Key: 128, Value: 256, Most: 50}

func newTags(list []tag) (map[string]string, error) {
	var tags []api.Tag
	for _, t := range list {
		tags = append(tags, api.Tag{Key: t.TagKey, Value: t.TagValue})
	}
	return tagRules.Check(tags, tagError)
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
	return empty{}, s.changeTags(c, "kms:TagResource", in.KeyId, api.TagKeys(tags), tags, nil)
}

type untagResourceInput struct {
	KeyId   string
	TagKeys []string
}

func (s *Service) untagResource(c api.Call, in untagResourceInput) (empty, error) {
	keys := map[string]iam.Strings{"aws:TagKeys": in.TagKeys}
	return empty{}, s.changeTags(c, "kms:UntagResource", in.KeyId, keys, nil, in.TagKeys)
}

func (s *Service) changeTags(c api.Call, action, id string, keys map[string]iam.Strings, set map[string]string, gone []string) error {
	return s.onOwnKey(c, action, id, keys, func(k *key) error {
		if err := k.needNotPending(); err != nil {
			return err
		}
		tags, err := tagRules.Change(k.tags, set, gone, tagError)
		if err == nil {
			k.tags = tags
		}
		return err
	})
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
	var tags []tag
	err := s.onOwnKey(c, "kms:ListResourceTags", in.KeyId, nil, func(k *key) error {
		tags = kmsTags(api.TagList(k.tags))
		return nil
	})
	if err != nil {
		return listResourceTagsOutput{}, err
	}
	cut, next, err := page(tags, pageInput{in.Limit, in.Marker})
	return listResourceTagsOutput{cut, next, next != ""}, err
}
