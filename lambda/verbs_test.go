package lambda

import (
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/internal/object/objecttest"
)

func TestEveryVerbAnswers(t *testing.T) {
	t.Parallel()
	_, env := environment(t)
	run := func(verb, payload string) map[string]any {
		t.Helper()
		f := startFunction(t, verb, env...)
		a := f.invoke(t, payload)
		if a.failed {
			t.Fatalf("%s %s: %s", verb, payload, a.body)
		}
		checkNoKey(t, a.body, f.output.String())
		return fields(t, a)
	}
	put := run("put", `{"body":"text"}`)
	if head := run("head", `{}`); head["etag"] != put["etag"] || head["size"] != 4.0 {
		t.Errorf("head answered %v", head)
	}
	if list := run("list", `{}`); len(list["objects"].([]any)) != 1 {
		t.Errorf("list answered %v", list)
	}
	if made := run("copy", `{"from":{"key":"test-object"},"key":"copy"}`); made["keyId"] != "k0" {
		t.Errorf("copy answered %v", made)
	}
	if signed := run("presign", `{}`); !strings.HasPrefix(signed["url"].(string), "https://") || len(signed["keyHeaders"].([]any)) != 2 {
		t.Errorf("presign answered %v", signed)
	}
	if gone := run("delete", `{"key":"test-object"}`); gone["deleteMarker"] != true {
		t.Errorf("delete answered %v", gone)
	}
	bad := startFunction(t, "delete", env...).invoke(t, `{}`)
	if m := fields(t, bad); !bad.failed || m["errorType"] != "S3Seal.BadRequest" {
		t.Errorf("an empty event deletes: %s", bad.body)
	}
}

func TestStreamSendsTheBytes(t *testing.T) {
	t.Parallel()
	_, env := environment(t)
	body := strings.Repeat("0123456789", 300_000)
	put := startFunction(t, "put", env...).invoke(t, `{"body":"`+body+`","contentType":"text/x"}`)
	if put.failed {
		t.Fatal(put.body)
	}
	stream := startFunction(t, "stream", env...)
	if a := stream.invoke(t, `{}`); a.failed || a.body != body || a.contentType != "text/x" || a.errorType != "" {
		t.Errorf("%d bytes of %s, failed %t, %q", len(a.body), a.contentType, a.failed, a.errorType)
	}
	if a := stream.invoke(t, `{"key":"none"}`); !a.failed || fields(t, a)["errorType"] != "S3Seal.ObjectNotFound" {
		t.Errorf("no object: %.300s", a.body)
	}
	if a := stream.invoke(t, `{"version":1}`); !a.failed || fields(t, a)["errorType"] != "S3Seal.BadRequest" {
		t.Errorf("a bad event: %.300s", a.body)
	}
	checkNoKey(t, stream.output.String())
}

// The caller of a stream learns from its trailers that it broke.
func TestAStreamThatBreaksSaysSo(t *testing.T) {
	t.Parallel()
	server, env := environment(t)
	startFunction(t, "put", env...).invoke(t, `{"body":"`+strings.Repeat("b", 2_000_000)+`"}`)
	stream := startFunction(t, "stream", env...)
	server.Lock()
	server.Fault = func(operation string) *objecttest.Fault {
		if operation == "GetObject" {
			return &objecttest.Fault{Cut: true}
		}
		return nil
	}
	server.Unlock()
	a := stream.invokeAs(t, event{"id-1", `{}`, time.Now().Add(time.Minute)})
	if a.failed || a.errorType != "S3Seal.Unavailable" || len(a.body) > 1_000_000 {
		t.Errorf("%d bytes, failed %t, %q", len(a.body), a.failed, a.errorType)
	}
}
