package api

// Topics is what other services need of SNS. The topic is named by its ARN, and
// its policy and the caller's decide, and the policy of its key, as on a request.
type Topics interface {
	PublishTo(c Call, topicARN, subject, message string) error
}
