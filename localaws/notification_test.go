package localaws_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/s3seal/s3seal/localaws"
)

// notified is a bucket acme whose events go to the queue q.
func notified(t *testing.T, s *localaws.Server, rules string) (queue string) {
	t.Helper()
	withBucket(t, s, "acme")
	queue = newQueue(t, s, "q", `"Policy":"`+strings.ReplaceAll(queuePolicy("acme"), `"`, `\"`)+`"`)
	if status, answer := call(t, s, "s3", "PUT /acme?notification", "<NotificationConfiguration>"+rules+"</NotificationConfiguration>"); status != 200 {
		t.Fatal(answer)
	}
	return queue
}

func queuePolicy(bucket string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*",` +
		`"Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:s3:::` + bucket + `"},"StringEquals":{"aws:SourceAccount":"` + source + `"}}}]}`
}

const toQueue = "<Queue>arn:aws:sqs:eu-west-1:" + source + ":q</Queue>"

// received are the bodies of what is in a queue.
func received(t *testing.T, s *localaws.Server, queue string) (bodies []string) {
	t.Helper()
	_, answer := call(t, s, "sqs", "ReceiveMessage", `{"QueueUrl":"`+queue+`","MaxNumberOfMessages":10}`)
	var out struct{ Messages []struct{ Body string } }
	if err := json.Unmarshal([]byte(answer), &out); err != nil {
		t.Fatal(answer)
	}
	for _, m := range out.Messages {
		bodies = append(bodies, m.Body)
	}
	return bodies
}

// TestNotificationsToAQueue: the test message first, then each event that a rule
// has, of the keys that it has.
func TestNotificationsToAQueue(t *testing.T) {
	t.Parallel()
	s := start(t)
	queue := notified(t, s, `<QueueConfiguration><Id>new</Id>`+toQueue+`<Event>s3:ObjectCreated:*</Event><Event>s3:ObjectRemoved:DeleteMarkerCreated</Event>`+
		`<Filter><S3Key><FilterRule><Name>prefix</Name><Value>in/</Value></FilterRule><FilterRule><Name>Suffix</Name><Value>.txt</Value></FilterRule></S3Key></Filter></QueueConfiguration>`)
	if got := received(t, s, queue); len(got) != 1 || !strings.Contains(got[0], `"Event":"s3:TestEvent"`) || !strings.Contains(got[0], `"Bucket":"acme"`) {
		t.Errorf("test message: %q", got)
	}
	if status, answer := call(t, s, "s3", "PUT /acme?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"); status != 200 {
		t.Fatal(answer)
	}
	for _, request := range []string{
		"PUT /acme/in/a%20b.txt", "PUT /acme/out/a.txt", "PUT /acme/in/a.csv", "PUT /acme/in/copy.txt", "DELETE /acme/in/a%20b.txt", "DELETE /acme/in/copy.txt?versionId=null",
	} {
		var headers []string
		body := "text"
		if strings.Contains(request, "copy") && strings.HasPrefix(request, "PUT") {
			headers, body = []string{"X-Amz-Copy-Source: acme/in/a%20b.txt"}, ""
		}
		if status, answer := call(t, s, "s3", request, body, headers...); status >= 300 {
			t.Fatalf("%s: %d %s", request, status, answer)
		}
	}
	var got []events.S3EventRecord
	for _, body := range received(t, s, queue) {
		var e events.S3Event
		if err := json.Unmarshal([]byte(body), &e); err != nil || len(e.Records) != 1 {
			t.Fatal(body)
		}
		got = append(got, e.Records...)
	}
	want := []string{"ObjectCreated:Put in/a+b.txt in/a b.txt", "ObjectCreated:Copy in/copy.txt in/copy.txt", "ObjectRemoved:DeleteMarkerCreated in/a+b.txt in/a b.txt"}
	if len(got) != len(want) {
		t.Fatalf("%d events: %+v", len(got), got)
	}
	for i, r := range got {
		if have := r.EventName + " " + r.S3.Object.Key + " " + r.S3.Object.URLDecodedKey; have != want[i] {
			t.Errorf("%s, want %s", have, want[i])
		}
		if r.EventVersion != "2.6" || r.AWSRegion != "eu-west-1" || r.S3.ConfigurationID != "new" || r.S3.Bucket.Arn != "arn:aws:s3:::acme" || r.S3.Object.VersionID == "" ||
			!strings.HasPrefix(r.PrincipalID.PrincipalID, "AIDA") || r.RequestParameters.SourceIPAddress != "127.0.0.1" || time.Since(r.EventTime) > time.Hour {
			t.Errorf("%+v", r)
		}
		if i > 0 && r.S3.Object.Sequencer <= got[i-1].S3.Object.Sequencer {
			t.Errorf("the sequence goes back to %s", r.S3.Object.Sequencer)
		}
	}
	if got[0].S3.Object.Size != 4 || got[0].S3.Object.ETag == "" {
		t.Errorf("%+v", got[0].S3.Object)
	}
	if _, answer := call(t, s, "s3", "GET /acme?notification", ""); !strings.Contains(answer, toQueue) || !strings.Contains(answer, "<Value>in/</Value>") {
		t.Error(answer)
	}
}

