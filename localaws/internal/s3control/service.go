package s3control

import (
	"bytes"
	"encoding/xml"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3"
)

// Options are what a Service works with; all but Log are required.
type Options struct {
	Authorizer api.Authorizer
	Now        func() time.Time
	STS        api.STS
	S3         *s3.Service
	// Log is told of jobs that fail.
	Log *api.Log
}

// Service is S3 Control of all accounts and Regions. It is safe for concurrent
// use.
type Service struct {
	opt     Options
	running sync.WaitGroup
	stop    chan struct{} // closed by Close: jobs end
	close   sync.Once

	mu   sync.Mutex // guards all below, and every *job
	jobs map[api.Place][]*job
}

var _ api.Service = (*Service)(nil)

// New makes a Service without jobs. Close it before S3.
func New(o Options) *Service {
	return &Service{opt: o, stop: make(chan struct{}), jobs: map[api.Place][]*job{}}
}

// Close ends the jobs that run.
func (s *Service) Close() error {
	s.close.Do(func() { close(s.stop) })
	s.running.Wait()
	return nil
}

// operation is one operation: it reads the request, and gives what the answer's
// body has, nil for none.
type operation struct {
	method string
	path   string // behind the version; "{JobId}" stands for an id
	action string // the name of its IAM action
	serve  func(s *Service, c api.Call, r *http.Request, id string, body []byte) (any, error)
}

// version begins the path of every operation.
const version = "/v20180820"

// Is says whether a request for S3 is one for S3 Control: both have the same
// signing name.
func Is(r *http.Request) bool {
	return r.Header.Get("X-Amz-Account-Id") != "" && strings.HasPrefix(r.URL.Path, version+"/")
}

// Operations implements api.Service.
func (s *Service) Operations() []string { return slices.Sorted(maps.Keys(operations)) }

// maxBody is more than a job needs.
const maxBody = 1 << 18

// Serve implements api.Service.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, c api.Call) {
	name, out, err := s.answer(w, r, c)
	if name != "" {
		name = "s3control:" + name
	}
	c.Trace.Answered(name, err)
	if err != nil {
		api.WriteQueryError(w, c.RequestID, "", err)
		return
	}
	w.Header().Set("Content-Type", "application/xml")
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(out); err != nil {
		api.WriteQueryError(w, c.RequestID, "", err)
		return
	}
	_, _ = w.Write(b.Bytes())
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, c api.Call) (string, any, error) {
	name, id := route(r)
	if name == "" {
		return "", nil, api.Errorf(http.StatusNotImplemented, "NotImplemented", "the local AWS has no operation %s %s of S3 Control", r.Method, r.URL.Path)
	}
	if account := r.Header.Get("X-Amz-Account-Id"); account != c.Account {
		return name, nil, api.Errorf(http.StatusForbidden, "AccessDenied", "the request is for the account %s, and the caller's is %s", account, c.Account)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return name, nil, badRequest("reading the body: %v", err)
	}
	out, err := operations[name].serve(s, c, r, id, body)
	return name, out, err
}

// route finds the operation of a request, and the id in its path.
func route(r *http.Request) (name, id string) {
	given := strings.Split(strings.TrimPrefix(r.URL.Path, version+"/"), "/")
	for name, o := range operations {
		want := strings.Split(o.path, "/")
		if r.Method != o.method || len(given) != len(want) {
			continue
		}
		id, fits := "", true
		for i, part := range want {
			if part == "{JobId}" {
				id = given[i]
			} else if part != given[i] {
				fits = false
			}
		}
		if fits {
			return name, id
		}
	}
	return "", ""
}

func badRequest(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "BadRequestException", format, args...)
}
