package lambda

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
	"github.com/s3seal/s3seal/localaws/internal/sqs"
)

const queueARN = "arn:aws:sqs:" + region + ":" + account + ":q"

// queued is a fake with the queue q, of which the function fn, with a time of two
// seconds, writes what it is given into a file.
type queued struct {
	*fake
	queues *sqs.Service
	file   string
	log    *syncedLog
}

// syncedLog is a log that tests read while it is written.
type syncedLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *syncedLog) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *syncedLog) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

func newQueued(t *testing.T, attributes string) *queued {
	t.Helper()
	q := &queued{fake: newFake(t), file: filepath.Join(t.TempDir(), "bodies"), log: new(syncedLog)}
	q.queues = sqs.New(sqs.Options{Authorizer: q.fake, Now: time.Now, Principals: principals{}, UserID: func(iam.Caller) (string, error) { return "AIDA", nil }})
	t.Cleanup(func() { q.queues.Close() })
	q.opt.Queues, q.opt.Log = q.queues, api.NewLog(q.log)
	q.sqs("CreateQueue", `{"QueueName":"q","Attributes":{`+attributes+`}}`)
	q.mustCreate(`{"Timeout":2,"Environment":{"Variables":{"FILE":"` + q.file + `"}}}`)
	return q
}

func (q *queued) sqs(operation, body string) string {
	q.t.Helper()
	status, answer := apitest.JSON(q.queues, secured(), "AmazonSQS."+operation, body)
	if status != 200 {
		q.t.Fatal(operation, answer)
	}
	return answer
}

func (q *queued) send(bodies ...string) {
	q.t.Helper()
	for _, body := range bodies {
		q.sqs("SendMessage", `{"QueueUrl":"https://h/`+account+`/q","MessageBody":"`+strings.ReplaceAll(body, `"`, `\"`)+`"}`)
	}
}

// left is how many messages there are, in flight or not.
func (q *queued) left() string {
	q.t.Helper()
	var out struct{ Attributes map[string]string }
	if err := json.Unmarshal([]byte(q.sqs("GetQueueAttributes", `{"QueueUrl":"https://h/`+account+`/q","AttributeNames":["All"]}`)), &out); err != nil {
		q.t.Fatal(err)
	}
	return out.Attributes["ApproximateNumberOfMessages"] + "+" + out.Attributes["ApproximateNumberOfMessagesNotVisible"]
}

// mapped makes the mapping of q and fn with these settings beside them.
func (q *queued) mapped(settings string) mappingJSON {
	q.t.Helper()
	r := q.request("POST", "/2015-03-31/event-source-mappings/", `{"EventSourceArn":"`+queueARN+`","FunctionName":"fn"`+settings+`}`)
	var m mappingJSON
	if r.status != 202 || json.Unmarshal([]byte(r.body), &m) != nil {
		q.t.Fatal(r.status, r.body)
	}
	return m
}

func (q *queued) lines() []string {
	b, _ := os.ReadFile(q.file)
	return strings.Fields(strings.ReplaceAll(string(b), " ", "_"))
}

// eventually waits until what is asked for is so.
func eventually(t *testing.T, what string, ask func() (string, bool)) {
	t.Helper()
	var last string
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var ok bool
		if last, ok = ask(); ok {
			return
		}
	}
	t.Fatalf("%s: %s", what, last)
}

func (q *queued) untilLeft(want string) {
	q.t.Helper()
	eventually(q.t, "messages left, want "+want, func() (string, bool) { got := q.left(); return got, got == want })
}

// TestMessagesAreProcessedAndDeleted: those that are there before the mapping and
// those that come later.
func TestMessagesAreProcessedAndDeleted(t *testing.T) {
	t.Parallel()
	q := newQueued(t, "")
	q.send("one", "two")
	m := q.mapped("")
	if m.State != "Enabled" || m.BatchSize != 10 || m.EventSourceArn != queueARN || !strings.HasSuffix(m.EventSourceMappingArn, ":event-source-mapping:"+m.UUID) {
		t.Errorf("%+v", m)
	}
	q.untilLeft("0+0")
	q.send("three")
	q.untilLeft("0+0")
	if got := fmt.Sprint(q.lines()); got != "[one,two three]" {
		t.Error(got)
	}
	wantText(t, "mapping", q.request("GET", "/2015-03-31/event-source-mappings/"+m.UUID, "").body, `"LastProcessingResult":"OK"`)
	equal(t, "delete", q.request("DELETE", "/2015-03-31/event-source-mappings/"+m.UUID, "").status, 202)
	equal(t, "get", q.request("GET", "/2015-03-31/event-source-mappings/"+m.UUID, "").status, 404)
	q.send("four")
	time.Sleep(200 * time.Millisecond)
	if got := q.left(); got != "1+0" {
		t.Errorf("a mapping that is gone receives: %s", got)
	}
}

