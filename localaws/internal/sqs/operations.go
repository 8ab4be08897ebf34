package sqs

import "github.com/s3seal/s3seal/localaws/internal/api"

// operations are all that there are; any other is refused by name.
//
// Source: Amazon SQS API reference, the pages of these names.
func (s *Service) operations() map[string]api.JSONOperation {
	return map[string]api.JSONOperation{
		"ChangeMessageVisibility":      api.JSON(s.changeMessageVisibility),
		"ChangeMessageVisibilityBatch": api.JSON(s.changeMessageVisibilityBatch),
		"CreateQueue":                  api.JSON(s.createQueue),
		"DeleteMessage":                api.JSON(s.deleteMessage),
		"DeleteMessageBatch":           api.JSON(s.deleteMessageBatch),
		"DeleteQueue":                  api.JSON(s.deleteQueue),
		"GetQueueAttributes":           api.JSON(s.getQueueAttributes),
		"GetQueueUrl":                  api.JSON(s.getQueueURL),
		"ListDeadLetterSourceQueues":   api.JSON(s.listDeadLetterSourceQueues),
		"ListQueueTags":                api.JSON(s.listQueueTags),
		"ListQueues":                   api.JSON(s.listQueues),
		"PurgeQueue":                   api.JSON(s.purgeQueue),
		"ReceiveMessage":               api.JSON(s.receiveMessage),
		"SendMessage":                  api.JSON(s.sendMessage),
		"SendMessageBatch":             api.JSON(s.sendMessageBatch),
		"SetQueueAttributes":           api.JSON(s.setQueueAttributes),
		"TagQueue":                     api.JSON(s.tagQueue),
		"UntagQueue":                   api.JSON(s.untagQueue),
	}
}
