package sns

import (
	"slices"
	"unicode"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// maxMessage is the size of a message, in bytes.
//
// Source: SNS API reference, SetTopicAttributes, MaximumMessageSize.
const maxMessage = 262144

type publishInput struct{ TopicArn, TargetArn, Subject, Message string }

type publishOutput struct{ MessageId string }

func (s *Service) publish(c api.Call, in publishInput) (out publishOutput, err error) {
	switch {
	case in.TopicArn != "" && in.TargetArn != "":
		return out, invalid("TargetArn Reason: only one of TopicArn and TargetArn")
	case in.TopicArn == "":
		in.TopicArn = in.TargetArn
	}
	out.MessageId, err = s.send(c, in.TopicArn, in.Subject, in.Message)
	return out, err
}

// send publishes a message.
func (s *Service) send(c api.Call, topicARN, subject, text string) (id string, err error) {
	m := message{id: api.UUID(), subject: subject, text: text, time: s.opt.Now()}
	var to topic
	err = s.onTopic(c, "Publish", topicARN, nil, func(t *topic) error {
		to = *t
		to.subscriptions = slices.Clone(t.subscriptions)
		for i, x := range to.subscriptions {
			copied := *x
			to.subscriptions[i] = &copied
		}
		m.key = t.settings["KmsMasterKeyId"]
		return nil
	})
	if err != nil {
		return "", err
	}
	if err := m.check(c); err != nil {
		return "", err
	}
	if err := s.seal(c, &to, m.key); err != nil {
		return "", err
	}
	for _, x := range to.subscriptions {
		if !x.pending {
			s.deliver(x, to.place, m)
		}
	}
	return m.id, nil
}

// check refuses what no message can be. Source: SNS API reference, Publish.
func (m *message) check(c api.Call) error {
	switch {
	case m.text == "":
		return invalid("Empty message")
	case len(m.text) > maxMessage:
		return invalid("Message too long")
	case len(m.subject) > 100, slices.ContainsFunc([]rune(m.subject), func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }):
		return invalid("Subject")
	case m.key != "" && !c.Secure:
		return api.Errorf(403, "InvalidSecurity", "All requests to this topic must use HTTPS and SigV4.")
	}
	return nil
}
