package s3

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// Options are what the service depends on. All fields but TempDir,
// AfterRequest, Log and those of notifications are needed.
type Options struct {
	Authorizer api.Authorizer
	KMS        api.KMS
	STS        api.STS
	Now        func() time.Time

	// Principals knows whom a bucket policy may name.
	Principals api.Principals

	// TempDir is where the private folder for large bodies is made; "" is
	// the system's.
	TempDir string

	// AfterRequest is called after each request, when the answer is out.
	AfterRequest func(Finished)

	// Log is told of each replication, and each notification, that fails.
	Log *api.Log

	// Metrics gets those of replication; nil: nobody does.
	Metrics api.Metrics

	// Of notifications: where they go, and who caused an event.
	Queues      api.Queues
	Topics      api.Topics
	Events      api.Events
	InvokeLater func(c api.Call, function string, payload []byte) error
	UserID      func(iam.Caller) (string, error)
}

// Service is S3. Make one with New.
type Service struct {
	opt    Options
	keys   *sse.Keeper
	bodies *sealed.Store

	mu      sync.RWMutex
	buckets map[string]*bucket

	replication *replicator
	sequence    atomic.Uint64 // of events
}

var (
	_ api.Service = (*Service)(nil)
	_ api.Objects = (*Service)(nil)
)

// New makes an empty S3. Close it to remove its files.
func New(o Options) (*Service, error) {
	bodies, err := sealed.NewStore(o.TempDir)
	if err != nil {
		return nil, fmt.Errorf("s3: %w", err)
	}
	s := &Service{opt: o, keys: sse.NewKeeper(o.KMS, o.Now), bodies: bodies, buckets: map[string]*bucket{}}
	s.replication = newReplicator(s)
	return s, nil
}

// Providers implements api.Provisioner.
func (s *Service) Providers() map[string]api.Provider {
	return map[string]api.Provider{
		"AWS::S3::Bucket":       api.NewImporter(bucketType{s}),
		"AWS::S3::BucketPolicy": api.NewImporter(bucketPolicyType{s}),
	}
}

// Close stops replication and removes the files of spilled bodies. Requests
// under way may fail.
func (s *Service) Close() error {
	s.replication.close()
	return s.bodies.Close()
}

// Serve answers one request.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, c api.Call) {
	rq := newRequest(w, r, c)
	rq.w.Header().Set("x-amz-request-id", c.RequestID)
	rq.w.Header().Set("x-amz-id-2", HostID)
	rq.w.Header().Set("Server", "AmazonS3")
	err := s.serve(rq)
	operation := ""
	if rq.Operation != "" {
		operation = "s3:" + rq.Operation
	}
	c.Trace.Answered(operation, err)
}

// serve answers a request. The error is what the answer says: an *api.Error.
func (s *Service) serve(rq *request) error {
	err := s.dispatch(rq)
	if err != nil {
		err = rq.fail(err)
	}
	if s.opt.AfterRequest != nil {
		s.opt.AfterRequest(rq.finished())
	}
	return err
}

// HostID is the x-amz-id-2 of every answer: it stands for S3's extended request
// id.
const HostID = "bG9jYWwgYXdz"
