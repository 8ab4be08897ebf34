package cloudwatch

import (
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// tagRules are those of an alarm's tags.
//
// Source: CloudWatch API reference, PutMetricAlarm and Tag.
var tagRules = api.TagRules{Key: 128, Value: 256, Most: 50}

func checkTags(tags []api.Tag) (map[string]string, error) { return tagRules.Check(tags, invalid) }

// onAlarm decides an action on the alarm with an ARN and gives it, with s.mu held
// by f.
func (s *Service) onAlarm(c api.Call, action, arn string, tags map[string]string, f func(*alarm) error) error {
	if err := s.authorize(c, action, arn, api.TagKeys(tags)); err != nil {
		return err
	}
	name, known := strings.CutPrefix(arn, alarmARN(c.Place(), ""))
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.alarms[named{c.Place(), name}]
	if !known || a == nil {
		return api.Errorf(404, "ResourceNotFoundException", "Unknown resource: %s", arn)
	}
	return f(a)
}

type tagInput struct {
	ResourceARN string
	Tags        []api.Tag
}

func (s *Service) tag(c api.Call, in tagInput) (empty, error) {
	tags, err := checkTags(in.Tags)
	if err != nil {
		return empty{}, err
	}
	return empty{}, s.onAlarm(c, "TagResource", in.ResourceARN, tags, func(a *alarm) error {
		a.tags, err = tagRules.Change(a.tags, tags, nil, invalid)
		return err
	})
}

type untagInput struct {
	ResourceARN string
	TagKeys     []string
}

func (s *Service) untag(c api.Call, in untagInput) (empty, error) {
	return empty{}, s.onAlarm(c, "UntagResource", in.ResourceARN, nil, func(a *alarm) (err error) {
		a.tags, err = tagRules.Change(a.tags, nil, in.TagKeys, invalid)
		return err
	})
}

type resourceInput struct{ ResourceARN string }

type tagsOutput struct{ Tags []api.Tag }

func (s *Service) listTags(c api.Call, in resourceInput) (out tagsOutput, err error) {
	err = s.onAlarm(c, "ListTagsForResource", in.ResourceARN, nil, func(a *alarm) error {
		out.Tags = api.TagList(a.tags)
		return nil
	})
	return out, err
}
