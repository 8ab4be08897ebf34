package test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/plan"
	"github.com/s3seal/s3seal/internal/template"
)

// The plan is made from the stages alone: it must be what the stacks make.
func TestPlanIsWhatTheTemplatesHave(t *testing.T) {
	got := map[string]plan.Resources{} // by stage and environment
	for _, s := range read(t, exampleAssembly(t)).Stacks {
		at := s.OfStage() + " " + s.Account + " " + s.Region
		r := got[at]
		count := func(n *int, typ string) { *n += len(s.ResourcesOfType(typ)) }
		if s.Name == s.OfStage()+"-logs" || s.Name == s.OfStage()+"-replicalogs" {
			count(&r.LogBuckets, "AWS::S3::Bucket")
		} else {
			count(&r.Buckets, "AWS::S3::Bucket")
		}
		count(&r.Keys, "AWS::KMS::Key")
		count(&r.Secrets, "AWS::SecretsManager::Secret")
		count(&r.Functions, "AWS::Lambda::Function")
		count(&r.Queues, "AWS::SQS::Queue")
		count(&r.StateMachines, "AWS::StepFunctions::StateMachine")
		count(&r.Alarms, "AWS::CloudWatch::Alarm")
		count(&r.Dashboards, "AWS::CloudWatch::Dashboard")
		count(&r.Topics, "AWS::SNS::Topic")
		for _, b := range s.ResourcesOfType("AWS::S3::Bucket") {
			r.ReplicationMetrics += 3 * rules(t, b)
		}
		got[at] = r
	}
	want := map[string]plan.Resources{}
	for _, s := range plan.New(loadStages(t, exampleStages).Stages).Stages {
		for _, e := range s.Environments {
			want[s.Stage+" "+e.Account+" "+e.Region] = e.Resources
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-plan +templates):\n%s", diff)
	}
}

// rules counts the rules of a bucket's replication that have metrics.
func rules(t *testing.T, b *template.Resource) int {
	t.Helper()
	list, err := b.Properties().Get("ReplicationConfiguration", "Rules").Default([]any{}).List()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range list {
		if status, err := r.Get("Destination", "Metrics", "Status").String(); err == nil && status == "Enabled" {
			n++
		}
	}
	return n
}
