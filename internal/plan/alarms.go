package plan

import (
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/stage"
)

// alarmsInSource counts what alarms have in the source environment beside r, which
// is all else there.
func alarmsInSource(s *stage.Stage, r Resources) Resources {
	a := s.Alarms
	if a == nil {
		return Resources{}
	}
	out := Resources{Alarms: functionAlarms(s, r) + ringAlarms(s) + r.Queues/2} // each pair of queues has dead letters
	for _, p := range s.Patterns {
		if p.Traits().Key == encryption.CustomerManaged {
			out.Alarms++ // one, on the quota of KMS
			break
		}
	}
	if a.TrailLogGroup != "" {
		out.Alarms += r.Buckets
	}
	if a.SilentLogDays > 0 {
		if *s.Logs.ServerAccess {
			out.Alarms++
		}
		if s.DailyInventory() {
			out.Alarms++
		}
	}
	if s.Replica != nil {
		out.Alarms++ // what fails
		if _, elsewhere := s.LatencyEnvironment(); !elsewhere && a.Replication.LatencyMinutes > 0 {
			out.Alarms++
		}
	}
	if a.Dashboard {
		out.Dashboards++
	}
	if a.TopicARN == "" {
		out.Topics, out.Keys = 1, 1
	}
	return out
}

// functionAlarms counts those on errors and throttling of each function but that
// which rotates, and with metrics on what services refuse to those with a verb.
func functionAlarms(s *stage.Stage, r Resources) int {
	functions := r.Functions
	verbs := functions
	if s.Has(encryption.SSEC) && s.Buckets.SSEC.Rotation != nil {
		functions, verbs = functions-1, verbs-1
	}
	if s.Has(encryption.SSEC) && s.Buckets.SSEC.Sweep != nil {
		verbs--
	}
	if s.Functions.Metrics {
		return 2*functions + verbs
	}
	return 2 * functions
}

// ringAlarms counts those on the key ring.
func ringAlarms(s *stage.Stage) int {
	if !s.Has(encryption.SSEC) {
		return 0
	}
	n := 0
	if s.Buckets.SSEC.Rotation != nil {
		n += 2 // it failed; the ring is nearly full
	}
	if s.Buckets.SSEC.Sweep != nil {
		n++ // an old key
	}
	return n
}

// inLatency counts what watches the replicas' latency in another Region.
func inLatency(s *stage.Stage) Resources {
	r := Resources{Alarms: 1}
	if s.Alarms.Replication.LatencyTopicARN == "" {
		r.Topics, r.Keys = 1, 1
	}
	return r
}