// TestAFailedBatchComesBack: no message of it is deleted, and after its visibility
// timeout it is processed again; with the report, the rest is deleted.
func TestAFailedBatchComesBack(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]struct{ body, first, left string }{
		"":               {"fail", "good,fail", "0+2"},
		`,"BatchSize":2`: {"bad", "good,bad", "0+0"}, // nobody reads the report
		`,"FunctionResponseTypes":["ReportBatchItemFailures"]`:                {"bad", "good,bad", "0+1"},
		`,"FunctionResponseTypes":["ReportBatchItemFailures"],"BatchSize":10`: {"answer {", "good,answer_{", "0+2"},
	} {
		t.Run(settings, func(t *testing.T) {
			t.Parallel()
			q := newQueued(t, `"VisibilityTimeout":"3"`)
			q.send("good", want.body)
			q.mapped(settings)
			eventually(t, "the first batch", func() (string, bool) { l := q.lines(); return fmt.Sprint(l), len(l) > 0 })
			q.untilLeft(want.left)
			equal(t, "batch", q.lines()[0], want.first)
			if want.left == "0+0" {
				return
			}
			eventually(t, "the second time", func() (string, bool) {
				l := q.lines()
				return fmt.Sprint(l), len(l) > 1 && strings.HasSuffix(l[1], want.first[strings.Index(want.first, ",")+1:])
			})
		})
	}
}

// TestABatchWindowGathers: one invocation for what comes within it.
func TestABatchWindowGathers(t *testing.T) {
	t.Parallel()
	q := newQueued(t, "")
	q.mapped(`,"BatchSize":20,"MaximumBatchingWindowInSeconds":2`)
	q.send("1", "2")
	time.Sleep(300 * time.Millisecond)
	for i := range 10 {
		q.send(fmt.Sprint(i + 3))
	}
	q.untilLeft("0+0")
	if got := fmt.Sprint(q.lines()); got != "[1,2,3,4,5,6,7,8,9,10,11,12]" {
		t.Error(got)
	}
}

// TestDisabledAndEnabled: a mapping rests, and goes on.
func TestDisabledAndEnabled(t *testing.T) {
	t.Parallel()
	q := newQueued(t, "")
	m := q.mapped(`,"Enabled":false`)
	equal(t, "state", m.State, "Disabled")
	q.send("one")
	time.Sleep(200 * time.Millisecond)
	equal(t, "left", q.left(), "1+0")
	update := q.request("PUT", "/2015-03-31/event-source-mappings/"+m.UUID, `{"Enabled":true,"BatchSize":1,"ScalingConfig":{"MaximumConcurrency":2}}`)
	wantText(t, "update", update.body, `"State":"Enabled"`)
	wantText(t, "update", update.body, `"BatchSize":1`)
	q.untilLeft("0+0")
	list := q.request("GET", "/2015-03-31/event-source-mappings/?FunctionName=fn&EventSourceArn="+queueARN, "")
	wantText(t, "list", list.body, m.UUID)
	if other := q.request("GET", "/2015-03-31/event-source-mappings?FunctionName=other", ""); strings.Contains(other.body, m.UUID) {
		t.Error(other.body)
	}
}

// TestTheRoleMustBeAllowed at the beginning, and the log tells when it no longer is.
func TestTheRoleMustBeAllowed(t *testing.T) {
	t.Parallel()
	q := newQueued(t, "")
	for _, action := range []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"} {
		q.deny(action, true)
		r := q.request("POST", "/2015-03-31/event-source-mappings", `{"EventSourceArn":"`+queueARN+`","FunctionName":"fn"}`)
		equal(t, action, r.status, 400)
		wantText(t, action, r.body, "The provided execution role does not have permissions to call ReceiveMessage")
		q.deny(action, false)
	}
	m := q.mapped("")
	q.deny("sqs:ReceiveMessage", true)
	q.send("one") // ends the wait, and the next is refused
	eventually(t, "the log", func() (string, bool) {
		log := q.log.String()
		return log, strings.Contains(log, "event source mapping "+m.UUID) && strings.Contains(log, "sqs:ReceiveMessage")
	})
	wantText(t, "mapping", q.request("GET", "/2015-03-31/event-source-mappings/"+m.UUID, "").body, `"LastProcessingResult":"PROBLEM: `)
	q.deny("sqs:ReceiveMessage", false)
	q.untilLeft("0+0")
	if n := strings.Count(q.log.String(), "\n"); n > 3 {
		t.Errorf("%d lines for one problem", n)
	}
}

func (f *fake) deny(action string, denied bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.denied[action] = denied
}

// secured is a call of the stack's user over TLS, which encrypted queues demand.
func secured() api.Call {
	c := stack().Call
	c.Secure = true
	return c
}
