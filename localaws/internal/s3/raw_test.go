package s3

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// answer is a raw answer.
type answer struct {
	status int
	header http.Header
	body   string
	err    struct{ Code, Message, ArgumentName, ArgumentValue, Detail string }
}

// send sends a request as the account's root, with headers and queries that
// no SDK would send.
func (w *world) send(server *httptest.Server, method, path, body string, header map[string]string) answer {
	w.t.Helper()
	r, err := http.NewRequest(method, server.URL+path, strings.NewReader(body))
	w.ok(err)
	w.mu.Lock()
	w.callers["ROOT"] = iam.AccountRoot(home)
	w.mu.Unlock()
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=ROOT/20261122/"+tokyo+"/s3/aws4_request")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	return w.read(server.Client().Do(r))
}

func (w *world) read(out *http.Response, err error) answer {
	w.t.Helper()
	w.ok(err)
	defer out.Body.Close()
	text, err := io.ReadAll(out.Body)
	w.ok(err)
	a := answer{status: out.StatusCode, header: out.Header, body: string(text)}
	if out.StatusCode >= 400 && len(text) > 0 {
		w.ok(xml.Unmarshal(text, &a.err))
	}
	return a
}

// files are those of bodies that are not held in memory.
func (w *world) files() []string {
	w.t.Helper()
	files, err := filepath.Glob(filepath.Join(w.temp, "*", "*"))
	w.ok(err)
	return files
}

func codeOf(err error) string {
	var e *api.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func callerOf(account string) iam.Caller { return iam.AccountRoot(account) }
