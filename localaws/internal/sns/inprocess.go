package sns

import "github.com/s3seal/s3seal/localaws/internal/api"

// PublishTo implements api.Topics.
func (s *Service) PublishTo(c api.Call, topicARN, subject, message string) error {
	_, err := s.send(c, topicARN, subject, message)
	return err
}
