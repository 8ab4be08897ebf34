package lambda

import (
	"context"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Options are what a Service works with.
type Options struct {
	Authorizer  api.Authorizer
	STS         api.STS             // the session that writes the logs
	Credentials api.RoleCredentials // the session that the code signs with
	Objects     api.Objects
	Logs        api.Logs
	// Environment gives the variables ("NAME=value") by which the SDKs in a
	// function find the local AWS: AWS_ENDPOINT_URL and AWS_CA_BUNDLE. It is
	// asked when a sandbox starts.
	Environment func() []string
	Now         func() time.Time // time.Now if nil
}

// Service is Lambda in all accounts and Regions.
type Service struct {
	Options
	ctx    context.Context // ends the sandboxes
	cancel context.CancelFunc
	work   sync.WaitGroup // invocations

	mu        sync.Mutex
	functions map[string]*function // by ARN
	folder    string               // private, of code and temporary files; made at the first use
	closed    bool
}

// New makes a Service without functions.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Service{Options: o, functions: map[string]*function{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// Close ends every sandbox and removes the files of all functions.
func (s *Service) Close() error {
	s.mu.Lock()
	s.closed = true // from here on no invocation begins
	s.mu.Unlock()
	s.cancel()
	s.work.Wait()
	s.mu.Lock()
	var idle []*sandbox
	for _, f := range s.functions {
		idle = append(idle, f.retire()...)
	}
	folder := s.folder
	s.mu.Unlock()
	for _, b := range idle {
		b.end()
	}
	if folder == "" {
		return nil
	}
	return removeAll(folder)
}

// privateFolder is the folder below which everything on disk is. Service.mu
// must be held.
func (s *Service) privateFolder() (string, error) {
	if s.closed {
		return "", api.Errorf(http.StatusInternalServerError, "ServiceException", "the local AWS is closing")
	}
	if s.folder == "" {
		folder, err := os.MkdirTemp("", "s3seal-lambda-") // mode 0700
		if err != nil {
			return "", err
		}
		s.folder = folder
	}
	return s.folder, nil
}

// Serve answers one request of the REST JSON protocol.
//
// Source: Lambda API reference, Invoke.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, c api.Call) {
	version, rest, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	parts := strings.SplitN(rest, "/", 3)
	if parts[0] != "functions" {
		writeError(w, c, unknownOperation(r))
		return
	}
	id, name := r.Method+" "+version, ""
	if len(parts) > 1 {
		id, name = id+" FUNCTION", parts[1]
	}
	if len(parts) > 2 {
		id += " " + parts[2]
	}
	if q := r.URL.Query().Get("Qualifier"); q != "" {
		name += ":" + q
	}
	if id == invokePath {
		s.serveInvoke(w, r, c, name)
		return
	}
	o, ok := operations[id]
	if !ok {
		writeError(w, c, unknownOperation(r))
		return
	}
	out, err := o.answer(s, c, name)
	if err != nil {
		writeError(w, c, err)
		return
	}
	writeJSON(w, c, http.StatusOK, out)
}

func unknownOperation(r *http.Request) error {
	return api.Errorf(http.StatusNotFound, "UnknownOperationException", "the local AWS does not know the Lambda operation %s %s", r.Method, r.URL.Path)
}

// servicePrincipal is the call by which Lambda assumes a function's role.
func (s *Service) servicePrincipal(account, region string) api.Call {
	return api.Call{
		RequestID: uuid(), Caller: iam.ServicePrincipal("lambda.amazonaws.com"), Account: account, Region: region,
		Time: s.Now(), Secure: true, Context: map[string]iam.Strings{"aws:SecureTransport": {"true"}},
	}
}
