package demo

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func newReport(out *bytes.Buffer) *report {
	return &report{out: out, decided: func(string) string { return "" }, stopped: func() bool { return false }}
}

func TestReportShowsRequestAnswerAndReason(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	r := newReport(&out)
	r.decided = func(got string) string { return map[bool]string{true: `"Deny" in a policy`}[got != "ok"] }
	r.scene("A promise", "What is at stake.")
	r.step("aws s3 cp a s3://b/", "403 AccessDenied: no", "403 AccessDenied")
	r.step("aws s3 ls", "ok", "200")
	if err := r.summary(); !errors.Is(err, ErrBroken) || err.Error() != "1 of 2 steps were not as promised" {
		t.Errorf("got %v", err)
	}
	want := `
 1. A promise
    What is at stake.

    $ aws s3 cp a s3://b/
    ✓ 403 AccessDenied: no
      why: "Deny" in a policy
    $ aws s3 ls
    ✗ ok
      promised: 200
1 scenes, 2 steps: 1 not as promised:
  scene 1: aws s3 ls
`
	if out.String() != want {
		t.Errorf("got:%s\nwant:%s", out.String(), want)
	}
}

// The answer of a request that was broken off tells nothing of the promise.
func TestReportSaysNothingAfterAnInterrupt(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	r := newReport(&out)
	r.stopped = func() bool { return true }
	r.scene("A promise", "")
	r.step("aws s3 ls", "interrupted", "ok")
	if out.Len() > 0 || len(r.failed) > 0 {
		t.Errorf("got %q, failed: %v", out.String(), r.failed)
	}
}

func TestStepMatches(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		got, want string
		matches   bool
	}{
		{"403 AccessDenied: x", "403 AccessDenied", true},
		{"ok", "403 AccessDenied", false},
		{"403 AccessDenied: kms:Decrypt", "403 AccessDenied … kms:Decrypt", true},
		{"403 AccessDenied: kms:Encrypt", "403 AccessDenied … kms:Decrypt", false},
	} {
		if got := matches(x.got, x.want); got != x.matches {
			t.Errorf("%q, want %q: %t", x.got, x.want, got)
		}
	}
}

// Of each kind of line that a scene has the longest, with names as they are in
// the accounts.
func TestNoLineIsWiderThanATerminal(t *testing.T) {
	t.Parallel()
	const key = "arn:aws:kms:us-east-1:111122223333:key/1b563771-b2e9-427d-863a-a5dab2ca373e"
	for _, whole := range []bool{false, true} {
		var out bytes.Buffer
		r := newReport(&out)
		r.whole = whole
		r.decided = func(string) string {
			return `"DenyForeignKey" in the bucket policy of demo-sse-s3-111122223333-us-east-1-an denies a request with s3:x-amz-server-side-encryption-aws-kms-key-id "` + key + `"`
		}
		r.scene(strings.Repeat("A promise of many words ", 10), strings.Repeat("stake ", 30))
		r.step("aws s3 cp ransom s3://demo-sse-kms-aws-111122223333-us-east-1-an/hello.txt --sse aws:kms --sse-kms-key-id "+key, "ok "+strings.Repeat("x", 500), "ok")
		r.step("aws s3 ls", strings.Repeat("é", 79)+" 2026", "ok")
		_ = r.summary()
		(&progress{out: &out}).line("source", "cdk deploy demo-logs demo-buckets demo-replication --exclusively --and more")
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("%d columns: %s", n, line)
			}
		}
		if strings.Contains(out.String(), "…") == whole {
			t.Errorf("whole: %t\n%s", whole, out.String())
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	x := strings.Repeat("x", 70)
	for _, c := range []struct{ text, want string }{
		{"", "-"},
		{"a  b\nc", "- a b c"},
		{x + " 12345 789012 end", "- " + x + " 12345|  789012 end"},
		{"a " + strings.Repeat("y", 100), "- a|  " + strings.Repeat("y", 78) + "|  " + strings.Repeat("y", 22)},
		{"https://" + x + "/page", "- https://|  " + x + "/page"},
		{strings.Repeat("\xffa", 45), "- " + strings.Repeat("\ufffda", 39) + "|  " + strings.Repeat("\ufffda", 6)},
	} {
		if got := strings.Join(wrap("- ", "  ", c.text), "|"); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestNamesAreShortenedWhereTheyOnlyFillTheLine(t *testing.T) {
	t.Parallel()
	n := &names{}
	n.call("arn:aws:kms:us-east-1:111122223333:key/1b563771-b2e9-427d-863a-a5dab2ca373e", "key of sse-kms-cmk")
	n.call("", "nothing")
	for text, want := range map[string]string{
		"ok arn:aws:kms:us-east-1:111122223333:key/1b563771-b2e9-427d-863a-a5dab2ca373e.":                                                                   "ok <key of sse-kms-cmk>.",
		"arn:aws:kms:eu-west-1:111122223333:key/c94639f9-3903-46f3-94f6-1ae3cc235045":                                                                       "<key c94639f9…>",
		`"arn:aws:s3:::demo-sse-s3-111122223333-us-east-1-an/hello.txt"`:                                                                                    `"demo-sse-s3-…/hello.txt"`,
		"s3://demo-logs-under-kms-111122223333":                                                                                                             "s3://demo-logs-under-kms-…",
		"User: arn:aws:iam::111122223333:user/administrator is":                                                                                             "User: administrator is",
		"arn:aws:sts::111122223333:assumed-role/s3-user/demo":                                                                                               "role s3-user",
		"demo-buckets-SseS3FunctionsPut21515F68-WI5EKJUTDUPG":                                                                                               "…SseS3FunctionsPut…",
		"(status 404, request id 048f2e18-93e2-4a13-b4dc-d627b692da14)":                                                                                     "(status 404)",
		`"demo-sse-c-111122223333-us-east-1-an","hello.txt","ZDZ2ICZ2BPQV3WBZAJ6BYTPTIV","true","false","17","2026-11-27T18:45:37.530Z","SSE-C","DISABLED"`: `"demo-sse-c-…","hello.txt",…,"SSE-C","DISABLED"`,
		"account 111122223333, us-east-1":                                                                                                                   "account 111122223333, us-east-1",
	} {
		if got := n.shorten(text); got != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
	if got := (&names{whole: true}).shorten("arn:aws:s3:::a"); got != "arn:aws:s3:::a" {
		t.Error(got)
	}
}
