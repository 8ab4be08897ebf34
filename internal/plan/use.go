package plan

import (
	"slices"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/price"
	"github.com/s3seal/s3seal/internal/stage"
)

// Use is something that costs by use, of which a plan can't say how much.
type Use struct {
	Name    string
	Charged string // by what
	Page    string
	has     func(s *stage.Stage, role string) bool
}

// uses is the table of what costs by use.
var uses = []Use{
	{"storage", "GB-month and request, of log buckets too", price.S3Page, func(_ *stage.Stage, role string) bool { return role != "latency" }},
	{"KMS requests", "request; a Bucket Key makes them few", price.KMSPage, func(s *stage.Stage, role string) bool {
		return role == "replica" || ownTopic(s, role) || role == "source" && (s.Replica != nil || *s.Logs.Inventory || slices.ContainsFunc(s.Patterns, func(p encryption.Pattern) bool { return p.Traits().IsKMS() }))
	}},
	{"inventory", "object listed, weekly or daily", price.S3Page, func(s *stage.Stage, role string) bool { return role != "latency" && *s.Logs.Inventory }},
	{"replication", "request, and GB between Regions", price.S3Page, func(s *stage.Stage, role string) bool { return s.Replica != nil && role == "source" }},
	{"replication time control", "GB replicated", price.S3Page, func(s *stage.Stage, role string) bool {
		return s.Replica != nil && s.Replica.TimeControl && role == "source"
	}},
	{"secret requests", "call of Secrets Manager", price.SecretsPage, func(s *stage.Stage, role string) bool { return s.Has(encryption.SSEC) && role == "source" }},
	{"functions", "request and GB-second", price.LambdaPage, withFunctions},
	{"function logs", "GB ingested and stored", price.CloudWatchPage, withFunctions},
	{"function metrics", "metric that a function has written in the month", price.CloudWatchPage, func(s *stage.Stage, role string) bool {
		return withFunctions(s, role) && (s.Functions.Metrics || s.Alarms != nil)
	}},
	{"messages", "message and delivery of the alarms' topics", "https://aws.amazon.com/sns/pricing/", ownTopic},
	{"metrics of denied uploads", "metric of a bucket that had some in the month", price.CloudWatchPage, func(s *stage.Stage, role string) bool {
		return role == "source" && s.Alarms != nil && s.Alarms.TrailLogGroup != ""
	}},
	{"events", "event of a log bucket", "https://aws.amazon.com/eventbridge/pricing/", func(s *stage.Stage, role string) bool {
		return role == "source" && s.Alarms != nil && s.Alarms.SilentLogDays > 0
	}},
	{"traces", "trace", "https://aws.amazon.com/xray/pricing/", func(s *stage.Stage, role string) bool { return withFunctions(s, role) && s.Functions.Tracing }},
	{"queues", "request", "https://aws.amazon.com/sqs/pricing/", func(s *stage.Stage, role string) bool { return role == "source" && inSource(s).Queues > 0 }},
	{"state machines", "state transition", price.StepFunctionsPage, func(s *stage.Stage, role string) bool { return role == "source" && inSource(s).StateMachines > 0 }},
}

func ownTopic(s *stage.Stage, role string) bool {
	switch role {
	case "source":
		return inSource(s).Topics > 0
	case "latency":
		return inLatency(s).Topics > 0
	}
	return false
}

func withFunctions(s *stage.Stage, role string) bool {
	return role == "source" && inSource(s).Functions > 0
}

// usesOf returns the names of what costs by use in an environment.
func usesOf(s *stage.Stage, role string) []string {
	var names []string
	for _, u := range uses {
		if u.has(s, role) {
			names = append(names, u.Name)
		}
	}
	return names
}
