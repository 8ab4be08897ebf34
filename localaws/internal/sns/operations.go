package sns

import "github.com/s3seal/s3seal/localaws/internal/api"

// operations are all that there are; any other is refused by name.
//
// Source: Amazon SNS API reference, the pages of these names.
func (s *Service) operations() map[string]api.Operation {
	return map[string]api.Operation{
		"CreateTopic":               api.Op(s.createTopic),
		"DeleteTopic":               api.Op(s.deleteTopic),
		"GetSubscriptionAttributes": api.Op(s.getSubscriptionAttributes),
		"GetTopicAttributes":        api.Op(s.getTopicAttributes),
		"ListSubscriptions":         api.Op(s.listSubscriptions),
		"ListSubscriptionsByTopic":  api.Op(s.listSubscriptionsByTopic),
		"ListTagsForResource":       api.Op(s.listTags),
		"ListTopics":                api.Op(s.listTopics),
		"Publish":                   api.Op(s.publish),
		"SetSubscriptionAttributes": api.Op(s.setSubscriptionAttributes),
		"SetTopicAttributes":        api.Op(s.setTopicAttributes),
		"Subscribe":                 api.Op(s.subscribe),
		"TagResource":               api.Op(s.tag),
		"Unsubscribe":               api.Op(s.unsubscribe),
		"UntagResource":             api.Op(s.untag),
	}
}
