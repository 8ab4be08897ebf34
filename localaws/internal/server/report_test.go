package server

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// buffer is a log that a test reads while the server writes.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// has waits for a text: the log is written when the answer is out.
func (b *buffer) has(text string) bool {
	for range 200 {
		if strings.Contains(b.String(), text) {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

func TestPanicIsAnsweredAndLogged(t *testing.T) {
	t.Parallel()
	var log buffer
	s := startEcho(t, Options{Log: api.NewLog(&log)})
	c := client(t, s)
	// Source: S3 API reference, ErrorResponses; IAM API reference, CommonErrors.
	for service, code := range map[string]string{"s3": "<Code>InternalError</Code>", "sts": "<Code>InternalFailure</Code>", "kms": "InternalFailure", "lambda": "InternalFailure"} {
		r := request(t, "POST", s.URL()+"/", "")
		r.Header.Set("Panic", "before the answer")
		good(service).sign(t, r, "")
		resp, body := do(t, c, r)
		id := resp.Header.Get("X-Amzn-Requestid") + resp.Header.Get("X-Amz-Request-Id")
		if resp.StatusCode != 500 || !strings.Contains(body+resp.Header.Get("X-Amzn-Errortype"), code) || id == "" || resp.Header.Get("Echo-Service") != "" {
			t.Errorf("%s: %s %q %v %s", service, resp.Status, id, resp.Header, body)
		}
		if !log.has("panic: a mistake, request "+id+"\n") || !log.has("echo_test.go:") || !log.has(", request "+id+"\n    ") {
			t.Errorf("%s: the log has no panic with its stack, or no refusal:\n%s", service, log.String())
		}
	}
	// An answer that has begun is cut off.
	r := request(t, "POST", s.URL()+"/", "")
	r.Header.Set("Panic", "in the answer")
	good("kms").sign(t, r, "")
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("the half of an answer looks whole: %q", body)
	}
	// The server goes on.
	r = request(t, "POST", s.URL()+"/", "x")
	good("kms").sign(t, r, "x")
	if resp, body := do(t, c, r); resp.StatusCode != 200 || body != "x" {
		t.Errorf("after the panics: %s %s", resp.Status, body)
	}
}

func TestLogSaysWhoWasRefusedBeforeAnyService(t *testing.T) {
	t.Parallel()
	var log buffer
	s := startEcho(t, Options{Log: api.NewLog(&log)})
	c := client(t, s)
	r := request(t, "GET", s.URL()+"/bucket/key?X-Amz-Meta=secret", "")
	wrong := good("s3")
	wrong.secret = "another"
	wrong.sign(t, r, "")
	do(t, c, r)
	if !log.has(`403 SignatureDoesNotMatch: GET /bucket/key by access key "`+longTerm+`", not verified, request `) || strings.Contains(log.String(), "Meta=secret") {
		t.Error(log.String())
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "https://"))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = conn.Write([]byte("GET / HTTP/1.1\r\n\r\n"))
	conn.Close()
	if !log.has("TLS handshake error from 127.0.0.1") {
		t.Error("no word of a failed handshake:\n" + log.String())
	}
}
