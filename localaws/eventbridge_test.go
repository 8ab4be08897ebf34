package localaws_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
)

// busStack counts the objects that come to the bucket acme, and sends them to a
// queue and a topic.
const busStack = `{"Resources": {
	"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "acme", "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": true}}}},
	"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q"}},
	"Rule": {"Type": "AWS::Events::Rule", "Properties": {"Name": "come", "EventPattern": {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": {"bucket": {"name": ["acme"]}}},
		"Targets": [{"Id": "queue", "Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}]}},
	"Policy": {"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*", "Condition": {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["Rule", "Arn"]}}}}]}}}
}}`

// TestEventsOfABucket: each new object is an event, which the rule counts and its
// target gets, if its policy lets EventBridge in for the rule.
func TestEventsOfABucket(t *testing.T) {
	t.Parallel()
	s, closed := startLogged(t)
	if !create(t, s, busStack) {
		_, events := call(t, s, "cloudformation", "DescribeStackEvents", "StackName=app")
		t.Fatal(events)
	}
	queue := "https://sqs.eu-west-1.amazonaws.com/" + source + "/q"
	for _, request := range []string{"PUT /acme/a%20b", "DELETE /acme/a%20b"} {
		if status, answer := call(t, s, "s3", request, strings.Repeat("text", len(request)%2)); status >= 300 {
			t.Fatal(answer)
		}
	}
	got := received(t, s, queue)
	var e struct {
		Source, Account, Region string
		DetailType              string `json:"detail-type"`
		Detail                  struct {
			Bucket            struct{ Name string }
			Object            struct{ Key string }
			Reason, Requester string
		}
	}
	if len(got) != 1 || json.Unmarshal([]byte(got[0]), &e) != nil || e.Source != "aws.s3" || e.Account != source || e.Region != "eu-west-1" || e.DetailType != "Object Created" ||
		e.Detail.Bucket.Name != "acme" || e.Detail.Object.Key != "a b" || e.Detail.Reason != "PutObject" || e.Detail.Requester != source {
		t.Errorf("%q", got)
	}
	call(t, s, "sqs", "SetQueueAttributes", `{"QueueUrl":"`+queue+`","Attributes":{"Policy":""}}`)
	call(t, s, "s3", "PUT /acme/k", "text")
	for name, want := range map[string]string{"MatchedEvents": "2", "Invocations": "2", "FailedInvocations": "1"} {
		if got := sumOf(t, s, "AWS/Events", name, "RuleName", "come"); got != want && got != "1 1" { // two minutes
			t.Errorf("%s is %q, want %s", name, got, want)
		}
	}
	if _, answer := call(t, s, "events", "DisableRule", `{"Name":"come"}`); strings.Contains(answer, "__type") {
		t.Error(answer)
	}
	call(t, s, "s3", "PUT /acme/k", "text")
	if got := sumOf(t, s, "AWS/Events", "MatchedEvents", "RuleName", "come"); got != "2" && got != "1 1" {
		t.Errorf("a rule that is off matches: %q", got)
	}
	if log := closed(); !strings.Contains(log, "an event of the rule come to arn:aws:sqs:eu-west-1:"+source+":q failed") || !strings.Contains(log, "sqs:SendMessage") {
		t.Error(log)
	}
}

// TestEventRules: the SDK's client puts a rule with targets, and takes it away.
func TestEventRules(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := eventbridge.NewFromConfig(config(s, s.Credentials(source)))
	name, pattern := "r", `{"source":["aws.s3"]}`
	if out, err := c.PutRule(t.Context(), &eventbridge.PutRuleInput{Name: &name, EventPattern: &pattern}); err != nil || *out.RuleArn != "arn:aws:events:eu-west-1:"+source+":rule/r" {
		t.Fatal(err)
	}
	target := `{"Rule":"r","Targets":[{"Id":"t","Arn":"arn:aws:sns:eu-west-1:` + source + `:t"}]}`
	if status, answer := call(t, s, "events", "PutTargets", target); status != 200 {
		t.Fatal(answer)
	}
	if out, err := c.ListTargetsByRule(t.Context(), &eventbridge.ListTargetsByRuleInput{Rule: &name}); err != nil || len(out.Targets) != 1 {
		t.Error(err)
	}
	if out, err := c.ListRules(t.Context(), &eventbridge.ListRulesInput{}); err != nil || len(out.Rules) != 1 || *out.Rules[0].EventPattern != pattern || out.Rules[0].State != "ENABLED" {
		t.Error(err, out)
	}
	if _, err := c.DeleteRule(t.Context(), &eventbridge.DeleteRuleInput{Name: &name}); err == nil || !strings.Contains(err.Error(), "targets") {
		t.Errorf("a rule with targets is deleted: %v", err)
	}
	if _, err := c.RemoveTargets(t.Context(), &eventbridge.RemoveTargetsInput{Rule: &name, Ids: []string{"t"}}); err != nil {
		t.Error(err)
	}
	for range 2 {
		if _, err := c.DeleteRule(t.Context(), &eventbridge.DeleteRuleInput{Name: &name}); err != nil {
			t.Error(err)
		}
	}
	if _, err := c.DescribeRule(t.Context(), &eventbridge.DescribeRuleInput{Name: &name}); err == nil || !strings.Contains(err.Error(), "ResourceNotFoundException") {
		t.Error(err)
	}
}

// eventDifferences are about EventBridge.
var eventDifferences = map[string]func(*testing.T){
	"EventBridge has the bus `default`, the events of S3, and targets that are topics, queues and functions, which get an event whole, once. `PutEvents`, schedules, other buses and targets, inputs and roles of targets, and the operators of patterns but `prefix`, `suffix`, `equals-ignore-case`, `anything-but` and `exists`: refused by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		refuses(t, s,
			unsupported{"PutEvents", "events", "PutEvents", `{"Entries":[]}`},
			unsupported{"ScheduleExpression", "events", "PutRule", `{"Name":"r","ScheduleExpression":"rate(1 day)"}`},
			unsupported{"EventBusName", "events", "PutRule", `{"Name":"r","EventBusName":"other","EventPattern":"{\"a\":[\"b\"]}"}`},
			unsupported{"numeric", "events", "PutRule", `{"Name":"r","EventPattern":"{\"a\":[{\"numeric\":[\">\",1]}]}"}`},
			unsupported{"RoleArn", "events", "PutTargets", `{"Rule":"r","Targets":[{"Id":"a","Arn":"a","RoleArn":"b"}]}`},
			unsupported{"Input", "events", "PutTargets", `{"Rule":"r","Targets":[{"Id":"a","Arn":"a","Input":"b"}]}`},
		)
		call(t, s, "events", "PutRule", `{"Name":"r","EventPattern":"{\"a\":[\"b\"]}"}`)
		refuses(t, s, unsupported{":logs:", "events", "PutTargets", `{"Rule":"r","Targets":[{"Id":"a","Arn":"arn:aws:logs:eu-west-1:111122223333:log-group:g"}]}`})
	},
}
