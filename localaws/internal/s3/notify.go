package s3

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// created are the events of the operations that make an object.
var created = map[string]string{
	"PutObject": "ObjectCreated:Put", "PostObject": "ObjectCreated:Post", "CopyObject": "ObjectCreated:Copy",
	"CompleteMultipartUpload": "ObjectCreated:CompleteMultipartUpload",
}

// setNotification checks what S3 checks of a configuration: that the queues and
// topics accept a test message and the functions' policies let S3 in, for this
// bucket. Nothing changes if one of them doesn't.
//
// Source: S3 API reference, PutBucketNotificationConfiguration.
func (s *Service) setNotification(b *bucket, n *configuration.Notification, unchecked bool) error {
	if err := n.Check(); err != nil {
		return err
	}
	if !unchecked {
		test, _ := json.Marshal(struct{ Service, Event, Time, Bucket, RequestId, HostId string }{
			"Amazon S3", "s3:TestEvent", eventTime(s.opt.Now()), b.name, api.UUID(), HostID,
		})
		for _, r := range n.All() {
			if err := s.sendTo(s.notifier(b), r, test, true); err != nil {
				refusal := fault.InvalidArgument("Unable to validate the following destination configurations", r.Destination(), err.Error())
				refusal.Cause = err.Error()
				return refusal
			}
		}
	}
	return b.change(func(c *configuration.Bucket) error { c.Notification = n; return nil })
}

// notifier is the call by which S3 sends events of a bucket.
func (s *Service) notifier(b *bucket) api.Call {
	c := api.ServiceCall("s3.amazonaws.com", "", b.region, s.opt.Now()).For(b.arn(""), b.account)
	c.Trace = new(api.Trace)
	return c
}

// sendTo sends a message to the destination of a rule. A function is not invoked
// for a test.
func (s *Service) sendTo(c api.Call, r configuration.NotificationRule, message []byte, test bool) error {
	switch {
	case strings.HasSuffix(r.Queue, ".fifo"):
		return fmt.Errorf("FIFO queues aren't supported as an event notification destination: %s", r.Queue)
	case strings.HasSuffix(r.Topic, ".fifo"):
		return fmt.Errorf("FIFO topics aren't supported as an event notification destination: %s", r.Topic)
	case r.Queue != "":
		return s.opt.Queues.SendTo(c, r.Queue, string(message))
	case r.Topic != "":
		return s.opt.Topics.PublishTo(c, r.Topic, "Amazon S3 Notification", string(message))
	case r.CloudFunction != "" && test:
		return s.opt.InvokeLater(c, r.CloudFunction, nil)
	case r.CloudFunction != "":
		return s.opt.InvokeLater(c, r.CloudFunction, message)
	}
	return nil
}

type eventObject struct {
	Key       string `json:"key"`
	Size      int64  `json:"size,omitempty"`
	ETag      string `json:"eTag,omitempty"`
	VersionID string `json:"versionId,omitempty"`
	Sequencer string `json:"sequencer"`
}

// notifyRemoved tells of a version that is gone, or of a delete marker.
func (s *Service) notifyRemoved(rq *request, b *bucket, key, asked string, d deletion) {
	switch {
	case d.nothing:
	case asked == "" && d.marker:
		s.notify(rq, b, "ObjectRemoved:DeleteMarkerCreated", eventObject{Key: key, VersionID: d.versionID})
	default:
		s.notify(rq, b, "ObjectRemoved:Delete", eventObject{Key: key, VersionID: d.versionID})
	}
}

// cause is who or what caused an event.
type cause struct{ principal, address, requestID string }

func (s *Service) causeOf(rq *request) cause {
	id, err := s.opt.UserID(rq.Call.Caller)
	if err != nil {
		id = rq.Call.Caller.Service()
	}
	c := cause{principal: id, requestID: rq.Call.RequestID}
	if list := rq.Call.Context["aws:SourceIp"]; len(list) > 0 {
		c.address = list[0]
	}
	return c
}

// notify sends an event of a request, before the answer to it.
func (s *Service) notify(rq *request, b *bucket, event string, o eventObject) {
	n := b.settings().Notification
	if n == nil {
		return
	}
	o.Sequencer = fmt.Sprintf("%016X", s.sequence.Add(1))
	s.tell(b, event, o, s.causeOf(rq), nil)
	if n.EventBridge != nil && s.opt.Events != nil {
		s.publish(rq, b, event, o)
	}
}

// tell sends an event to whom the bucket's configuration says. One that can't be
// sent is lost, and the log tells. more are members of the event besides those of
// every event.
//
// Source: S3 user guide, notification-content-structure.
func (s *Service) tell(b *bucket, event string, o eventObject, by cause, more map[string]any) {
	key := o.Key
	o.Key = strings.ReplaceAll(url.QueryEscape(key), "%2F", "/")
	for _, r := range b.settings().Notification.All() {
		if !r.Sends(event, key) {
			continue
		}
		record := s.eventRecord(by, b, r.ID, event, o)
		maps.Copy(record, more)
		message, _ := json.Marshal(map[string]any{"Records": []any{record}})
		c := s.notifier(b)
		if err := s.sendTo(c, r, message, false); err != nil {
			s.opt.Log.Entry(fmt.Sprintf("notification of %s of s3://%s/%s to %s failed: %v", event, b.name, key, r.Destination(), err), c.Trace.Denials()...)
		}
	}
}

func (s *Service) eventRecord(by cause, b *bucket, rule, event string, o eventObject) map[string]any {
	return map[string]any{
		"eventVersion": "2.6", "eventSource": "aws:s3", "awsRegion": b.region, "eventTime": eventTime(s.opt.Now()), "eventName": event,
		"userIdentity":      map[string]string{"principalId": by.principal},
		"requestParameters": map[string]string{"sourceIPAddress": by.address},
		"responseElements":  map[string]string{"x-amz-request-id": by.requestID, "x-amz-id-2": HostID},
		"s3": map[string]any{
			"s3SchemaVersion": "1.0", "configurationId": rule,
			"bucket": map[string]any{"name": b.name, "ownerIdentity": map[string]string{"principalId": CanonicalUserID(b.account)}, "arn": b.arn("")},
			"object": o,
		},
	}
}

func eventTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
