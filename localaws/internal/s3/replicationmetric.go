package s3

import (
	"fmt"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
)

// The metrics of replication, of rules that have them turned on.
//
// OperationsFailedReplication is published in the Region of the source bucket,
// for each operation: 1 if it failed, 0 if not, as its statistics say. The others
// are published in the Region of the destination, also if nothing happens. No page
// says in which account: here it is that of the source, whose bucket shows them in
// the console.
//
// Source: S3 user guide, repl-metrics and metrics-dimensions.
const (
	metricNamespace   = "AWS/S3"
	failedOperations  = "OperationsFailedReplication"
	pendingOperations = "OperationsPendingReplication"
	pendingBytes      = "BytesPendingReplication"
	latency           = "ReplicationLatency"
)

func ruleDimensions(source *bucket, r *configuration.ReplicationRule) map[string]string {
	return map[string]string{"SourceBucket": source.name, "DestinationBucket": r.DestinationBucket(), "RuleId": r.ID}
}

// countReplication publishes how one operation of a rule ended.
func (s *Service) countReplication(source *bucket, r *configuration.ReplicationRule, failed bool) {
	if s.opt.Metrics == nil || !r.Metered() {
		return
	}
	d := api.Datum{Name: failedOperations, Dimensions: ruleDimensions(source, r), Unit: "Count", Time: s.opt.Now()}
	if failed {
		d.Value = 1
	}
	s.opt.Metrics.Record(api.Place{Account: source.account, Region: source.region}, metricNamespace, d)
}

// backlog is what a rule has still to replicate.
type backlog struct {
	operations int
	bytes      int64
	oldest     time.Time
}

// ReportReplication publishes what is pending of each rule, which S3 does by the
// minute.
func (s *Service) ReportReplication() {
	if s.opt.Metrics == nil {
		return
	}
	pending := s.replication.backlogs()
	s.mu.RLock()
	var buckets []*bucket
	for _, b := range s.buckets {
		buckets = append(buckets, b)
	}
	s.mu.RUnlock()
	now := s.opt.Now()
	for _, b := range buckets {
		c := b.settings().Replication
		if c == nil {
			continue
		}
		for _, r := range c.Rules {
			destination, err := s.find(r.DestinationBucket())
			if err != nil || !r.Metered() {
				continue // not published once the destination is deleted
			}
			waits := pending[ruleOf{b, r.ID}]
			seconds := 0.0
			if waits.operations > 0 {
				seconds = max(0, now.Sub(waits.oldest).Seconds())
			}
			datum := func(name, unit string, value float64) api.Datum {
				return api.Datum{Name: name, Dimensions: ruleDimensions(b, &r), Unit: unit, Value: value, Time: now}
			}
			s.opt.Metrics.Record(api.Place{Account: b.account, Region: destination.region}, metricNamespace,
				datum(pendingOperations, "Count", float64(waits.operations)), datum(pendingBytes, "Bytes", float64(waits.bytes)), datum(latency, "Seconds", seconds))
		}
	}
}

type ruleOf struct {
	source *bucket
	id     string
}

// backlogs are those of the rules that have any.
func (r *replicator) backlogs() map[ruleOf]backlog {
	r.mu.Lock()
	tasks := append([]task(nil), r.tasks...)
	r.mu.Unlock()
	all := map[ruleOf]backlog{}
	for _, t := range tasks {
		v := t.bucket.read(t.key, t.version)
		if v == nil {
			continue
		}
		c := t.bucket.settings().Replication
		if c != nil {
			for _, rule := range c.RulesFor(v.object()) {
				b := all[ruleOf{t.bucket, rule.ID}]
				if b.operations++; t.kind == replicateObject {
					b.bytes += v.size
				}
				if b.oldest.IsZero() || t.added.Before(b.oldest) {
					b.oldest = t.added
				}
				all[ruleOf{t.bucket, rule.ID}] = b
			}
		}
		v.close()
	}
	return all
}

// tellFailed tells those who want to know of each object that isn't replicated.
// The pages have one value of s3Operation, OBJECT_PUT: other operations go
// without.
//
// Source: S3 user guide, replication-metrics-events.
func (s *Service) tellFailed(t task, v *reading, r *configuration.ReplicationRule, reason string) {
	if !r.Metered() {
		return
	}
	data := map[string]string{
		"replicationRuleId": r.ID, "destinationBucket": r.Destination.Bucket, "requestTime": eventTime(t.added), "failureReason": reason,
	}
	if t.kind == replicateObject && !v.marker {
		data["s3Operation"] = "OBJECT_PUT"
	}
	const itself = "s3.amazonaws.com"
	s.tell(t.bucket, "Replication:OperationFailedReplication", eventObject{Key: t.key, Size: v.size, ETag: v.etag, VersionID: t.version, Sequencer: fmt.Sprintf("%016X", s.sequence.Add(1))},
		cause{itself, itself, api.UUID()}, map[string]any{"replicationEventData": data})
}
