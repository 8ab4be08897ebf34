package sns

import "github.com/s3seal/s3seal/localaws/internal/api"

// tagRules are those of a topic's tags.
//
// Source: SNS developer guide, sns-tags.
var tagRules = api.TagRules{Key: 128, Value: 256, Most: 50}

func checkTags(tags []api.Tag) (map[string]string, error) { return tagRules.Check(tags, invalid) }

type tagInput struct {
	ResourceArn string
	Tags        []api.Tag
}

func (s *Service) tag(c api.Call, in tagInput) (empty, error) {
	tags, err := checkTags(in.Tags)
	if err != nil {
		return empty{}, err
	}
	return empty{}, s.onTopic(c, "TagResource", in.ResourceArn, api.TagKeys(tags), func(t *topic) error {
		t.tags, err = tagRules.Change(t.tags, tags, nil, invalid)
		return err
	})
}

type untagInput struct {
	ResourceArn string
	TagKeys     []string
}

func (s *Service) untag(c api.Call, in untagInput) (empty, error) {
	return empty{}, s.onTopic(c, "UntagResource", in.ResourceArn, nil, func(t *topic) (err error) {
		t.tags, err = tagRules.Change(t.tags, nil, in.TagKeys, invalid)
		return err
	})
}

type resourceInput struct{ ResourceArn string }

type tagsOutput struct{ Tags []api.Tag }

func (s *Service) listTags(c api.Call, in resourceInput) (out tagsOutput, err error) {
	err = s.onTopic(c, "ListTagsForResource", in.ResourceArn, nil, func(t *topic) error {
		out.Tags = api.TagList(t.tags)
		return nil
	})
	return out, err
}
