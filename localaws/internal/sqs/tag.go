package sqs

import "github.com/s3seal/s3seal/localaws/internal/api"

// tagRules are those of a queue's tags.
//
// Source: SQS developer guide, sqs-queue-tags and quotas-queues.
var tagRules = api.TagRules{Key: 128, Value: 256, Most: 50}

func checkTags(tags map[string]string) (map[string]string, error) {
	return tagRules.Check(api.TagList(tags), invalid)
}

type tagInput struct {
	QueueUrl string
	Tags     map[string]string
}

func (s *Service) tagQueue(c api.Call, in tagInput) (empty, error) {
	if len(in.Tags) == 0 {
		return empty{}, missing("Tags")
	}
	tags, err := checkTags(in.Tags)
	if err != nil {
		return empty{}, err
	}
	return empty{}, s.onQueue(c, "TagQueue", in.QueueUrl, api.TagKeys(tags), func(q *queue) error {
		return q.retag(tags, nil)
	})
}

type untagInput struct {
	QueueUrl string
	TagKeys  []string
}

func (s *Service) untagQueue(c api.Call, in untagInput) (empty, error) {
	if len(in.TagKeys) == 0 {
		return empty{}, missing("TagKeys")
	}
	keys := map[string]string{}
	for _, k := range in.TagKeys {
		keys[k] = ""
	}
	asked := api.TagKeys(keys)
	for k := range keys {
		delete(asked, "aws:RequestTag/"+k)
	}
	return empty{}, s.onQueue(c, "UntagQueue", in.QueueUrl, asked, func(q *queue) error {
		return q.retag(nil, in.TagKeys)
	})
}

func (q *queue) retag(set map[string]string, gone []string) error {
	next, err := tagRules.Change(q.tags, set, gone, invalid)
	if err == nil {
		q.tags = next
	}
	return err
}

type tagsOutput struct {
	Tags map[string]string `json:",omitempty"`
}

func (s *Service) listQueueTags(c api.Call, in queueInput) (out tagsOutput, err error) {
	err = s.onQueue(c, "ListQueueTags", in.QueueUrl, nil, func(q *queue) error {
		out.Tags = q.tags
		return nil
	})
	return out, err
}
