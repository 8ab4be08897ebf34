package lambda

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

func TestInvokeAnswersAndUsesTheSandboxAgain(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate("")
	first, second := f.invoke(`{"Text":"a"}`), f.invoke(`{"Text":"b"}`)
	equal(t, "status", first.status, 200)
	equal(t, "answers", first.answer.Text+second.answer.Text, "ab")
	equal(t, "process", second.answer.PID, first.answer.PID)
	equal(t, "count", second.answer.Count, 2)
	equal(t, "version", first.header.Get("X-Amz-Executed-Version"), "$LATEST")
	equal(t, "error", first.header.Get("X-Amz-Function-Error"), "")
	if !regexp.MustCompile(`(?s)^START RequestId: req-1 Version: \$LATEST\n.*END RequestId: req-1\nREPORT RequestId: req-1\tDuration: [0-9.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\t.*Init Duration: [0-9.]+ ms\t\n$`).MatchString(first.log) {
		t.Errorf("log of the cold start: %q", first.log)
	}
	if strings.Contains(second.log, "Init Duration") {
		t.Errorf("log of a warm invocation: %q", second.log)
	}
}

func TestTheEnvironmentIsLambdasAndNothingElse(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://proxy.example:1")
	t.Setenv("AWS_PROFILE", "real")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
	f := newFake(t)
	f.mustCreate(`{"MemorySize":256,"Environment":{"Variables":{"BUCKET":"b"}}}`)
	env := map[string]string{}
	for _, e := range f.invoke(`{"Do":"env"}`).answer.Env {
		k, v, _ := strings.Cut(e, "=")
		env[k] = v
	}
	want := map[string]string{
		"AWS_ACCESS_KEY_ID": "ASIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
		"AWS_REGION": region, "AWS_DEFAULT_REGION": region, "AWS_ENDPOINT_URL": "https://127.0.0.1:1", "AWS_CA_BUNDLE": "/ca.pem",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "AWS_LAMBDA_FUNCTION_NAME": "fn",
		"AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "AWS_LAMBDA_LOG_FORMAT": "Text",
		"AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/fn", "_HANDLER": "bootstrap", "BUCKET": "b", "TZ": ":UTC", "LANG": "en_US.UTF-8",
		"LAMBDA_RUNTIME_DIR": "/var/runtime", "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin",
	}
	for k, v := range want {
		equal(t, k, env[k], v)
		delete(env, k)
	}
	for k := range env {
		if !slices.Contains([]string{"AWS_LAMBDA_RUNTIME_API", "AWS_LAMBDA_LOG_STREAM_NAME", "LAMBDA_TASK_ROOT", "TMPDIR", "HOME", "_X_AMZN_TRACE_ID"}, k) {
			t.Errorf("the function sees %s=%s", k, env[k])
		}
	}
	wantText(t, "Runtime API", env["AWS_LAMBDA_RUNTIME_API"], "127.0.0.1:")
	wantText(t, "trace", env["_X_AMZN_TRACE_ID"], "Root=1-")
}

func TestErrorsOfTheFunction(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		properties, event      string
		errorType, message, in string
	}{
		"returned":         {"", `{"Do":"error","Text":"no key"}`, "errorString", "no key", "END RequestId"},
		"panic":            {"", `{"Do":"panic","Text":"oh"}`, "string", "oh", "END RequestId"},
		"exit":             {"", `{"Do":"exit","Size":1}`, "Runtime.ExitError", "RequestId: req-1 Error: Runtime exited with error: exit status 1", "Status: error\tError Type: Runtime.ExitError"},
		"exit 0":           {"", `{"Do":"exit"}`, "Runtime.ExitError", "Runtime exited without providing a reason", "leaving"},
		"exit at start":    {`{"Environment":{"Variables":{"START":"exit"}}}`, `{}`, "Runtime.ExitError", "exit status 7", "Runtime.ExitError"},
		"timeout":          {`{"Timeout":1}`, `{"Do":"hang"}`, "Sandbox.Timedout", "RequestId: req-1 Error: Task timed out after 1.00 seconds", "req-1 Task timed out after 1.00 seconds"},
		"too big":          {"", `{"Do":"big","Size":7000000}`, "Function.ResponseSizeTooLarge", "exceeded maximum allowed payload size", "END"},
		"no bootstrap":     {`{"Code":{"S3Bucket":"assets","S3Key":"empty.zip"}}`, `{}`, "Runtime.InvalidEntrypoint", "Couldn't find valid bootstrap(s)", "Runtime.InvalidEntrypoint"},
		"not executable":   {`{"Code":{"S3Bucket":"assets","S3Key":"plain.zip"}}`, `{}`, "Runtime.InvalidEntrypoint", "permission denied", "Runtime.InvalidEntrypoint"},
		"another platform": {`{"Code":{"S3Bucket":"assets","S3Key":"other.zip"}}`, `{}`, "Runtime.InvalidEntrypoint", "exec format error", "Runtime.InvalidEntrypoint"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.objects["assets/empty.zip"] = archive(map[string]entry{"readme": {"x", 0o644}})
			f.objects["assets/plain.zip"] = archive(map[string]entry{"bootstrap": {"x", 0o644}})
			f.objects["assets/other.zip"] = archive(map[string]entry{"bootstrap": {"\x7fELFx", 0o755}})
			f.mustCreate(test.properties)
			r := f.invoke(test.event)
			equal(t, "status", r.status, 200)
			equal(t, "X-Amz-Function-Error", r.header.Get("X-Amz-Function-Error"), "Unhandled")
			equal(t, "errorType", r.failure.ErrorType, test.errorType)
			wantText(t, "errorMessage", r.failure.ErrorMessage, test.message)
			wantText(t, "log", r.log, test.in)
		})
	}
}

