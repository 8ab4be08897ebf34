package lambda

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A function is a running function's process and the Lambda Runtime API that it
// talks to: the process asks for the next event, and posts an answer or a
// failure for it.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type function struct {
	events  chan event
	answers chan answer
	dead    chan struct{} // closed when the process has ended
	output  *output
	kill    func()
	pid     int
}

type event struct {
	id, payload string
	deadline    time.Time
}

// An answer is what the process posted, as the function's answer or its failure.
type answer struct {
	id, body    string
	failed      bool
	contentType string
	errorType   string // of an answer that broke after its beginning
}

// startFunction runs a function until the test's end.
func startFunction(t *testing.T, name string, env ...string) *function {
	t.Helper()
	return startBinary(t, filepath.Join(binaries(t), name), env...)
}

// startBinary runs the binary of a function until the test's end.
func startBinary(t *testing.T, path string, env ...string) *function {
	t.Helper()
	return startCommand(t, exec.Command(path), filepath.Base(path), env...)
}

// startCommand runs a command as the function name.
func startCommand(t *testing.T, cmd *exec.Cmd, name string, env ...string) *function {
	t.Helper()
	f := &function{events: make(chan event), answers: make(chan answer, 1), dead: make(chan struct{}), output: new(output)}
	api := httptest.NewServer(f)
	// Not os.Environ: a function sees its own environment only.
	cmd.Env = append([]string{
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(api.URL, "http://"),
		"AWS_LAMBDA_FUNCTION_NAME=" + name,
		"AWS_LAMBDA_LOG_FORMAT=JSON",
		"HOME=" + t.TempDir(),
	}, env...)
	cmd.Stdout, cmd.Stderr = f.output, f.output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	f.pid = cmd.Process.Pid
	go func() {
		cmd.Wait()
		close(f.dead)
	}()
	f.kill = func() {
		cmd.Process.Kill()
		<-f.dead
	}
	t.Cleanup(func() {
		f.kill()
		api.CloseClientConnections()
		api.Close()
	})
	return f
}

// invoke sends one event and returns the answer.
func (f *function) invoke(t *testing.T, payload string) answer {
	t.Helper()
	return f.invokeAs(t, event{"6bc28136-xmpl-4365-b021-0ce6b2e64ab0", payload, time.Now().Add(time.Minute)})
}

func (f *function) invokeAs(t *testing.T, e event) answer {
	t.Helper()
	select {
	case f.events <- e:
	case <-f.dead:
		t.Fatalf("the function's process has ended:\n%s", f.output)
	}
	select {
	case a := <-f.answers:
		if a.id != e.id {
			t.Fatalf("an answer to the request %s, want %s", a.id, e.id)
		}
		return a
	case <-f.dead:
		t.Fatalf("the function's process has ended:\n%s", f.output)
	}
	panic("unreachable")
}

// ServeHTTP is the Runtime API.
func (f *function) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, ok := strings.CutPrefix(r.URL.Path, "/2018-06-01/runtime/invocation/")
	id, kind, _ := strings.Cut(path, "/")
	switch {
	case ok && path == "next":
		select {
		case e := <-f.events:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", e.id)
			w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(e.deadline.UnixMilli(), 10))
			w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:111122223333:function:f")
			io.WriteString(w, e.payload)
		case <-r.Context().Done():
		}
	case ok && (kind == "response" || kind == "error"):
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
		f.answers <- answer{id, string(body), kind == "error", r.Header.Get("Content-Type"), r.Trailer.Get("Lambda-Runtime-Function-Error-Type")}
	default:
		http.Error(w, fmt.Sprintf("no such call: %s", r.URL.Path), http.StatusNotFound)
	}
}

// An output is what a process writes while the test reads it.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

var built struct {
	once sync.Once
	dir  string
	err  error
}

// binaries returns the folder of the functions, built once for this machine.
func binaries(t *testing.T) string {
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "functions"); built.err == nil {
			built.err = build("..", "", built.dir, functions(t)...)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.dir
}

func TestMain(m *testing.M) {
	status := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(status)
}