// TestNotificationToAFunction needs the function's permission, and runs it.
func TestNotificationToAFunction(t *testing.T) {
	t.Parallel()
	s := start(t)
	file := filepath.Join(t.TempDir(), "run")
	withFunction(t, s, "echo x >> '"+file+"'\nexit 1\n", nil)
	withBucket(t, s, "acme")
	put := func() (int, string) {
		return call(t, s, "s3", "PUT /acme?notification", `<NotificationConfiguration><CloudFunctionConfiguration><CloudFunction>arn:aws:lambda:eu-west-1:`+source+`:function:run</CloudFunction><Event>s3:ObjectCreated:Put</Event></CloudFunctionConfiguration></NotificationConfiguration>`)
	}
	if status, answer := put(); status != 400 || !strings.Contains(answer, "Unable to validate the following destination configurations") {
		t.Errorf("without permission: %d %s", status, answer)
	}
	template := `{"Resources":{"P":{"Type":"AWS::Lambda::Permission","Properties":{"Action":"lambda:InvokeFunction","FunctionName":"run","Principal":"s3.amazonaws.com","SourceArn":"arn:aws:s3:::acme","SourceAccount":"` + source + `"}}}}`
	if status, answer := call(t, s, "cloudformation", "CreateStack", "StackName=permission&TemplateBody="+template); status != 200 {
		t.Fatal(answer)
	}
	status, answer := put()
	for end := time.Now().Add(20 * time.Second); status != 200 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		status, answer = put() // the stack is being made
	}
	if status != 200 {
		t.Fatal(answer)
	}
	if status, answer := call(t, s, "s3", "PUT /acme/k", "text"); status != 200 {
		t.Fatal(answer)
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if runs, _ := os.ReadFile(file); len(runs) == 6 { // it fails, and is tried twice again
			return
		}
	}
	runs, _ := os.ReadFile(file)
	t.Errorf("the function ran %d times", len(runs)/2)
}

// TestLogTellsOfLostNotifications: a queue that no longer lets S3 in doesn't fail
// the upload.
func TestLogTellsOfLostNotifications(t *testing.T) {
	t.Parallel()
	s, closed := startLogged(t)
	queue := notified(t, s, `<QueueConfiguration>`+toQueue+`<Event>s3:ObjectCreated:*</Event></QueueConfiguration>`)
	if status, answer := call(t, s, "sqs", "SetQueueAttributes", `{"QueueUrl":"`+queue+`","Attributes":{"Policy":""}}`); status != 200 {
		t.Fatal(answer)
	}
	if status, answer := call(t, s, "s3", "PUT /acme/k", "text"); status != 200 {
		t.Fatal(answer)
	}
	if log := closed(); !strings.Contains(log, "notification of ObjectCreated:Put of s3://acme/k to arn:aws:sqs:eu-west-1:"+source+":q failed") || !strings.Contains(log, "sqs:SendMessage") {
		t.Error(log)
	}
}

func TestNotificationsThatAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	notified(t, s, "")
	newQueue(t, s, "closed", "")
	newQueue(t, s, "f.fifo", `"FifoQueue":"true"`)
	rule := func(body string) string { return "<QueueConfiguration>" + body + "</QueueConfiguration>" }
	put := func(rules string, headers ...string) (int, string) {
		return call(t, s, "s3", "PUT /acme?notification", "<NotificationConfiguration>"+rules+"</NotificationConfiguration>", headers...)
	}
	const all = "<Event>s3:ObjectCreated:*</Event>"
	closedQueue := rule(strings.Replace(toQueue, ":q<", ":closed<", 1) + all)
	for rules, want := range map[string]string{
		closedQueue: "Unable to validate the following destination configurations",
		rule(strings.Replace(toQueue, ":q<", ":none<", 1) + all):          "Unable to validate",
		rule(strings.Replace(toQueue, ":q<", ":f.fifo<", 1) + all):        "FIFO",
		rule(strings.Replace(toQueue, "eu-west-1", "us-east-1", 1) + all): "Unable to validate",
		rule(toQueue): "at least one Event",
		rule(all):     "one ARN",
		rule("<Topic>arn:aws:sns:eu-west-1:" + source + ":t</Topic>" + all):                                  "one ARN",
		rule(toQueue + "<Event>s3:ObjectTagging:*</Event>"):                                                  "s3:ObjectTagging:*",
		rule(toQueue+all) + rule(toQueue+"<Event>s3:ObjectCreated:Put</Event>"):                              "overlap",
		rule(toQueue + all + "<Filter><S3Key><FilterRule><Name>colour</Name></FilterRule></S3Key></Filter>"): "prefix or suffix",
	} {
		if status, answer := put(rules); status < 400 || status == 500 || !strings.Contains(answer, want) {
			t.Errorf("%s: %d %s, want %s", rules, status, answer, want)
		}
	}
	if status, answer := put(closedQueue, "X-Amz-Skip-Destination-Validation: true"); status != 200 {
		t.Error(answer)
	}
	apart := func(suffix string) string {
		return rule(toQueue + all + "<Filter><S3Key><FilterRule><Name>suffix</Name><Value>" + suffix + "</Value></FilterRule></S3Key></Filter>")
	}
	if status, answer := put(apart(".jpg") + apart(".png")); status != 200 {
		t.Error(answer)
	}
}

// TestBucketResourceWithNotifications: the stack's bucket sends to a queue.
func TestBucketResourceWithNotifications(t *testing.T) {
	t.Parallel()
	s := start(t)
	queue := newQueue(t, s, "q", `"Policy":"`+strings.ReplaceAll(queuePolicy("acme-made"), `"`, `\"`)+`"`)
	if !create(t, s, `{"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"acme-made","NotificationConfiguration":{"QueueConfigurations":[{"Event":"s3:ObjectCreated:*","Queue":"arn:aws:sqs:eu-west-1:`+source+`:q","Filter":{"S3Key":{"Rules":[{"Name":"prefix","Value":"in/"}]}}}]}}}}}`) {
		_, events := call(t, s, "cloudformation", "DescribeStackEvents", "StackName=app")
		t.Fatal(events)
	}
	call(t, s, "s3", "PUT /acme-made/in/k", "text")
	if got := received(t, s, queue); len(got) != 2 || !strings.Contains(got[1], `"key":"in/k"`) {
		t.Errorf("%q", got)
	}
}
