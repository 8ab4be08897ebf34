package server

import (
	"bufio"
	"crypto/tls"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// serve is a service that is one function.
type serve func(w http.ResponseWriter, r *http.Request)

func (serve) Operations() []string { return nil }

func (f serve) Serve(w http.ResponseWriter, r *http.Request, _ api.Call) { f(w, r) }

// dial sends the head of a signed request, and leaves its body to the test. What
// is read must come within half a minute.
func dial(t *testing.T, s *Server, g signing, body string) *tls.Conn {
	t.Helper()
	r := request(t, "PUT", s.URL()+"/bucket/key", body)
	g.sign(t, r, body)
	var head strings.Builder
	if err := r.Write(&head); err != nil {
		t.Fatal(err)
	}
	c, err := tls.Dial("tcp", strings.TrimPrefix(s.URL(), "https://"), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetReadDeadline(time.Now().Add(30 * time.Second))
	if _, err := io.WriteString(c, strings.TrimSuffix(head.String(), body)); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestClientThatStops: a body that does not go on ends its request and its
// connection, whether a service reads it or not.
//
// Source: S3 developer guide, ErrorResponses (RequestTimeout).
func TestClientThatStops(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{Patience: 300 * time.Millisecond, Services: map[string]api.Service{
		"lambda": serve(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusForbidden) }),
	}})
	c := dial(t, s, good("s3"), "the whole body")
	_, _ = io.WriteString(c, "the whole")
	answer, err := io.ReadAll(c)
	if err != nil || !strings.Contains(string(answer), "400 Bad Request") || !strings.Contains(string(answer), "<Code>RequestTimeout</Code>") {
		t.Errorf("%v %s", err, answer)
	}
	c = dial(t, s, good("lambda"), strings.Repeat("x", 1000))
	if answer, err := io.ReadAll(c); err == nil && !strings.Contains(string(answer), " 403 ") {
		t.Errorf("a body that nobody reads: %v %s", err, answer)
	}
}

// TestSlowIsNotStopped: neither a slow client nor a slow service is taken for one
// that stopped.
func TestSlowIsNotStopped(t *testing.T) {
	t.Parallel()
	const patience = 600 * time.Millisecond
	s := startEcho(t, Options{Patience: patience, Services: map[string]api.Service{
		"kms": serve(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
				t.Error("the client is taken for one that went away")
			case <-time.After(2 * patience):
			}
			_, _ = io.WriteString(w, "late")
		}),
	}})
	body := "0123456789"
	c := dial(t, s, good("s3"), body)
	for i := range len(body) {
		time.Sleep(patience / 5)
		_, _ = io.WriteString(c, body[i:i+1])
	}
	if resp, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("a slow body: %v %v", resp, err)
	}
	r := request(t, "POST", s.URL()+"/", "text")
	good("kms").sign(t, r, "text")
	if resp, answer := do(t, client(t, s), r); resp.StatusCode != http.StatusOK || answer != "late" {
		t.Errorf("a slow service: %s %s", resp.Status, answer)
	}
}

// TestClientThatDoesNotRead: its answer ends.
func TestClientThatDoesNotRead(t *testing.T) {
	t.Parallel()
	ended := make(chan error)
	s := startEcho(t, Options{Patience: 300 * time.Millisecond, Services: map[string]api.Service{
		"s3": serve(func(w http.ResponseWriter, r *http.Request) {
			for {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					ended <- err
					return
				}
			}
		}),
	}})
	dial(t, s, good("s3"), "")
	select {
	case err := <-ended:
		if !strings.Contains(err.Error(), "timeout") {
			t.Error(err)
		}
	case <-time.After(30 * time.Second):
		t.Error("the service still writes")
	}
}

// TestLongBodyIsNotHeld: a body whose hash is signed is compared while the service
// reads it, and only if the signature is right.
func TestLongBodyIsNotHeld(t *testing.T) {
	t.Parallel()
	read := make(chan error, 1)
	s := startEcho(t, Options{Services: map[string]api.Service{
		"s3": serve(func(w http.ResponseWriter, r *http.Request) {
			_, err := io.Copy(io.Discard, r.Body)
			read <- err
		}),
	}})
	body := strings.Repeat("a long body ", maxHeld/8)
	for name, sent := range map[string]string{"": body, "XAmzContentSHA256Mismatch": strings.ToUpper(body)} {
		r := request(t, "PUT", s.URL()+"/bucket/key", body)
		good("s3").sign(t, r, body)
		r.Body = io.NopCloser(strings.NewReader(sent))
		do(t, client(t, s), r)
		if err := <-read; (err == nil) != (name == "") || err != nil && !strings.Contains(err.Error(), name) {
			t.Errorf("%q: %v", name, err)
		}
	}
	g := good("s3")
	g.secret = "wrong"
	c := dial(t, s, g, body)
	answer := make([]byte, 512)
	n, _ := c.Read(answer)
	if !strings.Contains(string(answer[:n]), " 403 ") {
		t.Errorf("the server waits for the body of a request with a wrong signature: %s", answer[:n])
	}
}

// TestLongRequestIsNotRead: a body that must be held before its signature is
// verified has a limit, which holds for a declared length at once.
func TestLongRequestIsNotRead(t *testing.T) {
	t.Parallel()
	s := startEcho(t, Options{})
	c := dial(t, s, good("kms"), strings.Repeat("x", maxRequest+1)) // which sends no byte of it
	answer := make([]byte, 1024)
	n, err := io.ReadAtLeast(c, answer, 256)
	if err != nil || !strings.Contains(string(answer[:n]), " 400 ") || !strings.Contains(string(answer[:n]), "16777216 bytes of a request at most") {
		t.Errorf("%v %s", err, answer[:n])
	}
}
