package events

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Publish implements api.Events.
func (s *Service) Publish(p api.Place, source, detailType string, resources []string, detail any) {
	now := s.opt.Now()
	text, err := json.Marshal(map[string]any{
		"version": "0", "id": api.UUID(), "detail-type": detailType, "source": source, "account": p.Account,
		"time": now.UTC().Format("2006-01-02T15:04:05Z"), "region": p.Region, "resources": resources, "detail": detail,
	})
	var event map[string]any
	if err != nil || json.Unmarshal(text, &event) != nil { // patterns compare what JSON has
		return
	}
	s.mu.Lock()
	var matched []rule
	for _, r := range s.of(p) {
		if !r.disabled && r.pattern.matches(event) {
			x := *r
			x.targets = slices.Clone(r.targets)
			matched = append(matched, x)
		}
	}
	s.mu.Unlock()
	for _, r := range matched {
		s.count(r, "MatchedEvents")
		for _, t := range r.targets {
			s.send(r, t, text)
		}
	}
}

// count publishes a metric of a rule.
//
// Source: EventBridge user guide, eb-monitoring.
func (s *Service) count(r rule, name string) {
	if s.opt.Metrics != nil {
		s.opt.Metrics.Record(r.place, "AWS/Events", api.Datum{Name: name, Unit: "Count", Dimensions: map[string]string{"RuleName": r.name}, Value: 1, Time: s.opt.Now()})
	}
}

// send sends an event to a target whose policy lets EventBridge in for the rule.
//
// Source: EventBridge user guide, eb-use-resource-based.
func (s *Service) send(r rule, t target, event []byte) {
	c := api.ServiceCall("events.amazonaws.com", "", r.place.Region, s.opt.Now()).For(r.arn, r.place.Account)
	c.Trace = new(api.Trace)
	var err error
	switch {
	case strings.Contains(t.Arn, ":sns:"):
		err = s.opt.Topics.PublishTo(c, t.Arn, "", string(event))
	case strings.Contains(t.Arn, ":sqs:"):
		err = s.opt.Queues.SendTo(c, t.Arn, string(event))
	default:
		err = s.opt.InvokeLater(c, t.Arn, event)
	}
	s.count(r, "Invocations")
	if err != nil {
		s.count(r, "FailedInvocations")
		s.opt.Log.Entry(fmt.Sprintf("an event of the rule %s to %s failed: %v", r.name, t.Arn, err), c.Trace.Denials()...)
	}
}
