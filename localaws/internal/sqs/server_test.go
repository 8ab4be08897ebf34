package sqs_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
	"github.com/s3seal/s3seal/localaws/internal/kms"
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

// world is SQS with a real KMS and its surroundings.
type world struct {
	*sqs.Service
	*apitest.World
	kms *kms.Service
	url string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{World: apitest.NewWorld()}
	w.kms = kms.New(kms.Options{Authorizer: w.World, Now: w.Now, Principals: w.World})
	w.Service = sqs.New(sqs.Options{
		Authorizer: w.World, Now: w.Now, Principals: w.World, KMS: w.kms,
		UserID: func(c iam.Caller) (string, error) { return "AIDA" + c.Account(), nil },
	})
	t.Cleanup(func() { w.Close() })
	w.url = apitest.Serve(t, func(rw http.ResponseWriter, r *http.Request, c api.Call) {
		if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "TrentService") {
			w.kms.Serve(rw, r, c)
			return
		}
		c.Gone = r.Context().Done()
		w.Serve(rw, r, c)
	})
	for _, account := range []string{home, abroad} {
		w.Allow(user(account, "admin"), "kms:*", "sqs:*")
	}
	return w
}

func (w *world) client(who string) *awssqs.Client {
	return awssqs.NewFromConfig(apitest.Config(w.url, who, region))
}

func (w *world) admin() *awssqs.Client { return w.client(home + "/admin") }

// queue makes a queue with attributes "name", "value", and gives its address.
func (w *world) queue(t *testing.T, name string, attributes ...string) string {
	t.Helper()
	given := map[string]string{}
	for i := 0; i < len(attributes); i += 2 {
		given[attributes[i]] = attributes[i+1]
	}
	return *must[*awssqs.CreateQueueOutput](t)(w.admin().CreateQueue(ctx, &awssqs.CreateQueueInput{QueueName: &name, Attributes: given})).QueueUrl
}

func arn(name string) string { return "arn:aws:sqs:" + region + ":" + home + ":" + name }

func (w *world) send(t *testing.T, address, body string) string {
	t.Helper()
	return *must[*awssqs.SendMessageOutput](t)(w.admin().SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &address, MessageBody: &body})).MessageId
}

// receive receives up to ten messages with all their attributes.
func (w *world) receive(t *testing.T, address string) []types.Message {
	t.Helper()
	return must[*awssqs.ReceiveMessageOutput](t)(w.admin().ReceiveMessage(ctx, &awssqs.ReceiveMessageInput{
		QueueUrl: &address, MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"},
	})).Messages
}

func bodies(list []types.Message) string {
	var b []string
	for _, m := range list {
		b = append(b, *m.Body)
	}
	return strings.Join(b, " ")
}

func (w *world) attribute(t *testing.T, address, name string) string {
	t.Helper()
	return must[*awssqs.GetQueueAttributesOutput](t)(w.admin().GetQueueAttributes(ctx, &awssqs.GetQueueAttributesInput{
		QueueUrl: &address, AttributeNames: []types.QueueAttributeName{"All"},
	})).Attributes[name]
}

func (w *world) newKey(t *testing.T, policy string) string {
	t.Helper()
	client := awskms.NewFromConfig(apitest.Config(w.url, home+"/admin", region))
	return *must[*awskms.CreateKeyOutput](t)(client.CreateKey(ctx, &awskms.CreateKeyInput{Policy: &policy})).KeyMetadata.Arn
}

func deleteMessage(address string, m types.Message) *awssqs.DeleteMessageInput {
	return &awssqs.DeleteMessageInput{QueueUrl: &address, ReceiptHandle: m.ReceiptHandle}
}

func hide(address string, m types.Message, seconds int32) *awssqs.ChangeMessageVisibilityInput {
	return &awssqs.ChangeMessageVisibilityInput{QueueUrl: &address, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: seconds}
}

func text(s string) *string { return aws.String(s) }
