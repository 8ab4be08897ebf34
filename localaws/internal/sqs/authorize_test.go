package sqs_test

import (
	"strings"
	"testing"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
)

// TestEveryOperationAsks: who has no permission is refused by every operation, and
// the refusal names the action.
func TestEveryOperationAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	onQueue := `{"QueueUrl":"` + w.queue(t, "q") + `"}`
	input := map[string]string{"CreateQueue": `{"QueueName":"new"}`, "GetQueueUrl": `{"QueueName":"q"}`, "ListQueues": `{}`}
	for _, operation := range w.Operations() {
		action := strings.TrimSuffix(operation, "Batch")
		body, ok := input[operation]
		if !ok {
			body = onQueue
		}
		switch operation {
		case "TagQueue":
			body = strings.Replace(onQueue, "{", `{"Tags":{"a":"b"},`, 1)
		case "UntagQueue":
			body = strings.Replace(onQueue, "{", `{"TagKeys":["a"],`, 1)
		}
		status, answer := apitest.JSON(w, call(home+"/nobody", region), "AmazonSQS."+operation, body)
		if status != 400 || !strings.Contains(answer, "AccessDenied") || !strings.Contains(answer, "sqs:"+action+" ") {
			t.Errorf("%s: %d %s", operation, status, answer)
		}
	}
}