func TestTheLogIsCompleteAndInOrder(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate(`{"LoggingConfig":{"LogGroup":"custom"}}`)
	f.invoke(`{"Do":"log","Text":"line","Size":2000}`)
	var want []string
	for i := range 2000 {
		want = append(want, fmt.Sprintf("line %d", i), fmt.Sprintf("stderr %d", i))
	}
	want = append(want, "no end of line")
	got := f.logs["custom"]
	if len(got) != len(want)+3 || !slices.Equal(got[1:len(got)-2], want) {
		t.Errorf("%d lines, want START, %d lines, END and REPORT", len(got), len(want))
	}
	equal(t, "streams", len(f.streams), 1)
}

func TestJSONLogs(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate(`{"LoggingConfig":{"LogFormat":"JSON"}}`)
	r := f.invoke(`{}`)
	lines := strings.Split(strings.TrimSpace(r.log), "\n")
	equal(t, "lines", len(lines), 2)
	wantText(t, "first", lines[0], `"type":"platform.start"`)
	wantText(t, "last", lines[1], `"type":"platform.report"`)
	wantText(t, "status", lines[1], `"status":"success"`)
	wantText(t, "status of an error", f.invoke(`{"Do":"error"}`).log, `"status":"failure"`)
}

func TestReservedConcurrencyThrottles(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate(`{"ReservedConcurrentExecutions":1}`)
	gate := filepath.Join(t.TempDir(), "gate")
	var wg sync.WaitGroup
	wg.Go(func() { f.invoke(`{"Do":"wait","Text":"` + gate + `"}`) })
	for running := 0; running == 0; {
		f.Service.mu.Lock()
		running = f.functions[functionARN(region, account, "fn")].running
		f.Service.mu.Unlock()
	}
	r := f.invoke(`{}`)
	equal(t, "status", r.status, 429)
	equal(t, "type", r.header.Get("X-Amzn-ErrorType"), "TooManyRequestsException")
	wantText(t, "body", r.body, `"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded"`)
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	equal(t, "status", f.invoke(`{}`).status, 200)
	wantText(t, "concurrency", f.request("GET", "/2019-09-30/functions/fn/concurrency", "").body, `{"ReservedConcurrentExecutions":1}`)
}

func TestAsynchronousInvocationsAreRetriedTwice(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate("")
	r := f.invoke(`{"Do":"error","Text":"again"}`, "X-Amz-Invocation-Type: Event")
	equal(t, "status", r.status, 202)
	f.work.Wait()
	starts := 0
	for _, line := range f.logs["/aws/lambda/fn"] {
		if strings.HasPrefix(line, "START") {
			starts++
		}
	}
	equal(t, "attempts", starts, 3)
}

func TestRequestsThatInvokeRefuses(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate("")
	equal(t, "dry run", f.invoke(`{}`, "X-Amz-Invocation-Type: DryRun").status, 204)
	equal(t, "no JSON", f.invoke(`{`).header.Get("X-Amzn-ErrorType"), "InvalidRequestContentException")
	equal(t, "too large", f.invoke(`"`+strings.Repeat("x", maxPayload)+`"`).status, 413)
	equal(t, "too large for Event", f.invoke(`"`+strings.Repeat("x", maxAsynchronous)+`"`, "X-Amz-Invocation-Type: Event").status, 413)
	equal(t, "no function", f.request("POST", "/2015-03-31/functions/none/invocations", `{}`).header.Get("X-Amzn-ErrorType"), "ResourceNotFoundException")
	equal(t, "version", f.request("POST", "/2015-03-31/functions/fn/invocations?Qualifier=1", `{}`).status, 404)
	equal(t, "latest", f.request("POST", "/2015-03-31/functions/fn/invocations?Qualifier=$LATEST", `{}`).status, 200)
	equal(t, "by ARN", f.request("POST", "/2015-03-31/functions/arn:aws:lambda:eu-west-1:111111111111:function:fn/invocations", `{}`).status, 200)
	equal(t, "unknown operation", f.request("POST", "/2015-03-31/functions/fn/versions", `{}`).header.Get("X-Amzn-ErrorType"), "UnknownOperationException")
	f.denied["lambda:InvokeFunction"] = true
	equal(t, "denied", f.invoke(`{}`).status, 403)
}

func TestInvokeInProcess(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate("")
	_, failure, err := f.Invoke(api.Call{Account: account, Region: region, RequestID: "r"}, functionARN(region, account, "fn"), []byte(`{"Do":"error"}`))
	if err != nil || failure != "Unhandled" {
		t.Errorf("%q, %v", failure, err)
	}
}
