package s3

import (
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// publish sends an event of a request to EventBridge, whatever the bucket's rules
// for notifications are. Replications send none there.
//
// Source: S3 user guide, EventBridge, ev-events and ev-mapping-troubleshooting.
func (s *Service) publish(rq *request, b *bucket, event string, o eventObject) {
	object := map[string]any{"key": o.Key, "sequencer": o.Sequencer}
	if o.ETag != "" {
		object["size"], object["etag"] = o.Size, o.ETag
	}
	if o.VersionID != "" {
		object["version-id"] = o.VersionID
	}
	requester := rq.Call.Account
	if requester == "" {
		requester = rq.Call.Caller.Service()
	}
	detail := map[string]any{
		"version": "0", "event-version": "1.2", "bucket": map[string]string{"name": b.name}, "object": object,
		"request-id": rq.Call.RequestID, "requester": requester,
	}
	if address := s.causeOf(rq).address; address != "" {
		detail["source-ip-address"] = address
	}
	kind := "Object Created"
	detail["reason"] = map[string]string{"ObjectCreated:Post": "POST Object"}[event]
	if detail["reason"] == "" {
		detail["reason"] = rq.Operation
	}
	if what, removed := strings.CutPrefix(event, "ObjectRemoved:"); removed {
		kind, detail["reason"], detail["deletion-type"] = "Object Deleted", "DeleteObject", "Permanently Deleted"
		if what == "DeleteMarkerCreated" {
			detail["deletion-type"] = "Delete Marker Created"
		}
	}
	s.opt.Events.Publish(api.Place{Account: b.account, Region: b.region}, "aws.s3", kind, []string{b.arn("")}, detail)
}
