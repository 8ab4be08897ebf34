package sweep

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/metric"
	"github.com/s3seal/s3seal/internal/object/objecttest"
)

// handler is the function over the world's bucket.
func (w *world) handler() *Handler {
	return &Handler{sweeper: w.sweeper, log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

func TestTheFunctionSweepsUntilItIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"a", "b", "c", "d"} {
		w.put(name, "k0", name)
	}
	w.sweeper.limits.page, w.sweeper.Workers = 2, 1
	clock := time.Now()
	w.sweeper.limits.now = func() time.Time { return clock }
	answer, rounds := []byte("null"), 0
	for done := false; !done; rounds++ {
		ctx, cancel := context.WithDeadline(t.Context(), clock.Add(900*time.Second))
		copies := 0
		w.hooks.beforeCopy = func(*s3.CopyObjectInput) error {
			if copies++; copies == 2 {
				clock = clock.Add(890 * time.Second)
			}
			return nil
		}
		var err error
		answer, err = w.handler().Invoke(ctx, answer)
		cancel()
		w.ok(err)
		var a struct{ Done bool }
		w.ok(json.Unmarshal(answer, &a))
		if done = a.Done; rounds > 5 {
			t.Fatal(string(answer))
		}
	}
	var a answerSweep
	w.ok(json.Unmarshal(answer, &a))
	w.want(a.Report, "k0 moved 4")
	if rounds < 2 {
		t.Error("all in one invocation: the test shows nothing")
	}
	objecttest.CheckNoKey(t, raw["k0"], string(answer))

	answer, err := w.handler().Invoke(t.Context(), []byte(`{"plan":true}`))
	w.ok(err)
	w.ok(json.Unmarshal(answer, &a))
	if !a.Plan || !a.Done {
		t.Errorf("%s", answer)
	}
}

// An alarm watches the value, so it has to fall when everything is moved, too.
func TestAWholePassTellsTheAgeOfTheOldestKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var out bytes.Buffer
	h := w.handler()
	h.metrics = metric.NewWriter(&out)
	w.sweeper.limits.now = func() time.Time { return time.Now().Add(400 * 24 * time.Hour) }
	w.put("a", "k0", "a")
	for _, c := range []struct{ event, want string }{
		{`{"Items":[{"Key":"b"}]}`, ""},
		{`{"plan":true}`, `"OldestKeyDays":[400]`}, // k0 doesn't tell its age, and the object does
		{`{}`, `"OldestKeyDays":[0]`},
	} {
		out.Reset()
		_, err := h.Invoke(t.Context(), []byte(c.event))
		w.ok(err)
		if got := out.String(); !strings.Contains(got, c.want) || c.want == "" && strings.Contains(got, "OldestKeyDays") {
			t.Errorf("%s writes %s, want %q", c.event, got, c.want)
		}
	}
}

func TestOldestKey(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 4, 5, 0, 0, 0, 0, time.UTC)
	const older, primary = "k20260301-aaaaaaaa", "k20260404-bbbbbbbb"
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	for _, c := range []struct {
		counts []Count
		days   float64
	}{
		{nil, 0},
		{[]Count{{KeyID: primary, State: Current, Oldest: ago(0)}}, 1},
		{[]Count{{KeyID: older, State: ToMove, Oldest: ago(0)}, {KeyID: primary, State: Current}}, 35},
		{[]Count{{KeyID: older, State: Moved, Oldest: ago(9)}}, 1},
		{[]Count{{KeyID: older, State: Noncurrent}, {State: Unreadable, Oldest: ago(9)}, {State: NotSSEC, Oldest: ago(9)}}, 0},
		{[]Count{{KeyID: older, State: Locked}, {KeyID: "k0", State: Archived, Oldest: ago(500)}, {KeyID: "k1", State: Failed, Oldest: ago(400)}}, 500},
	} {
		r := Report{Counts: c.counts}
		if got := r.oldestKey(primary, now).Hours() / 24; got != c.days {
			t.Errorf("%+v: %v days, want %v", c.counts, got, c.days)
		}
	}
}

