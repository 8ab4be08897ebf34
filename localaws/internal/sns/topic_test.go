package sns_test

import (
	"fmt"
	"strings"
	"testing"

	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
)

func set(topic, name, value string) *awssns.SetTopicAttributesInput {
	return &awssns.SetTopicAttributesInput{TopicArn: &topic, AttributeName: &name, AttributeValue: &value}
}

func query(w *world, action string, parameters ...string) (int, string) {
	return apitest.Query(w, call(home+"/admin", region), action, parameters...)
}

// TestEveryOperationAsks: who has no permission is refused by every operation, and
// the refusal names the action.
func TestEveryOperationAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic := w.topic(t, "t")
	input := map[string][]string{
		"CreateTopic": {"Name=new"}, "ListTopics": {}, "ListSubscriptions": {},
		"Unsubscribe": {"SubscriptionArn=" + topic + ":x"}, "GetSubscriptionAttributes": {"SubscriptionArn=" + topic + ":x"},
		"SetSubscriptionAttributes": {"SubscriptionArn=" + topic + ":x"},
		"TagResource":               {"ResourceArn=" + topic}, "UntagResource": {"ResourceArn=" + topic}, "ListTagsForResource": {"ResourceArn=" + topic},
	}
	for _, operation := range w.Operations() {
		parameters, ok := input[operation]
		if !ok {
			parameters = []string{"TopicArn=" + topic}
		}
		status, answer := apitest.Query(w, call(home+"/nobody", region), operation, parameters...)
		if status != 400 || !strings.Contains(answer, "AccessDenied") || !strings.Contains(answer, "sns:"+operation+" ") {
			t.Errorf("%s: %d %s", operation, status, answer)
		}
	}
}

func TestTopics(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic := w.topic(t, "news", "DisplayName", "News")
	if topic != "arn:aws:sns:"+region+":"+home+":news" || w.topic(t, "news") != topic {
		t.Error(topic)
	}
	if status, answer := query(w, "CreateTopic", "Name=news", "Attributes.entry.1.key=DisplayName", "Attributes.entry.1.value=Other"); status != 400 || !strings.Contains(answer, "different attributes") {
		t.Error(answer)
	}
	must[any](t)(w.admin().TagResource(ctx, &awssns.TagResourceInput{ResourceArn: &topic, Tags: []types.Tag{{Key: text("a"), Value: text("1")}, {Key: text("b"), Value: text("2")}}}))
	must[any](t)(w.admin().UntagResource(ctx, &awssns.UntagResourceInput{ResourceArn: &topic, TagKeys: []string{"a"}}))
	tags := must[*awssns.ListTagsForResourceOutput](t)(w.admin().ListTagsForResource(ctx, &awssns.ListTagsForResourceInput{ResourceArn: &topic})).Tags
	if len(tags) != 1 || *tags[0].Key != "b" {
		t.Errorf("%v", tags)
	}
	for i := range 150 {
		w.topic(t, fmt.Sprintf("t%03d", i))
	}
	first := must[*awssns.ListTopicsOutput](t)(w.admin().ListTopics(ctx, &awssns.ListTopicsInput{}))
	second := must[*awssns.ListTopicsOutput](t)(w.admin().ListTopics(ctx, &awssns.ListTopicsInput{NextToken: first.NextToken}))
	if len(first.Topics) != 100 || len(second.Topics) != 51 || second.NextToken != nil {
		t.Errorf("%d and %d topics", len(first.Topics), len(second.Topics))
	}
	for range 2 {
		must[any](t)(w.admin().DeleteTopic(ctx, &awssns.DeleteTopicInput{TopicArn: &topic}))
	}
	_, err := w.admin().GetTopicAttributes(ctx, &awssns.GetTopicAttributesInput{TopicArn: &topic})
	wantError(t, err, "NotFound", "")
}

func text(s string) *string { return &s }

func TestSubscriptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic := w.topic(t, "news")
	_, queue := w.queue(t, "q", "")
	one := w.subscribe(t, topic, "sqs", queue, nil)
	if w.subscribe(t, topic, "sqs", queue, nil) != one {
		t.Error("the same endpoint is another subscription")
	}
	w.subscribe(t, topic, "email", "a@example.com", nil)
	must[any](t)(w.admin().SetSubscriptionAttributes(ctx, &awssns.SetSubscriptionAttributesInput{SubscriptionArn: &one, AttributeName: text("RawMessageDelivery"), AttributeValue: text("true")}))
	shown := must[*awssns.GetSubscriptionAttributesOutput](t)(w.admin().GetSubscriptionAttributes(ctx, &awssns.GetSubscriptionAttributesInput{SubscriptionArn: &one})).Attributes
	if shown["RawMessageDelivery"] != "true" || shown["PendingConfirmation"] != "false" || shown["Endpoint"] != queue {
		t.Error(shown)
	}
	byTopic := must[*awssns.ListSubscriptionsByTopicOutput](t)(w.admin().ListSubscriptionsByTopic(ctx, &awssns.ListSubscriptionsByTopicInput{TopicArn: &topic})).Subscriptions
	all := must[*awssns.ListSubscriptionsOutput](t)(w.admin().ListSubscriptions(ctx, &awssns.ListSubscriptionsInput{})).Subscriptions
	if len(byTopic) != 2 || len(all) != 2 || *byTopic[0].SubscriptionArn != one || *byTopic[1].SubscriptionArn != "PendingConfirmation" {
		t.Errorf("%+v", byTopic)
	}
	must[any](t)(w.admin().Unsubscribe(ctx, &awssns.UnsubscribeInput{SubscriptionArn: &one}))
	counts := must[*awssns.GetTopicAttributesOutput](t)(w.admin().GetTopicAttributes(ctx, &awssns.GetTopicAttributesInput{TopicArn: &topic})).Attributes
	if counts["SubscriptionsConfirmed"] != "0" || counts["SubscriptionsPending"] != "1" || counts["SubscriptionsDeleted"] != "1" {
		t.Error(counts)
	}
	_, err := w.admin().Unsubscribe(ctx, &awssns.UnsubscribeInput{SubscriptionArn: &one})
	wantError(t, err, "NotFound", "Subscription")
}

// TestRefusedByName: what is not carried out is never dropped silently.
func TestRefusedByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic := w.topic(t, "news")
	attribute := func(name, value string) []string {
		return []string{"Attributes.entry.1.key=" + name, "Attributes.entry.1.value=" + value}
	}
	subscribe := []string{"TopicArn=" + topic, "Protocol=sqs", "Endpoint=arn:aws:sqs:" + region + ":" + home + ":q"}
	for want, request := range map[string][]string{
		"FIFO topics":  {"CreateTopic", "Name=t.fifo"},
		"Topic Name":   {"CreateTopic", "Name=a b"},
		"FifoTopic":    append([]string{"CreateTopic", "Name=t"}, attribute("FifoTopic", "true")...),
		"FilterPolicy": append(append([]string{"Subscribe"}, subscribe...), attribute("FilterPolicy", "{}")...),
		"sms":          {"Subscribe", "TopicArn=" + topic, "Protocol=sms", "Endpoint=1"},
		"FIFO SQS":     {"Subscribe", "TopicArn=" + topic, "Protocol=sqs", "Endpoint=arn:aws:sqs:" + region + ":" + home + ":q.fifo"},
		"Endpoint":     {"Subscribe", "TopicArn=" + topic, "Protocol=https", "Endpoint=http://a"},
		"raw message":  append([]string{"Subscribe", "TopicArn=" + topic, "Protocol=email", "Endpoint=a@b"}, attribute("RawMessageDelivery", "true")...),
		"Policy Error": {"SetTopicAttributes", "TopicArn=" + topic, "AttributeName=Policy", "AttributeValue={}}"},
		"TopicArn":     {"GetTopicAttributes", "TopicArn=arn:aws:sns:eu-west-1:" + home + ":news"},
		"NextToken":    {"ListTopics", "NextToken=x"},
		"PublishBatch": {"PublishBatch"},
	} {
		if status, answer := query(w, request[0], request[1:]...); status < 400 || status == 500 || !strings.Contains(answer, want) {
			t.Errorf("%s: %d %s", want, status, answer)
		}
	}
}
