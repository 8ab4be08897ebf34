package sns_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// TestDelivery: to a queue that lets the topic in, wrapped and raw, and to a
// function; not to one that doesn't, nor to an address that waits.
func TestDelivery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic := w.topic(t, "news")
	wrapped, wrappedARN := w.queue(t, "wrapped", letIn("sns.amazonaws.com", "sqs:SendMessage", topic))
	raw, rawARN := w.queue(t, "raw", letIn("sns.amazonaws.com", "sqs:SendMessage", topic))
	closed, closedARN := w.queue(t, "closed", letIn("sns.amazonaws.com", "sqs:SendMessage", topic+"-other"))
	w.subscribe(t, topic, "sqs", wrappedARN, nil)
	w.subscribe(t, topic, "sqs", rawARN, map[string]string{"RawMessageDelivery": "true"})
	w.subscribe(t, topic, "sqs", closedARN, nil)
	function := "arn:aws:lambda:" + region + ":" + home + ":function:f"
	w.subscribe(t, topic, "lambda", function, nil)
	if got := w.subscribe(t, topic, "email", "a@example.com", nil); got != "pending confirmation" {
		t.Errorf("an address is %s", got)
	}
	id := *must[*awssns.PublishOutput](t)(w.admin().Publish(ctx, publish(topic, `say "hello"`))).MessageId
	var m struct{ Type, MessageId, TopicArn, Subject, Message string }
	if got := w.received(t, wrapped); len(got) != 1 || json.Unmarshal([]byte(got[0]), &m) != nil || m.Type != "Notification" || m.MessageId != id || m.TopicArn != topic || m.Subject != "s" || m.Message != `say "hello"` {
		t.Errorf("wrapped: %q", got)
	}
	if got := w.received(t, raw); len(got) != 1 || got[0] != `say "hello"` {
		t.Errorf("raw: %q", got)
	}
	if got := w.received(t, closed); got != nil || !strings.Contains(w.log.String(), "notification of "+topic+" to "+closedARN+" failed") {
		t.Errorf("closed: %q %s", got, w.log.String())
	}
	var e events.SNSEvent
	_, payload, _ := strings.Cut(strings.Join(w.invoked, "\n"), function+" ")
	if err := json.Unmarshal([]byte(payload), &e); err != nil || len(e.Records) != 1 || e.Records[0].SNS.Message != `say "hello"` || e.Records[0].SNS.TopicArn != topic || !strings.HasPrefix(w.invoked[0], "sns.amazonaws.com") {
		t.Errorf("function: %v %q", err, w.invoked)
	}
}

// TestPublisher: the topic's policy lets services and other accounts in.
func TestPublisher(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic := w.topic(t, "news")
	s3 := api.ServiceCall("s3.amazonaws.com", "", region, w.Now())
	wantError(t, w.PublishTo(s3.For("arn:aws:s3:::right", home), topic, "", "x"), "AccessDeniedException", "")
	_, err := w.client(abroad+"/admin").Publish(ctx, publish(topic, "x"))
	wantError(t, err, "AccessDeniedException", "")
	must[any](t)(w.admin().SetTopicAttributes(ctx, set(topic, "Policy", letIn("s3.amazonaws.com", "sns:Publish", "arn:aws:s3:::right"))))
	if err := w.PublishTo(s3.For("arn:aws:s3:::right", home), topic, "", "x"); err != nil {
		t.Error(err)
	}
	wantError(t, w.PublishTo(s3.For("arn:aws:s3:::wrong", home), topic, "", "x"), "AccessDeniedException", "")
	wantError(t, w.PublishTo(s3.For("arn:aws:s3:::right", home), strings.Replace(topic, region, "eu-west-1", 1), "", "x"), "InvalidParameter", "TopicArn")
	must[any](t)(w.admin().SetTopicAttributes(ctx, set(topic, "Policy", "")))
	wantError(t, w.PublishTo(s3.For("arn:aws:s3:::right", home), topic, "", "x"), "AccessDeniedException", "")
}

// TestKeyOfATopic: the publisher needs to make and open data keys.
func TestKeyOfATopic(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	allow := func(action string) string {
		return `{"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},"Action":` + action + `,"Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"` + home + `"}}}`
	}
	admin := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + user(home, "admin") + `"},"Action":"kms:*","Resource":"*"}`
	for _, test := range []struct {
		policy, code string
	}{
		{admin + `]}`, "KMSAccessDenied"},
		{admin + `,` + allow(`"kms:GenerateDataKey*"`) + `]}`, "KMSAccessDenied"},
		{admin + `,` + allow(`["kms:GenerateDataKey*","kms:Decrypt"]`) + `]}`, ""},
	} {
		topic := w.topic(t, "t"+api.UUID(), "KmsMasterKeyId", w.newKey(t, test.policy), "Policy", letIn("cloudwatch.amazonaws.com", "sns:Publish", "arn:aws:cloudwatch:*:*:alarm:*"))
		alarm := api.ServiceCall("cloudwatch.amazonaws.com", "", region, w.Now()).For("arn:aws:cloudwatch:"+region+":"+home+":alarm:a", home)
		if err := w.PublishTo(alarm, topic, "", "x"); test.code == "" && err != nil || test.code != "" && !api.HasCode(err, test.code) {
			t.Errorf("%s: %v", test.policy, err)
		}
		alarm.Secure = false
		if err := w.PublishTo(alarm, topic, "", "x"); !api.HasCode(err, "InvalidSecurity") {
			t.Errorf("without TLS: %v", err)
		}
	}
	must[any](t)(w.admin().Publish(ctx, publish(w.topic(t, "managed", "KmsMasterKeyId", "alias/aws/sns"), "x")))
	_, err := w.admin().Publish(ctx, publish(w.topic(t, "none", "KmsMasterKeyId", "alias/none"), "x"))
	wantError(t, err, "KMSNotFound", "")
}

func TestMessagesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic := w.topic(t, "news")
	for parameters, want := range map[string]string{
		"Message=": "Empty", "Message=" + strings.Repeat("x", 262145): "too long", "Message=x,Subject=" + strings.Repeat("x", 101): "Subject", "Message=x,Subject=a\nb": "Subject",
		"Message=x,TargetArn=" + topic: "TargetArn", "Message=x,MessageAttributes.entry.1.Name=a": "gap", "Message=x,PhoneNumber=1": "PhoneNumber", "Message=\xff": "Message",
	} {
		status, answer := query(w, "Publish", append(strings.Split(parameters, ","), "TopicArn="+topic)...)
		if status < 400 || status == 500 || !strings.Contains(answer, want) {
			t.Errorf("%.40q: %d %s, want %s", parameters, status, answer, want)
		}
	}
}