func statement(principal, action, condition string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"` + action + `","Resource":"` + arn("q") + `","Condition":` + condition + `}]}`
}

// TestQueuePolicy: it lets in other accounts and services, but no other account to
// what is the owner's.
func TestQueuePolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue(t, "q", "Policy", statement(`{"AWS":"`+user(abroad, "admin")+`"}`, "sqs:*", "{}"))
	other := w.client(abroad + "/admin")
	must[any](t)(other.SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &q, MessageBody: text("x")}))
	if out := must[*awssqs.GetQueueUrlOutput](t)(other.GetQueueUrl(ctx, &awssqs.GetQueueUrlInput{QueueName: text("q"), QueueOwnerAWSAccountId: text(home)})); *out.QueueUrl != q {
		t.Error(*out.QueueUrl)
	}
	_, err := other.SetQueueAttributes(ctx, &awssqs.SetQueueAttributesInput{QueueUrl: &q, Attributes: map[string]string{"DelaySeconds": "1"}})
	wantError(t, err, "AccessDeniedException", "")
	_, err = other.DeleteQueue(ctx, &awssqs.DeleteQueueInput{QueueUrl: &q})
	wantError(t, err, "AccessDeniedException", "")

	must[any](t)(w.admin().SetQueueAttributes(ctx, &awssqs.SetQueueAttributesInput{QueueUrl: &q, Attributes: map[string]string{
		"Policy": statement(`{"Service":"s3.amazonaws.com"}`, "sqs:SendMessage", `{"ArnEquals":{"aws:SourceArn":"arn:aws:s3:::right"}}`),
	}}))
	_, err = other.SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &q, MessageBody: text("x")})
	wantError(t, err, "AccessDeniedException", "")
	s3 := api.ServiceCall("s3.amazonaws.com", "", region, w.Now())
	if err := w.SendTo(s3.For("arn:aws:s3:::right", home), arn("q"), "from S3"); err != nil {
		t.Error(err)
	}
	wantError(t, w.SendTo(s3.For("arn:aws:s3:::wrong", home), arn("q"), "from S3"), "AccessDeniedException", "")

	for _, policy := range []string{
		"{}}", `{"Version":"2012-10-17","Statement":[{"Effect":"Maybe","Principal":"*","Action":"sqs:*","Resource":"*"}]}`,
		statement(`{"AWS":"`+user(abroad, "missing")+`"}`, "sqs:*", "{}"), strings.Repeat(" ", 8193),
	} {
		w.Missing[user(abroad, "missing")] = true
		_, err := w.admin().SetQueueAttributes(ctx, &awssqs.SetQueueAttributesInput{QueueUrl: &q, Attributes: map[string]string{"Policy": policy}})
		wantError(t, err, "InvalidAttributeValue", "Policy")
	}
}

func TestResourceTagsAreConditionKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := *must[*awssqs.CreateQueueOutput](t)(w.admin().CreateQueue(ctx, &awssqs.CreateQueueInput{QueueName: text("q"), Tags: map[string]string{"team": "red"}})).QueueUrl
	for team, allowed := range map[string]bool{"red": true, "blue": false} {
		w.Identity[user(home, team)] = iam.Document{Version: iam.Version, Statement: []iam.Statement{{
			Effect: iam.Allow, Action: iam.Strings{"sqs:*"}, Resource: iam.Strings{"*"}, Condition: iam.Condition{"StringEquals": {"aws:ResourceTag/team": {team}}},
		}}}
		if _, err := w.client(home+"/"+team).SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &q, MessageBody: text("x")}); (err == nil) != allowed {
			t.Errorf("%s: %v", team, err)
		}
	}
}

// TestKeyOfAQueue: the sender needs to make and open data keys, the receiver to
// open them, in the name of SQS.
func TestKeyOfAQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	allow := func(name, action string) string {
		return `{"Effect":"Allow","Principal":{"AWS":"` + user(home, name) + `"},"Action":` + action + `,"Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"sqs.` + region + `.amazonaws.com","kms:EncryptionContext:aws:sqs:arn":"` + arn("q") + `"}}}`
	}
	key := w.newKey(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"`+user(home, "admin")+`"},"Action":"kms:*","Resource":"*"},`+
		allow("sender", `["kms:GenerateDataKey","kms:Decrypt"]`)+`,`+allow("half", `"kms:GenerateDataKey"`)+`,`+allow("receiver", `"kms:Decrypt"`)+`]}`)
	for _, name := range []string{"sender", "half", "receiver", "stranger"} {
		w.Allow(user(home, name), "sqs:*")
	}
	q := w.queue(t, "q", "KmsMasterKeyId", key)
	send := func(who string) error {
		_, err := w.client(home+"/"+who).SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &q, MessageBody: text("x")})
		return err
	}
	receive := func(who string) ([]types.Message, error) {
		out, err := w.client(home+"/"+who).ReceiveMessage(ctx, &awssqs.ReceiveMessageInput{QueueUrl: &q})
		if err != nil {
			return nil, err
		}
		return out.Messages, nil
	}
	wantError(t, send("half"), "KMS.AccessDeniedException", "kms:Decrypt")
	wantError(t, send("receiver"), "KMS.AccessDeniedException", "kms:GenerateDataKey")
	if err := send("sender"); err != nil {
		t.Fatal(err)
	}
	_, err := receive("stranger")
	wantError(t, err, "KMS.AccessDeniedException", "kms:Decrypt")
	if got, err := receive("receiver"); err != nil || len(got) != 1 {
		t.Errorf("the refused one took the message: %v %v", got, err)
	}
	managed := w.queue(t, "managed", "KmsMasterKeyId", "alias/aws/sqs")
	q = managed
	if err := send("stranger"); err != nil {
		t.Error("under the key of the account for SQS: ", err)
	}
	q = w.queue(t, "lost", "KmsMasterKeyId", "11111111-2222-3333-4444-555555555555")
	wantError(t, send("admin"), "KMS.NotFoundException", "")
}

func TestEncryptedQueuesNeedTLS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := w.queue(t, "open", "SqsManagedSseEnabled", "false")
	c := call(home+"/admin", region)
	c.Secure = false
	for address, status := range map[string]int{w.queue(t, "q"): 400, open: 200} {
		got, answer := apitest.JSON(w, c, "AmazonSQS.SendMessage", `{"QueueUrl":"`+address+`","MessageBody":"x"}`)
		if got != status || status == 400 && !strings.Contains(answer, "InvalidSecurity") {
			t.Errorf("%s: %d %s", address, got, answer)
		}
	}
}
