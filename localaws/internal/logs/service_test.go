package logs

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
)

var testTime = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func call() api.Call {
	return api.Call{Account: "111122223333", Region: "eu-west-1", Time: testTime}
}

func do(s *Service, operation, body string) (int, string) {
	return apitest.JSON(s, call(), "Logs_20140328."+operation, body)
}

// must is do for operations that succeed; it decodes the answer.
func must(t *testing.T, s *Service, operation, body string) map[string]any {
	t.Helper()
	status, answer := do(s, operation, body)
	if status != 200 {
		t.Fatalf("%s %s: %d %s", operation, body, status, answer)
	}
	var m map[string]any
	if err := json.Unmarshal([]byte(answer), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func refused(t *testing.T, s *Service, code, operation, body string) {
	t.Helper()
	if status, answer := do(s, operation, body); status != 400 || !strings.Contains(answer, code) {
		t.Errorf("%s %.100s: %d %s, want %s", operation, body, status, answer, code)
	}
}

// events is a JSON list of events so many milliseconds from the test's time.
func events(offsets ...time.Duration) string {
	var list []string
	for _, o := range offsets {
		list = append(list, fmt.Sprintf(`{"timestamp":%d,"message":"at %v"}`, testTime.Add(o).UnixMilli(), o))
	}
	return "[" + strings.Join(list, ",") + "]"
}

func put(events string) string {
	return `{"logGroupName":"g","logStreamName":"s","logEvents":` + events + `}`
}

func withStream(t *testing.T) *Service {
	t.Helper()
	s := New(Options{Authorizer: &apitest.Book{}})
	must(t, s, "CreateLogGroup", `{"logGroupName":"g"}`)
	must(t, s, "CreateLogStream", `{"logGroupName":"g","logStreamName":"s"}`)
	return s
}

func messages(answer map[string]any) string {
	var list []string
	for _, e := range answer["events"].([]any) {
		list = append(list, e.(map[string]any)["message"].(string))
	}
	return strings.Join(list, "; ")
}

func TestGroupLife(t *testing.T) {
	t.Parallel()
	s := withStream(t)
	refused(t, s, "ResourceAlreadyExistsException", "CreateLogGroup", `{"logGroupName":"g"}`)
	refused(t, s, "ResourceAlreadyExistsException", "CreateLogStream", `{"logGroupName":"g","logStreamName":"s"}`)
	refused(t, s, "ResourceNotFoundException", "CreateLogStream", `{"logGroupName":"none","logStreamName":"s"}`)
	must(t, s, "PutRetentionPolicy", `{"logGroupName":"g","retentionInDays":7}`)
	refused(t, s, "InvalidParameterException", "PutRetentionPolicy", `{"logGroupName":"g","retentionInDays":8}`)
	groups := must(t, s, "DescribeLogGroups", `{"logGroupNamePrefix":"g"}`)["logGroups"].([]any)
	g := groups[0].(map[string]any)
	if len(groups) != 1 || g["retentionInDays"] != 7.0 || g["arn"] != "arn:aws:logs:eu-west-1:111122223333:log-group:g:*" {
		t.Errorf("DescribeLogGroups: %v", groups)
	}
	must(t, s, "DeleteLogGroup", `{"logGroupName":"g"}`)
	refused(t, s, "ResourceNotFoundException", "DescribeLogStreams", `{"logGroupName":"g"}`)
	refused(t, s, "UnknownOperationException", "PutSubscriptionFilter", `{}`)
	refused(t, s, "kmsKeyId", "CreateLogGroup", `{"logGroupName":"h","kmsKeyId":"x"}`)
}

func TestPutAndGet(t *testing.T) {
	t.Parallel()
	s := withStream(t)
	must(t, s, "PutLogEvents", put(events(-3*time.Second, -1*time.Second)))
	must(t, s, "PutLogEvents", put(events(-2*time.Second))) // arrives late
	first := must(t, s, "GetLogEvents", `{"logGroupName":"g","logStreamName":"s","startFromHead":true,"limit":2}`)
	if got := messages(first); got != "at -3s; at -2s" {
		t.Errorf("first page: %s", got)
	}
	second := must(t, s, "GetLogEvents", fmt.Sprintf(`{"logGroupName":"g","logStreamName":"s","nextToken":%q}`, first["nextForwardToken"]))
	if got := messages(second); got != "at -1s" {
		t.Errorf("second page: %s", got)
	}
	third := must(t, s, "GetLogEvents", fmt.Sprintf(`{"logGroupName":"g","logStreamName":"s","nextToken":%q}`, second["nextForwardToken"]))
	if messages(third) != "" || third["nextForwardToken"] != second["nextForwardToken"] {
		t.Errorf("at the end: %v after %v", third, second["nextForwardToken"])
	}
	if got := messages(must(t, s, "GetLogEvents", `{"logGroupName":"g","logStreamName":"s","limit":1}`)); got != "at -1s" {
		t.Errorf("the latest: %s", got)
	}
	span := fmt.Sprintf(`{"logGroupName":"g","logStreamName":"s","startTime":%d,"endTime":%d}`,
		testTime.Add(-2*time.Second).UnixMilli(), testTime.Add(-time.Second).UnixMilli())
	if got := messages(must(t, s, "GetLogEvents", span)); got != "at -2s" {
		t.Errorf("from (inclusive) to (exclusive): %s", got)
	}
}

func TestBadBatches(t *testing.T) {
	t.Parallel()
	s := withStream(t)
	for name, body := range map[string]string{
		"empty":          put("[]"),
		"out of order":   put(events(0, -time.Second)),
		"over 24 hours":  put(events(-25*time.Hour, 0)),
		"empty message":  put(fmt.Sprintf(`[{"timestamp":%d,"message":""}]`, testTime.UnixMilli())),
		"unknown member": `{"logGroupName":"g","logStreamName":"s","logEvents":[],"entity":{}}`,
	} {
		if status, answer := do(s, "PutLogEvents", body); status != 400 {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
	refused(t, s, "ResourceNotFoundException", "PutLogEvents", strings.Replace(put(events(0)), `"s"`, `"none"`, 1))
	if err := checkBatch([]inputEvent{{1, strings.Repeat("x", maxBatchBytes-26)}}); err != nil {
		t.Errorf("the largest batch: %v", err)
	}
	if err := checkBatch([]inputEvent{{1, strings.Repeat("x", maxBatchBytes-25)}}); err == nil {
		t.Error("a byte more was accepted")
	}
}

func TestEventsOutOfTimeAreRejectedOneByOne(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		retention int
		offsets   []time.Duration
		info      string
		kept      string
	}{
		"all good":    {0, []time.Duration{-time.Hour, 0}, "<nil>", "at -1h0m0s; at 0s"},
		"too old":     {0, []time.Duration{-maxAge - time.Second, -maxAge}, "map[tooOldLogEventEndIndex:1]", "at -336h0m0s"},
		"too new":     {0, []time.Duration{maxAhead, maxAhead + time.Second}, "map[tooNewLogEventStartIndex:1]", "at 2h0m0s"},
		"expired":     {1, []time.Duration{-24*time.Hour - time.Second, -23 * time.Hour}, "map[expiredLogEventEndIndex:1]", "at -23h0m0s"},
		"all too old": {0, []time.Duration{-maxAge - 2*time.Second, -maxAge - time.Second}, "map[tooOldLogEventEndIndex:2]", ""},
	}
	for name, test := range tests {
		s := withStream(t)
		if test.retention > 0 {
			must(t, s, "PutRetentionPolicy", fmt.Sprintf(`{"logGroupName":"g","retentionInDays":%d}`, test.retention))
		}
		answer := must(t, s, "PutLogEvents", put(events(test.offsets...)))
		if got := fmt.Sprint(answer["rejectedLogEventsInfo"]); got != test.info {
			t.Errorf("%s: rejected %s, want %s", name, got, test.info)
		}
		if got := messages(must(t, s, "GetLogEvents", `{"logGroupName":"g","logStreamName":"s"}`)); got != test.kept {
			t.Errorf("%s: kept %q, want %q", name, got, test.kept)
		}
	}
}

func TestRetentionEndsEvents(t *testing.T) {
	t.Parallel()
	s := withStream(t)
	must(t, s, "PutLogEvents", put(events(-25*time.Hour)))
	must(t, s, "PutLogEvents", put(events(-time.Hour)))
	must(t, s, "PutRetentionPolicy", `{"logGroupName":"g","retentionInDays":1}`)
	if got := messages(must(t, s, "FilterLogEvents", `{"logGroupName":"g"}`)); got != "at -1h0m0s" {
		t.Errorf("kept %q", got)
	}
}

func TestFilter(t *testing.T) {
	t.Parallel()
	s := New(Options{Authorizer: &apitest.Book{}})
	c := call()
	for stream, lines := range map[string][]string{"a": {"ERROR one thing", "INFO one thing"}, "b": {"ERROR another thing"}} {
		if err := s.Put(c, "/aws/lambda/f", stream, lines); err != nil {
			t.Fatal(err)
		}
	}
	for pattern, want := range map[string]string{
		"":                   "ERROR one thing; INFO one thing; ERROR another thing",
		"ERROR":              "ERROR one thing; ERROR another thing",
		"thing ERROR":        "ERROR one thing; ERROR another thing",
		`\"one thing\" INFO`: "INFO one thing",
		"error":              "",
	} {
		if got := messages(must(t, s, "FilterLogEvents", `{"logGroupName":"/aws/lambda/f","filterPattern":"`+pattern+`"}`)); got != want {
			t.Errorf("%s: %s, want %s", pattern, got, want)
		}
	}
	if got := messages(must(t, s, "FilterLogEvents", `{"logGroupName":"/aws/lambda/f","logStreamNames":["b"]}`)); got != "ERROR another thing" {
		t.Errorf("one stream: %s", got)
	}
	page := must(t, s, "FilterLogEvents", `{"logGroupName":"/aws/lambda/f","limit":2}`)
	rest := must(t, s, "FilterLogEvents", fmt.Sprintf(`{"logGroupName":"/aws/lambda/f","limit":2,"nextToken":%q}`, page["nextToken"]))
	if messages(page) != "ERROR one thing; INFO one thing" || messages(rest) != "ERROR another thing" || rest["nextToken"] != nil {
		t.Errorf("pages %v and %v", page, rest)
	}
	for _, pattern := range []string{"?a ?b", "a -b", "{ $.x = 1 }", "[a, b]", "%a%", `\"open`} {
		refused(t, s, "InvalidParameterException", "FilterLogEvents", `{"logGroupName":"/aws/lambda/f","filterPattern":"`+pattern+`"}`)
	}
}

// TestPutAsksForWhatItMakes: the in-process Put makes group and stream only if
// they are missing, and each step needs its permission.
func TestPutAsksForWhatItMakes(t *testing.T) {
	t.Parallel()
	b := &apitest.Book{}
	s := New(Options{Authorizer: b})
	if err := s.Put(call(), "g", "s", []string{"line", ""}); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(call(), "g", "s", []string{"next"}); err != nil {
		t.Fatal(err)
	}
	if n := len(slices.DeleteFunc(slices.Clone(b.Asked), func(a string) bool { return !strings.HasPrefix(a, "logs:CreateLogGroup ") })); n != 1 {
		t.Errorf("CreateLogGroup asked %d times in %q", n, b.Asked)
	}
	if want := "logs:PutLogEvents arn:aws:logs:eu-west-1:111122223333:log-group:g:log-stream:s"; !slices.Contains(b.Asked, want) {
		t.Errorf("asked %q, want %s", b.Asked, want)
	}
	for _, deny := range []string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"} {
		s := New(Options{Authorizer: &apitest.Book{Deny: deny}})
		if err := s.Put(call(), "g", "s", []string{"line"}); !api.HasCode(err, "AccessDeniedException") {
			t.Errorf("%s denied: %v", deny, err)
		}
	}
}

func TestLogGroupResource(t *testing.T) {
	t.Parallel()
	s := New(Options{Authorizer: &apitest.Book{}})
	p, stack := s.Providers()["AWS::Logs::LogGroup"], api.StackContext{Call: call(), StackName: "stack"}
	first := json.RawMessage(`{"LogGroupName":"/aws/lambda/f","RetentionInDays":"731","Tags":[{"Key":"a","Value":"b"}]}`)
	r, err := p.Create(t.Context(), stack, "L", first)
	if err != nil || r.PhysicalID != "/aws/lambda/f" || r.Attributes["Arn"] != "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:*" {
		t.Fatalf("%+v, %v", r, err)
	}
	group := func() *group { return s.groups[at(call(), "/aws/lambda/f")] }
	if group().retention != 731 || group().tags["a"] != "b" {
		t.Errorf("group %+v", group())
	}
	second := json.RawMessage(`{"LogGroupName":"/aws/lambda/f","Tags":[{"Key":"a","Value":"b"}]}`)
	if _, err := p.Update(t.Context(), stack, "L", r, first, second); err != nil || group().retention != 0 {
		t.Errorf("retention %d, %v", group().retention, err)
	}
	named, err := p.Create(t.Context(), stack, "L", json.RawMessage(`{}`))
	if err != nil || !strings.HasPrefix(named.PhysicalID, "stack-L-") {
		t.Errorf("generated name: %+v, %v", named, err)
	}
	for range 2 {
		if err := p.Delete(t.Context(), stack, "L", r); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{`{"KmsKeyId":"arn:aws:kms:x"}`, `{"RetentionInDays":8}`, `{"RetentionInDays":"a"}`, `{"LogGroupClass":"DELIVERY"}`} {
		before := len(s.groups)
		if _, err := p.Create(t.Context(), stack, "B", json.RawMessage(bad)); err == nil || len(s.groups) != before {
			t.Errorf("%s: %v, %d groups after %d", bad, err, len(s.groups), before)
		}
	}
}

func TestFailedCreationLeavesNoGroup(t *testing.T) {
	t.Parallel()
	s := New(Options{Authorizer: &apitest.Book{Deny: "logs:PutRetentionPolicy"}})
	r, err := s.Providers()["AWS::Logs::LogGroup"].Create(t.Context(), api.StackContext{Call: call()}, "L", json.RawMessage(`{"LogGroupName":"g","RetentionInDays":7}`))
	if !api.HasCode(err, "AccessDeniedException") || r.PhysicalID != "" || len(s.groups) != 0 {
		t.Errorf("%+v, %v; %d groups", r, err, len(s.groups))
	}
}
