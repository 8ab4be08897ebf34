package sns

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type message struct {
	id, subject, text, key string
	time                   time.Time
}

// deliver hands a message to a subscriber, whose policy must let SNS in for the
// topic. One that can't be delivered is lost, and the log tells.
func (s *Service) deliver(x *subscription, p api.Place, m message) {
	c := api.ServiceCall("sns.amazonaws.com", "", p.Region, m.time).For(x.topic, p.Account)
	c.Trace = new(api.Trace)
	var err error
	switch x.protocol {
	case "sqs":
		body := m.text
		if !x.raw {
			body = m.notification(x)
		}
		err = s.opt.Queues.SendTo(c, x.endpoint, body)
	case "lambda":
		err = s.opt.InvokeLater(c, x.endpoint, m.event(x))
	}
	if err != nil {
		s.opt.Log.Entry(fmt.Sprintf("notification of %s to %s failed: %v", x.topic, x.endpoint, err), c.Trace.Denials()...)
	}
}

// unsigned stands where SNS has a signature: who checks it would ask a real
// endpoint for the certificate.
const unsigned = "the local AWS signs no notifications"

func (m message) when() string { return m.time.UTC().Format("2006-01-02T15:04:05.000Z") }

// notification is the text that a queue gets.
//
// Source: SNS developer guide, sns-sqs-as-subscriber.
func (m message) notification(x *subscription) string {
	text, _ := json.Marshal(struct {
		Type, MessageId, TopicArn                                                       string
		Subject                                                                         string `json:",omitempty"`
		Message, Timestamp, SignatureVersion, Signature, SigningCertURL, UnsubscribeURL string
	}{
		"Notification", m.id, x.topic, m.subject, m.text, m.when(), "1", unsigned, "", unsubscribe(x),
	})
	return string(text)
}

// event is what a function gets.
//
// Source: Lambda developer guide, with-sns.
func (m message) event(x *subscription) []byte {
	var subject *string
	if m.subject != "" {
		subject = &m.subject
	}
	text, _ := json.Marshal(map[string]any{"Records": []any{map[string]any{
		"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": x.arn,
		"Sns": map[string]any{
			"Type": "Notification", "MessageId": m.id, "TopicArn": x.topic, "Subject": subject, "Message": m.text, "Timestamp": m.when(),
			"SignatureVersion": "1", "Signature": unsigned, "SigningCertUrl": "", "UnsubscribeUrl": unsubscribe(x), "MessageAttributes": map[string]any{},
		},
	}}})
	return text
}

func unsubscribe(x *subscription) string { return "?Action=Unsubscribe&SubscriptionArn=" + x.arn }
