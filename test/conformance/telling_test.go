package conformance

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/alarm"
	"github.com/s3seal/s3seal/internal/repair"
)

// replicationAlarms have each alarm on replication go off.
var replicationAlarms = map[string]func(*testing.T){
	alarm.ReplicationFailed().ID: replicationTells,
	alarm.ReplicationLate(1).ID:  lateReplicasTell,
}

func TestReplicationTells(t *testing.T) {
	t.Parallel()
	for id, goesOff := range replicationAlarms {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			goesOff(t)
		})
	}
}

// replicationTells: the role is denied, and people are told: by the object, and by
// the alarm. A repair replicates the object, and the alarm is over.
func replicationTells(t *testing.T) {
	f := deployTell(t)
	if got := f.upload(t, "before"); got != "COMPLETED" {
		t.Fatal(got)
	}
	if got := f.state(t, region, "ReplicationFailed"); got != "OK" {
		t.Errorf("while all is replicated the alarm is %s", got)
	}
	f.told(t)

	const deny = `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:ReplicateObject", "Resource": "*"}}`
	role := aws.String("tell-replication")
	if _, err := f.iam.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: role, PolicyName: aws.String("Stop"), PolicyDocument: aws.String(deny)}); err != nil {
		t.Fatal(err)
	}
	if got := f.upload(t, "lost"); got != "FAILED" {
		t.Fatal(got)
	}
	if got := f.told(t); len(got) != 1 || !strings.Contains(got[0], `"key":"lost"`) || !strings.Contains(got[0], `"failureReason":"DstPutObjectNotPermitted"`) {
		t.Errorf("the topic got of the object %q", got)
	}
	if got := f.state(t, region, "ReplicationFailed"); got != "ALARM" {
		t.Errorf("after a failure the alarm is %s", got)
	}
	if got := f.told(t); len(got) != 1 || !strings.Contains(got[0], `"NewStateValue":"ALARM"`) || !strings.Contains(got[0], "s3seal repair") {
		t.Errorf("the topic got of the alarm %q", got)
	}

	r := f.repairer(t)
	if causes := r.Causes(t.Context()); len(causes) != 1 || !strings.Contains(causes[0].Text, "tell-replication may not do what a replication needs, s3:ReplicateObject") {
		t.Errorf("%+v", causes)
	}
	if got := job(t, r); got.Failed != 1 || len(got.Failures) != 1 || got.Failures[0].Key != "lost" || !strings.Contains(got.Failures[0].Reason, "DstPutObjectNotPermitted") {
		t.Errorf("a job while the role is denied: %+v", got)
	}
	f.told(t)
	if _, err := f.iam.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: role, PolicyName: aws.String("Stop")}); err != nil {
		t.Fatal(err)
	}
	if causes := r.Causes(t.Context()); len(causes) != 0 {
		t.Errorf("%+v", causes)
	}
	plan, err := r.Plan(t.Context())
	if err != nil || plan.Eligible() != 1 || plan.Of[repair.Failed].Keys[0] != "lost" {
		t.Errorf("%v %+v", err, plan)
	}
	f.offset.Store(int64(10 * time.Minute))
	if got := job(t, r); got.Status != "Complete" || got.Tasks != 1 || got.Succeeded != 1 {
		t.Errorf("%+v", got)
	}
	if got := f.status(t, "lost"); got != "COMPLETED" {
		t.Error(got)
	}
	f.arrived(t, "lost")
	if got := f.state(t, region, "ReplicationFailed"); got != "OK" {
		t.Errorf("when the object is replicated the alarm is %s", got)
	}
	if got := f.told(t); len(got) != 1 || !strings.Contains(got[0], `"NewStateValue":"OK"`) {
		t.Errorf("the topic got %q", got)
	}
	if got := job(t, r); !got.Nothing {
		t.Errorf("%+v", got)
	}
}

// arrived checks that the replica's account can read the object.
func (f *tellStage) arrived(t *testing.T, key string) {
	t.Helper()
	cfg := config(t, f.s, f.s.Credentials(replica))
	cfg.Region = replicaRegion
	bucket := "tell-replica-" + replica + "-" + replicaRegion + "-an"
	out, err := s3.NewFromConfig(cfg).GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	if text, err := io.ReadAll(out.Body); err != nil || string(text) != "hello" {
		t.Errorf("%q %v", text, err)
	}
}

// lateReplicasTell: the alarm stands where the metric is.
func lateReplicasTell(t *testing.T) {
	f := deployTell(t)
	if got := f.state(t, replicaRegion, "ReplicationLate"); got == "ALARM" {
		t.Errorf("with nothing to replicate the alarm is %s", got)
	}
	f.s.HoldReplication(true)
	if _, err := f.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &f.bucket, Key: aws.String("k"), Body: strings.NewReader("hello")}); err != nil {
		t.Fatal(err)
	}
	for _, at := range []struct {
		minutes time.Duration
		late    bool
	}{{9, false}, {14, true}} { // 15 is what a client's clock may be off
		f.offset.Store(int64(at.minutes * time.Minute))
		if got := f.state(t, replicaRegion, "ReplicationLate"); (got == "ALARM") != at.late {
			t.Errorf("after %d minutes the alarm is %s", at.minutes, got)
		}
	}
	f.s.HoldReplication(false)
	if err := f.s.WaitReplication(t.Context()); err != nil {
		t.Fatal(err)
	}
}
