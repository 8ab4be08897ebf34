// Package lambda tests the functions as Lambda runs them: the built binary, in
// a process of its own, behind the Runtime API.
package lambda

import (
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/internal/object/objecttest"
)

const digits = "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"

// environment is a server's and a function's environment under sse-c.
func environment(t *testing.T) (*objecttest.Server, []string) {
	server := objecttest.NewServer(t, `{"v":1,"primary":"k0","k0":"`+digits+`"}`)
	env := []string{
		"BUCKET_NAME=" + objecttest.Bucket,
		"OBJECT_KEY=test-object",
		"ENCRYPTION=sse-c",
		"SECRET_ARN=" + server.SecretARN,
	}
	for name, value := range server.Environment(t) {
		env = append(env, name+"="+value)
	}
	return server, env
}

func fields(t *testing.T, a answer) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(a.body), &m); err != nil {
		t.Fatalf("the answer is no JSON: %s", a.body)
	}
	return m
}

func checkNoKey(t *testing.T, texts ...string) {
	t.Helper()
	raw, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	objecttest.CheckNoKey(t, raw, texts...)
}

func TestPutThenGet(t *testing.T) {
	t.Parallel()
	_, env := environment(t)
	put, get := startFunction(t, "put", env...), startFunction(t, "get", env...)

	stored := put.invoke(t, `{}`)
	if m := fields(t, stored); stored.failed || m["key"] != "test-object" || m["encryption"] != "sse-c" || m["keyId"] != "k0" || m["versionId"] == nil {
		t.Errorf("put answered %s", stored.body)
	}
	read := get.invoke(t, `{}`)
	if m := fields(t, read); read.failed || m["body"] != "s3seal!" || m["versionId"] != fields(t, stored)["versionId"] || m["contentType"] != "text/plain; charset=utf-8" {
		t.Errorf("get answered %s", read.body)
	}
	checkNoKey(t, stored.body, read.body, put.output.String(), get.output.String())

	var line map[string]any
	if err := json.Unmarshal([]byte(put.output.String()), &line); err != nil {
		t.Fatalf("the log is not one line of JSON: %s", put.output)
	}
	if line["message"] != "put" || line["level"] != "INFO" || line["requestId"] != stored.id || line["timestamp"] == nil || line["keyId"] != "k0" {
		t.Errorf("log line %v", line)
	}
}

func TestFailuresHaveAnErrorType(t *testing.T) {
	t.Parallel()
	server, env := environment(t)
	get := startFunction(t, "get", env...)
	for _, c := range []struct {
		event string
		fault *objecttest.Fault
		want  string
	}{
		{`[1]`, nil, "S3Seal.BadRequest"},
		{`{"key":`, nil, "S3Seal.BadRequest"},
		{`{"key":"none"}`, nil, "S3Seal.ObjectNotFound"},
		{`{}`, &objecttest.Fault{Status: 403, Code: "AccessDenied", Message: digits}, "S3Seal.AccessDenied"},
		{`{}`, &objecttest.Fault{Status: 503, Code: "SlowDown", Message: digits}, "S3Seal.Throttled"},
	} {
		server.Lock()
		server.Fault = func(operation string) *objecttest.Fault {
			if operation == "GetSecretValue" {
				return nil
			}
			return c.fault
		}
		server.Unlock()
		a := get.invoke(t, c.event)
		m := fields(t, a)
		if !a.failed || m["errorType"] != c.want {
			t.Errorf("event %s: %s, want %s", c.event, a.body, c.want)
		}
		if text, _ := m["errorMessage"].(string); text == "" || strings.Contains(text, "object.") {
			t.Errorf("event %s: the message is %q", c.event, text)
		}
		checkNoKey(t, a.body)
	}
	checkNoKey(t, get.output.String())
}

// Lambda retries an asynchronous event under the same request id.
func TestARetryOfCreateOnlyIsNoConflict(t *testing.T) {
	t.Parallel()
	_, env := environment(t)
	put := startFunction(t, "put", env...)
	deadline := time.Now().Add(time.Minute)
	const payload = `{"createOnly":true,"body":"a"}`
	first := put.invokeAs(t, event{"id-1", payload, deadline})
	second := put.invokeAs(t, event{"id-1", payload, deadline})
	if first.failed || second.failed || first.body != second.body {
		t.Errorf("answers %s and %s, want the same object", first.body, second.body)
	}
	if other := put.invokeAs(t, event{"id-2", payload, deadline}); !other.failed || fields(t, other)["errorType"] != "S3Seal.Conflict" {
		t.Errorf("another request: %s", other.body)
	}
}

func TestTheFunctionAnswersBeforeItsTimeout(t *testing.T) {
	t.Parallel()
	server, env := environment(t)
	server.Fault = func(string) *objecttest.Fault { return &objecttest.Fault{Hang: true} }
	get := startFunction(t, "get", env...)
	a := get.invokeAs(t, event{"id-1", `{}`, time.Now().Add(700 * time.Millisecond)})
	if !a.failed || fields(t, a)["errorType"] != "S3Seal.Timeout" {
		t.Errorf("answer %s", a.body)
	}
}

func TestABadEnvironmentIsTheAnswerToEveryEvent(t *testing.T) {
	t.Parallel()
	_, env := environment(t)
	for name, variable := range map[string]string{
		"ENCRYPTION":                       "ENCRYPTION=sse-k",
		"BUCKET_NAME":                      "BUCKET_NAME=",
		"AWS_ENDPOINT_URL_SECRETS_MANAGER": "AWS_ENDPOINT_URL_SECRETS_MANAGER=http://127.0.0.1:1",
		"AWS_CA_BUNDLE":                    "AWS_CA_BUNDLE=nowhere.pem",
		"AWS_REGION":                       "AWS_REGION=",
	} {
		get := startFunction(t, "get", append(env[:len(env):len(env)], variable)...)
		for range 2 {
			a := get.invoke(t, `{}`)
			if m := fields(t, a); m["errorType"] != "S3Seal.BadConfig" || !strings.Contains(m["errorMessage"].(string), name) {
				t.Errorf("%s: %s", variable, a.body)
			}
		}
	}
}
