package lambda

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
)

// client is one of the SDK for the functions of f.
func (f *fake) client() *awslambda.Client {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.Serve(w, r, api.Call{RequestID: api.UUID(), Caller: iam.User("arn:aws:iam::" + account + ":user/u"), Account: account, Region: region})
	}))
	f.t.Cleanup(server.Close)
	return awslambda.NewFromConfig(apitest.Config(server.URL, account+"/u", region))
}

// streamed is a stream, read to its end. onChunk is called with what came so far.
func (f *fake) streamed(event string, onChunk func(string)) (string, types.InvokeWithResponseStreamCompleteEvent) {
	f.t.Helper()
	out, err := f.client().InvokeWithResponseStream(f.t.Context(), &awslambda.InvokeWithResponseStreamInput{
		FunctionName: aws.String("fn"), Payload: []byte(event), LogType: types.LogTypeTail,
	})
	if err != nil {
		f.t.Fatal(err)
	}
	defer out.GetStream().Close()
	var b strings.Builder
	var last types.InvokeWithResponseStreamCompleteEvent
	for e := range out.GetStream().Events() {
		switch e := e.(type) {
		case *types.InvokeWithResponseStreamResponseEventMemberPayloadChunk:
			b.Write(e.Value.Payload)
			onChunk(b.String())
		case *types.InvokeWithResponseStreamResponseEventMemberInvokeComplete:
			last = e.Value
		}
	}
	if err := out.GetStream().Err(); err != nil {
		f.t.Fatal(err)
	}
	return b.String(), last
}

// TestStreamArrivesAsItIsMade: the client has the beginning of a response before
// the function has made its end.
func TestStreamArrivesAsItIsMade(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate("")
	file := filepath.Join(t.TempDir(), "go-on")
	const size = 8 << 20 // more than a buffered response may have
	got, last := f.streamed(`{"Do":"stream","Size":8388608,"Text":"`+file+`"}`, func(got string) {
		if len(got) == size {
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				t.Error(err)
			}
		}
	})
	if len(got) != size+len("late") || !strings.HasSuffix(got, "xlate") {
		t.Errorf("%d bytes, ending in %q", len(got), got[max(0, len(got)-10):])
	}
	log, _ := base64.StdEncoding.DecodeString(aws.ToString(last.LogResult))
	wantText(t, "log", string(log), "REPORT RequestId: ")
	equal(t, "error", aws.ToString(last.ErrorCode), "")
}

func TestStreamsThatFail(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate(`{"Timeout":3}`)
	for name, test := range map[string]struct{ event, body, code, details string }{
		"no stream":   {`{"Text":"a"}`, `{"Text":"a"`, "", ""},
		"an error":    {`{"Do":"error","Text":"bad"}`, "", "errorString", `"errorMessage":"bad"`},
		"broken off":  {`{"Do":"stream","Size":10}`, "xxxxxxxxxx", "errorString", `"errorMessage":"broken off"`},
		"an exit":     {`{"Do":"exit","Size":3}`, "", "Runtime.ExitError", "exit status 3"},
		"out of time": {`{"Do":"stream","Size":10,"Text":"/none"}`, "xxxxxxxxxx", "Sandbox.Timedout", "timed out after 3.00 seconds"},
	} {
		got, last := f.streamed(test.event, func(string) {})
		if !strings.HasPrefix(got, test.body) || (test.body == "" && got != "") {
			t.Errorf("%s: %d bytes, %.40q", name, len(got), got)
		}
		equal(t, name, aws.ToString(last.ErrorCode), test.code)
		wantText(t, name, aws.ToString(last.ErrorDetails), test.details)
	}
}

// TestBufferedInvokeOfAStream has the limit of a buffered response, and a stream
// that breaks off is an error as a whole.
func TestBufferedInvokeOfAStream(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate("")
	file := filepath.Join(t.TempDir(), "go-on")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	whole := f.invoke(`{"Do":"stream","Size":3,"Text":"` + file + `"}`)
	equal(t, "response", whole.body, "xxxlate")
	broken := f.invoke(`{"Do":"stream","Size":3}`)
	equal(t, "function error", broken.header.Get("X-Amz-Function-Error"), "Unhandled")
	equal(t, "message", broken.failure.ErrorMessage, "broken off")
	large := f.invoke(`{"Do":"stream","Size":7000000,"Text":"` + file + `"}`)
	equal(t, "too large", large.failure.ErrorType, "Function.ResponseSizeTooLarge")
}

func TestStreamRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.mustCreate("")
	const path = "/2021-11-15/functions/fn/response-streaming-invocations"
	equal(t, "dry run", f.request("POST", path, "{}", "X-Amz-Invocation-Type: DryRun").status, 204)
	equal(t, "event", f.request("POST", path, "{}", "X-Amz-Invocation-Type: Event").status, 400)
	equal(t, "no JSON", f.request("POST", path, "{").status, 400)
	equal(t, "no function", f.request("POST", strings.Replace(path, "/fn/", "/none/", 1), "{}").status, 404)
	f.denied["lambda:InvokeFunction"] = true
	equal(t, "no permission", f.request("POST", path, "{}").status, 403)
}

// TestReadKeepsTheLimit: what is beyond it is counted, and not handed on.
func TestReadKeepsTheLimit(t *testing.T) {
	t.Parallel()
	for size, kept := range map[int]int{0: 0, 9: 9, 10: 10, 11: 10, 200_000: 10} {
		got := 0
		n, err := read(strings.NewReader(strings.Repeat("x", size)), 10, func(p []byte) { got += len(p) })
		if n != int64(size) || got != kept || err != nil {
			t.Errorf("of %d bytes %d are counted and %d kept: %v", size, n, got, err)
		}
	}
	equal(t, "quota", maxStream, 209715200)
}
