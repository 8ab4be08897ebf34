package stacks

import (
	"github.com/s3seal/s3seal/constructs/alarms"
	"github.com/s3seal/s3seal/constructs/replication"
	"github.com/s3seal/s3seal/internal/dashboard"
)

// dashboard is the body of the stage's dashboard. It stands in the stack that
// every stage has; what other stacks make has names that stages.yaml fixes.
func (b buckets) dashboard() string {
	s, d, w := b.stage, b.graphs, b.watched
	d.Stage, d.Region = s.Name, s.Source.Region
	for _, f := range w.Functions {
		d.Functions = append(d.Functions, dashboard.Function{Label: f.ID, Name: f.Name, Bucket: f.Bucket, Verb: f.Verb})
	}
	for _, q := range w.DeadLetters {
		d.Queues = append(d.Queues, dashboard.Named{Label: q.ID, Name: q.Name})
	}
	if w.RotateFunction != "" || w.SweepFunction != "" {
		d.Ring = &dashboard.Ring{Bucket: w.BucketName, Rotate: w.RotateFunction, Sweep: w.SweepFunction}
	}
	if r := s.Replica; r != nil {
		d.Replication = &dashboard.Replication{SourceBucket: r.SourceBucket, ReplicaBucket: r.ReplicaBucket, RuleID: replication.RuleID, ReplicaRegion: r.Region}
	}
	if w.Trail.LogGroup != "" {
		d.Denied = named(w.Trail.Buckets)
	}
	if *s.Logs.ServerAccess {
		d.Logs = append(d.Logs, dashboard.Named{Label: "server access logs", Name: s.LogBucket(s.Source)})
	}
	if *s.Logs.Inventory {
		d.Logs = append(d.Logs, dashboard.Named{Label: "inventory", Name: s.InventoryBucket(s.Source)})
	}
	return d.Body()
}

func named(list []alarms.Bucket) []dashboard.Named {
	var all []dashboard.Named
	for _, b := range list {
		all = append(all, dashboard.Named{Label: b.ID, Name: b.Name})
	}
	return all
}