func TestTheFunctionInADistributedMap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("a b+c", "k0", "a")
	w.put("b", "k2", "b")
	answer, err := w.handler().Invoke(t.Context(), []byte(`{"BatchInput":{},"Items":[{"Etag":"\"e\"","Key":"a b+c","LastModified":1,"Size":1,"StorageClass":"STANDARD"},{"Key":"b"},{"Key":"gone"}]}`))
	w.ok(err)
	var a Sweep
	w.ok(json.Unmarshal(answer, &a))
	w.want(a.Report, "k0 moved 1", "k2 current 1")
	if got, _ := w.get("a b+c", "", "k2"); got != "a" {
		t.Errorf("%q", got)
	}
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(time.Second))
	defer cancel()
	w.sweeper.limits.now = func() time.Time { return time.Now().Add(time.Hour) }
	w.fails(ctx, `{"Items":[{"Key":"b"}]}`, "S3Seal.Timeout", "0 of 1 objects")
}

func TestTheFunctionInBatchOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("a b+c/ü", "k0", "a")
	w.put("foreign", "foreign", "b")
	task := func(id, key string) string {
		return `{"taskId":"` + id + `","s3Key":"` + key + `","s3VersionId":"old","s3BucketArn":"arn:aws:s3:::` + objecttest.Bucket + `"}`
	}
	answer, err := w.handler().Invoke(t.Context(), []byte(`{"invocationSchemaVersion":"1.0","invocationId":"i","job":{"id":"j"},"tasks":[`+
		task("1", url.QueryEscape("a b+c/ü"))+","+task("2", "foreign")+","+task("3", "gone")+","+task("4", "%ff")+`,{"taskId":"5","s3Key":"a","s3Bucket":"other"}]}`))
	w.ok(err)
	want := `{"invocationSchemaVersion":"1.0","treatMissingKeysAs":"TemporaryFailure","invocationId":"i","results":[` +
		`{"taskId":"1","resultCode":"Succeeded","resultString":"moved"},{"taskId":"2","resultCode":"PermanentFailure","resultString":"unreadable "},` +
		`{"taskId":"3","resultCode":"Succeeded","resultString":"gone"},{"taskId":"4","resultCode":"PermanentFailure","resultString":"s3Key is no key in the encoding of a URL"},` +
		`{"taskId":"5","resultCode":"PermanentFailure","resultString":"the function is for another bucket"}]}`
	if string(answer) != want {
		t.Errorf("%s", answer)
	}
	w.hooks.beforeCopy = func(*s3.CopyObjectInput) error { return errKilled }
	w.put("d", "k0", "d")
	answer, err = w.handler().Invoke(t.Context(), []byte(`{"invocationSchemaVersion":"2.0","invocationId":"i","tasks":[{"taskId":"1","s3Key":"d","s3Bucket":"`+objecttest.Bucket+`"}]}`))
	w.ok(err)
	if !strings.Contains(string(answer), `"2.0"`) || !strings.Contains(string(answer), permanent) {
		t.Errorf("%s", answer)
	}
}

func (w *world) fails(ctx context.Context, event, kind, says string) {
	w.Helper()
	_, err := w.handler().Invoke(ctx, []byte(event))
	var failure messages.InvokeResponse_Error
	if !errors.As(err, &failure) || failure.Type != kind || !strings.Contains(failure.Message, says) {
		w.Errorf("%.60s: %v", event, err)
	}
}

func TestTheFunctionRefusesOtherEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, event := range []string{
		`[]`, `"x"`, `1`, `{`, `{}{}`, `{"x":1}`, `{"cursor":"a"}`, `{"Items":{}}`, `{"Items":[{}]}`, `{"Items":[{"Key":1}]}`, `{"Items":[{"Key":"a"}]} x`,
		`{"invocationSchemaVersion":"3.0"}`, `{"invocationSchemaVersion":1}`, `{"invocationSchemaVersion":"1.0","tasks":{}}`, `{"plan":"yes"}`, `{"report":[]}`,
		`{"plan":true,"plan":false}`, `{"plan":true,"Plan":false}`, `{"cursor":{"versionId":"v"}}`, `{"cursor":{"key":"\ud800"}}`,
	} {
		w.fails(t.Context(), event, "S3Seal.BadRequest", "")
	}
	h := &Handler{}
	h.sweeper, h.err = open(func(string) string { return "" })
	if _, err := h.Invoke(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "BUCKET_NAME is not set") {
		t.Error(err)
	}
}
