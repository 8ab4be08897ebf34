package sns_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
	"github.com/s3seal/s3seal/localaws/internal/kms"
	"github.com/s3seal/s3seal/localaws/internal/sns"
	"github.com/s3seal/s3seal/localaws/internal/sqs"
)

const (
	home   = "111122223333"
	abroad = "444455556666"
	region = "eu-central-1"
)

var (
	ctx       = context.Background()
	user      = apitest.UserARN
	call      = apitest.Call
	wantError = apitest.WantError
)

func must[T any](t testing.TB) func(T, error) T { return apitest.Must[T](t) }

// world is SNS with a real SQS and KMS, and functions that note their events.
type world struct {
	*sns.Service
	*apitest.World
	kms     *kms.Service
	queues  *sqs.Service
	url     string
	invoked []string
	log     strings.Builder
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{World: apitest.NewWorld()}
	w.kms = kms.New(kms.Options{Authorizer: w.World, Now: w.Now, Principals: w.World})
	w.queues = sqs.New(sqs.Options{
		Authorizer: w.World, Now: w.Now, Principals: w.World, KMS: w.kms,
		UserID: func(c iam.Caller) (string, error) { return "AIDA" + c.Account(), nil },
	})
	w.Service = sns.New(sns.Options{
		Authorizer: w.World, Now: w.Now, Principals: w.World, KMS: w.kms, Queues: w.queues, Log: api.NewLog(&w.log),
		InvokeLater: func(c api.Call, function string, payload []byte) error {
			w.invoked = append(w.invoked, c.Caller.Service()+" "+function+" "+string(payload))
			return nil
		},
	})
	t.Cleanup(func() { w.queues.Close() })
	w.url = apitest.Serve(t, func(rw http.ResponseWriter, r *http.Request, c api.Call) {
		var s api.Service = w.Service
		if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "TrentService") {
			s = w.kms
		} else if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS") {
			s = w.queues
		}
		s.Serve(rw, r, c)
	})
	for _, account := range []string{home, abroad} {
		w.Allow(user(account, "admin"), "kms:*", "sqs:*", "sns:*")
	}
	return w
}

func (w *world) client(who string) *awssns.Client {
	return awssns.NewFromConfig(apitest.Config(w.url, who, region))
}

func (w *world) admin() *awssns.Client { return w.client(home + "/admin") }

// topic makes a topic with attributes "name", "value", and gives its ARN.
func (w *world) topic(t *testing.T, name string, attributes ...string) string {
	t.Helper()
	given := map[string]string{}
	for i := 0; i < len(attributes); i += 2 {
		given[attributes[i]] = attributes[i+1]
	}
	return *must[*awssns.CreateTopicOutput](t)(w.admin().CreateTopic(ctx, &awssns.CreateTopicInput{Name: &name, Attributes: given})).TopicArn
}

// queue makes a queue with a policy and gives its address and ARN.
func (w *world) queue(t *testing.T, name, policy string) (address, arn string) {
	t.Helper()
	client := awssqs.NewFromConfig(apitest.Config(w.url, home+"/admin", region))
	in := &awssqs.CreateQueueInput{QueueName: &name}
	if policy != "" {
		in.Attributes = map[string]string{"Policy": policy}
	}
	return *must[*awssqs.CreateQueueOutput](t)(client.CreateQueue(ctx, in)).QueueUrl, "arn:aws:sqs:" + region + ":" + home + ":" + name
}

// received are the bodies of what is in a queue.
func (w *world) received(t *testing.T, address string) (list []string) {
	t.Helper()
	client := awssqs.NewFromConfig(apitest.Config(w.url, home+"/admin", region))
	for _, m := range must[*awssqs.ReceiveMessageOutput](t)(client.ReceiveMessage(ctx, &awssqs.ReceiveMessageInput{QueueUrl: &address, MaxNumberOfMessages: 10})).Messages {
		list = append(list, *m.Body)
	}
	return list
}

func (w *world) newKey(t *testing.T, policy string) string {
	t.Helper()
	client := awskms.NewFromConfig(apitest.Config(w.url, home+"/admin", region))
	return *must[*awskms.CreateKeyOutput](t)(client.CreateKey(ctx, &awskms.CreateKeyInput{Policy: &policy})).KeyMetadata.Arn
}

func (w *world) subscribe(t *testing.T, topic, protocol, endpoint string, attributes map[string]string) string {
	t.Helper()
	return *must[*awssns.SubscribeOutput](t)(w.admin().Subscribe(ctx, &awssns.SubscribeInput{
		TopicArn: &topic, Protocol: &protocol, Endpoint: &endpoint, Attributes: attributes,
	})).SubscriptionArn
}

func publish(topic, text string) *awssns.PublishInput {
	return &awssns.PublishInput{TopicArn: &topic, Message: &text, Subject: aws.String("s")}
}

// letIn is a policy that lets a service act for a source.
func letIn(service, action, source string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"` + action + `","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"` + source + `"}}}]}`
}
