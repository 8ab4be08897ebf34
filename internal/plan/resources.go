package plan

import (
	"slices"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/policy"
)

// Resources is how many there are of what people review and pay for.
type Resources struct {
	Buckets       int `json:"buckets"` // of objects and of replicas
	LogBuckets    int `json:"logBuckets"`
	Keys          int `json:"keys"` // of KMS, customer managed; each is rotated
	Secrets       int `json:"secrets"`
	Functions     int `json:"functions"`
	Queues        int `json:"queues"`
	StateMachines int `json:"stateMachines"`
	Alarms        int `json:"alarms"`
	Dashboards    int `json:"dashboards"`
	Topics        int `json:"topics"`

	// ReplicationMetrics are those that S3 writes of a rule whether or not
	// anything is replicated: bytes and operations pending, and latency. No page
	// says which of the accounts pays for them; they are counted in the rule's.
	//
	// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
	ReplicationMetrics int `json:"replicationMetrics"`
}

// counted yields each count with the name of one.
func (r Resources) counted() []counted {
	return []counted{
		{r.Buckets, "bucket"}, {r.LogBuckets, "log bucket"}, {r.Keys, "key"}, {r.Secrets, "secret"}, {r.Functions, "function"},
		{r.Queues, "queue"}, {r.StateMachines, "state machine"}, {r.Alarms, "alarm"}, {r.Dashboards, "dashboard"}, {r.Topics, "topic"}, {r.ReplicationMetrics, "replication metric"},
	}
}

type counted struct {
	n    int
	name string
}

func (r Resources) plus(o Resources) Resources {
	return Resources{
		r.Buckets + o.Buckets, r.LogBuckets + o.LogBuckets, r.Keys + o.Keys, r.Secrets + o.Secrets, r.Functions + o.Functions,
		r.Queues + o.Queues, r.StateMachines + o.StateMachines, r.Alarms + o.Alarms, r.Dashboards + o.Dashboards, r.Topics + o.Topics,
		r.ReplicationMetrics + o.ReplicationMetrics,
	}
}

// inSource counts what the stage has in its source environment.
func inSource(s *stage.Stage) Resources {
	r := logResources(s)
	for _, p := range s.Patterns {
		r = r.plus(ofPattern(s, p))
	}
	if s.Replica != nil {
		r.Buckets++
		r.ReplicationMetrics += 3
		if s.Replica.SourceEncryption.Traits().Key == encryption.CustomerManaged {
			r.Keys++
		}
	}
	return r.plus(alarmsInSource(s, r))
}

func ofPattern(s *stage.Stage, p encryption.Pattern) Resources {
	r, o := Resources{}, s.Bucket(p)
	if o.Existing == nil {
		r.Buckets++
	}
	if o.CMK != nil && o.CMK.KMSKeyARN == "" {
		r.Keys++
	}
	if *o.Functions {
		r.Functions += len(s.Functions.Verbs)
		if s.Functions.Queue && slices.Contains(s.Functions.Verbs, policy.VerbPut) {
			r.Queues += 2 // with that of dead letters
		}
	}
	if len(o.IngestFrom) > 0 {
		r.Functions++
		r.Queues += 2
	}
	if o.SSEC == nil {
		return r
	}
	if o.SSEC.SecretARN == "" {
		r.Secrets++
	}
	if o.SSEC.Rotation != nil {
		r.Functions++
	}
	if o.SSEC.Sweep != nil {
		r.Functions++
		if o.SSEC.Sweep.Engine == stage.SweepMap {
			r.StateMachines++
		}
	}
	return r
}

// inReplica counts what the stage has in its replica environment.
func inReplica(s *stage.Stage) Resources {
	r := logResources(s)
	r.Buckets++
	if s.Replica.KMSKeyARN == "" {
		r.Keys++
	}
	return r
}

// logResources counts the log buckets of one environment. Inventory lists are
// under a key of their own.
func logResources(s *stage.Stage) Resources {
	var r Resources
	if *s.Logs.ServerAccess {
		r.LogBuckets++
	}
	if *s.Logs.Inventory {
		r.LogBuckets++
		r.Keys++
	}
	return r
}
