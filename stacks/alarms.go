package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/alarms"
	"github.com/s3seal/s3seal/constructs/dashboard"
	"github.com/s3seal/s3seal/constructs/replication"
	"github.com/s3seal/s3seal/constructs/topic"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/policy"
)

// receiver is who a stage's alarms of the source Region tell: a topic that exists,
// or, in a stack, the stage's own.
type receiver struct {
	*stack   // nil without a topic of the stage's own
	topicARN string
}

// newReceiver makes the stage's own topic, if it has one. All that publishes comes
// after it: S3 refuses to notify a topic that does not let it in.
func newReceiver(scope constructs.Construct, s *stage.Stage) receiver {
	switch {
	case s.Alarms == nil:
		return receiver{}
	case s.Alarms.TopicARN != "":
		return receiver{topicARN: s.Alarms.TopicARN}
	}
	r := receiver{stack: newStack(scope, s, "alarms", "the topic of the alarms", s.Source)}
	var buckets []string
	if s.Replica != nil && s.Alarms.Replication.FailedObjects {
		buckets = []string{s.Replica.SourceBucket}
	}
	r.topicARN = ownTopic(r.stack, s, s.Source, buckets)
	return r
}

// ownTopic makes the stage's own topic in a stack of an environment, and returns
// its ARN, which is known before.
func ownTopic(stack *stack, s *stage.Stage, e stage.Environment, notifiedBy []string) string {
	made := topic.New(stack.Stack, "Topic", topic.Props{
		Name: s.TopicName(), Emails: s.Alarms.Emails, NotifiedBy: notifiedBy, Administrators: administrators(s, e),
	})
	stack.output("TopicArn", "Topic of the alarms; try: aws sns list-subscriptions-by-topic --topic-arn <value>", made)
	stack.end()
	return policy.TopicARN(e.Partition(), e.Account, e.Region, s.TopicName())
}

// comeBefore makes the stack of what publishes wait for the topic.
func (r receiver) comeBefore(s awscdk.Stack) {
	if r.stack != nil {
		s.AddStackDependency(r.Stack, jsii.String("the topic must let in what publishes to it"))
	}
}

// alarm makes the alarms on what the buckets' stack has, if there are any.
func (b buckets) alarm() {
	a := b.stage.Alarms
	if a == nil {
		return
	}
	b.receiver.comeBefore(b.Stack)
	w := b.watched
	w.TopicARN, w.KeyAgeDays, w.FunctionErrors, w.KeyQuota = b.receiver.topicARN, a.KeyAgeDays, a.FunctionErrors, len(b.graphs.Keys) > 0
	w.Trail.LogGroup = a.TrailLogGroup
	if a.TrailLogGroup != "" {
		w.Trail.Buckets = b.all()
	}
	alarms.New(b.Stack, "Alarms", *w)
	if a.Dashboard {
		dashboard.New(b.Stack, "Dashboard", dashboard.Props{Name: b.stage.Prefix, Body: b.dashboard()})
	}
}

// all are the buckets of the source environment, but for log buckets.
func (b buckets) all() []alarms.Bucket {
	var list []alarms.Bucket
	for _, p := range b.stage.Patterns {
		list = append(list, alarms.Bucket{ID: p.Traits().ID, Name: b.stage.Bucket(p).Name})
	}
	if r := b.stage.Replica; r != nil {
		list = append(list, alarms.Bucket{ID: "Source", Name: r.SourceBucket})
	}
	return list
}

// silence makes the alarms on logs that don't come.
func (l logs) silence(r receiver) {
	s := l.stage
	if s.Alarms == nil || s.Alarms.SilentLogDays == 0 || l.stack == nil {
		return
	}
	r.comeBefore(l.Stack)
	var list []alarms.Bucket
	if *s.Logs.ServerAccess {
		list = append(list, alarms.Bucket{ID: "ServerAccess", Name: s.LogBucket(l.environment)})
	}
	if s.DailyInventory() {
		list = append(list, alarms.Bucket{ID: "Inventory", Name: s.InventoryBucket(l.environment)})
	}
	alarms.New(l.Stack, "Alarms", alarms.Props{TopicARN: r.topicARN, Logs: alarms.Logs{Buckets: list, SilentDays: s.Alarms.SilentLogDays}})
}

// alarmReplication makes the alarms on the stage's replication rule: in the stack
// of the source bucket, and for the latency, in one of the replica's Region.
func alarmReplication(stack awscdk.Stack, scope constructs.Construct, s *stage.Stage, r receiver) {
	if s.Alarms == nil {
		return
	}
	r.comeBefore(stack)
	minutes := s.Alarms.Replication.LatencyMinutes
	e, elsewhere := s.LatencyEnvironment()
	rule := alarms.Replication{SourceBucket: s.Replica.SourceBucket, ReplicaBucket: s.Replica.ReplicaBucket, RuleID: replication.RuleID}
	here := rule
	here.Failed = true
	if !elsewhere {
		here.LatencyMinutes = minutes
	}
	alarms.New(stack, "Alarms", alarms.Props{TopicARN: r.topicARN, Replication: here})
	if !elsewhere {
		return
	}
	there := newStack(scope, s, "latency", "the alarm on replicas that come late, where S3 publishes it", e)
	arn := s.Alarms.Replication.LatencyTopicARN
	if arn == "" {
		arn = ownTopic(there, s, e, nil)
	}
	rule.LatencyMinutes = minutes
	alarms.New(there.Stack, "Alarms", alarms.Props{TopicARN: arn, Replication: rule})
}
