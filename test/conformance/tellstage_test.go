package conformance

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/s3seal/s3seal/internal/account"
	"github.com/s3seal/s3seal/internal/repair"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/localaws"
	"github.com/s3seal/s3seal/policy"
)

const replicaRegion = "eu-west-1" // of the stage tell

// tellStage is a deployed stage whose replication tells a topic, and a queue that
// gets what the topic gets.
type tellStage struct {
	s      *localaws.Server
	offset *atomic.Int64 // of the server's clock
	s3     *s3.Client
	iam    *iam.Client
	sqs    *sqs.Client
	queue  string
	bucket string
}

// deployTell deploys the stacks in the order of the CDK's CLI. Nothing here is
// bootstrapped, so the key's ARN is put in the place of the reference to it.
func deployTell(t *testing.T) tellStage {
	t.Helper()
	f := tellStage{offset: new(atomic.Int64)}
	now := func() time.Time { return time.Now().Add(time.Duration(f.offset.Load())) }
	f.s = startWith(t, localaws.Options{Accounts: []string{source, replica}, Regions: []string{region, replicaRegion}, Now: now})
	if _, err := f.s.AddRole(source, "cdk-hnb659fds-cfn-exec-role-"+source+"-"+region, policy.Document(policy.RepairTrust())); err != nil {
		t.Fatal(err)
	}
	here, there, abroad := newEndpoint(t, f.s, "cloudformation", source), newEndpoint(t, f.s, "cloudformation", replica), newEndpoint(t, f.s, "cloudformation", source)
	there.region, abroad.region = replicaRegion, replicaRegion
	createStackAt(t, here, "tell-alarms", stageStack(t, "tell-alarms", nil))
	createStackAt(t, here, "tell-logs", stageStack(t, "tell-logs", nil))
	createStackAt(t, there, "tell-replicalogs", stageStack(t, "tell-replicalogs", nil))
	key := createStackAt(t, there, "tell-replica", stageStack(t, "tell-replica", nil))["ReplicaKeyArn"]
	f.bucket = createStackAt(t, here, "tell-replication", stageStack(t, "tell-replication", func(template map[string]any) { put(template, key) }))["SourceBucketName"]
	createStackAt(t, abroad, "tell-latency", stageStack(t, "tell-latency", nil))
	cfg := config(t, f.s, f.s.Credentials(source))
	f.s3, f.iam, f.sqs = s3Client(t, f.s, source), iam.NewFromConfig(cfg), sqs.NewFromConfig(cfg)
	f.quiet(t)
	f.subscribe(t)
	return f
}

// quiet has the first log come, so that the alarm on logs is over.
func (f *tellStage) quiet(t *testing.T) {
	t.Helper()
	if got := f.upload(t, "first"); got != "COMPLETED" {
		t.Fatal(got)
	}
	if err := f.s.DeliverLogs(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := f.state(t, region, "LogsStopped"); got != "OK" {
		t.Fatalf("with the first log its alarm is %s", got)
	}
}

// put puts a key's ARN in the place of each Fn::GetStackOutput.
func put(in map[string]any, keyARN string) {
	for name, v := range in {
		switch v := v.(type) {
		case map[string]any:
			if _, ok := v["Fn::GetStackOutput"]; ok {
				in[name] = keyARN
				continue
			}
			put(v, keyARN)
		case []any:
			for _, e := range v {
				if e, ok := e.(map[string]any); ok {
					put(e, keyARN)
				}
			}
		}
	}
}

// subscribe makes the queue behind the topic. What SNS sends under its own key
// comes in plain.
func (f *tellStage) subscribe(t *testing.T) {
	t.Helper()
	const topic = "arn:aws:sns:" + region + ":" + source + ":tell-alarms"
	document := `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*", "Condition": {"ArnEquals": {"aws:SourceArn": "` + topic + `"}}}}`
	made, err := f.sqs.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("on-call"), Attributes: map[string]string{"Policy": document}})
	if err != nil {
		t.Fatal(err)
	}
	f.queue = *made.QueueUrl
	_, err = sns.NewFromConfig(config(t, f.s, f.s.Credentials(source))).Subscribe(t.Context(), &sns.SubscribeInput{
		TopicArn: aws.String(topic), Protocol: aws.String("sqs"), Endpoint: aws.String("arn:aws:sqs:" + region + ":" + source + ":on-call"),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// told are the messages that the topic sent since the last look.
func (f *tellStage) told(t *testing.T) (list []string) {
	t.Helper()
	for {
		out, err := f.sqs.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &f.queue, MaxNumberOfMessages: 10, VisibilityTimeout: 600})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return list
		}
		for _, m := range out.Messages {
			var body struct{ Message string }
			if err := json.Unmarshal([]byte(*m.Body), &body); err != nil {
				t.Fatal(err)
			}
			list = append(list, body.Message)
			if _, err := f.sqs.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &f.queue, ReceiptHandle: m.ReceiptHandle}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// upload puts an object, and gives what became of its replication.
func (f *tellStage) upload(t *testing.T, key string) string {
	t.Helper()
	if _, err := f.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &f.bucket, Key: &key, Body: strings.NewReader("hello")}); err != nil {
		t.Fatal(err)
	}
	if err := f.s.WaitReplication(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f.status(t, key)
}

func (f *tellStage) status(t *testing.T, key string) string {
	t.Helper()
	head, err := f.s3.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &f.bucket, Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	return string(head.ReplicationStatus)
}

// state is that of the alarm of a stack whose name ends so.
func (f *tellStage) state(t *testing.T, in, name string) string {
	t.Helper()
	f.s.EvaluateAlarms()
	cfg := config(t, f.s, f.s.Credentials(source))
	cfg.Region = in
	out, err := cloudwatch.NewFromConfig(cfg).DescribeAlarms(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range out.MetricAlarms {
		if strings.Contains(*a.AlarmName, name) {
			return string(a.StateValue)
		}
	}
	t.Fatalf("no alarm %s in %s", name, in)
	return ""
}

// repairer is what s3seal repair works with: what is deployed, as its account says.
func (f *tellStage) repairer(t *testing.T) *repair.Repairer {
	t.Helper()
	keys := f.s.Credentials(source)
	a, err := account.Open(t.Context(), &stage.Stage{
		Name: "tell", Source: stage.Environment{Account: source, Region: region}, Replica: &stage.Replica{SourceBucket: f.bucket},
	}, account.Options{Load: []func(*awsconfig.LoadOptions) error{
		awsconfig.WithSharedConfigFiles([]string{os.DevNull}), awsconfig.WithSharedCredentialsFiles([]string{os.DevNull}),
		awsconfig.WithBaseEndpoint(f.s.URL()), awsconfig.WithCustomCABundle(bytes.NewReader(f.s.CA())),
		awsconfig.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(keys.AccessKeyID, keys.SecretAccessKey, "")),
	}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := repair.Open(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	r.Poll = 10 * time.Millisecond
	return r
}

// job starts a job, and waits for it. Nobody else has one.
func job(t *testing.T, r *repair.Repairer) *repair.Result {
	t.Helper()
	if id, err := r.Running(t.Context()); err != nil || id != "" {
		t.Fatal(id, err)
	}
	id, err := r.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	result, err := r.Wait(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return result
}
