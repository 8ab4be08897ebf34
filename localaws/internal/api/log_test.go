package api_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

func TestLogEntryHasNoLineOfTheClients(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	l := api.NewLog(&b)
	l.Entry("200 of a\n2026/01/01 forged\x1b[2J", "first\n  second\r", `request has "https://h/k?X-Amz-Signature=0123&X-Amz-Security-Token=abc&x=1"`)
	l.Standard().Print("http: a line\nand another")
	for i, line := range strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n") {
		if beneath := strings.HasPrefix(line, "    "); beneath != (i >= 1 && i <= 3) {
			t.Errorf("line %d: %q", i, line)
		}
	}
	for _, bad := range []string{"\x1b", "\r", "0123", "abc"} {
		if strings.Contains(b.String(), bad) {
			t.Errorf("the log has %q: %s", bad, b.String())
		}
	}
	if !strings.Contains(b.String(), "&x=1") {
		t.Error(b.String())
	}
	var none *api.Log
	none.Entry("dropped")
	none.Standard().Print("dropped")
}

func TestTraceIsBoundedAndEnds(t *testing.T) {
	t.Parallel()
	var x api.Trace
	x.Decided("arn:first", "")
	for range 1000 {
		if !x.Decided("arn:next", "no") {
			t.Fatal("not kept")
		}
	}
	if d := x.Denials(); len(d) != 11 || d[10] != "and 990 more" {
		t.Errorf("%d %q", len(d), d)
	}
	x.Answered("s3:DeleteObjects", api.Errorf(403, "AccessDenied", "no"))
	if operation, resource, err := x.End(); operation != "s3:DeleteObjects" || resource != "arn:first" || err.Code != "AccessDenied" {
		t.Error(operation, resource, err)
	}
	if x.Decided("arn:late", "no") {
		t.Error("a denial after the answer is kept by nobody, and nobody says so")
	}
	var none *api.Trace
	none.Answered("", nil)
	if none.Decided("", "no") || none.Denials() != nil {
		t.Error("the nil trace keeps something")
	}
}
