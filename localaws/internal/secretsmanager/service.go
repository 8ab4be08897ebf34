package secretsmanager

import (
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Dependencies are what a Service works with; all are required.
type Dependencies struct {
	Authorizer api.Authorizer
	KMS        api.KMS
	Functions  api.Functions  // for rotation
	Principals api.Principals // for the check of resource policies
	Clock      func() time.Time
}

// Service is Secrets Manager of all accounts and Regions. It is safe for
// concurrent use.
type Service struct {
	deps       Dependencies
	operations map[string]api.JSONOperation

	// mu guards all below, and every *secret. It is held during calls to KMS
	// and the Authorizer, which don't call back, and never while a rotation
	// function runs, which does.
	mu      sync.Mutex
	secrets map[place]map[string]*secret // by name
}

// place is where a secret lives: it exists in no other account or Region.
type place struct{ account, region string }

var _ api.Service = (*Service)(nil)

// New makes a Service without any secret.
func New(d Dependencies) *Service {
	s := &Service{deps: d, secrets: map[place]map[string]*secret{}}
	s.operations = map[string]api.JSONOperation{
		"CancelRotateSecret":       api.NewJSONOperation(s.cancelRotateSecret),
		"CreateSecret":             api.NewJSONOperation(s.createSecret),
		"DeleteResourcePolicy":     api.NewJSONOperation(s.deleteResourcePolicy),
		"DeleteSecret":             api.NewJSONOperation(s.deleteSecret),
		"DescribeSecret":           api.NewJSONOperation(s.describeSecret),
		"GetRandomPassword":        api.NewJSONOperation(s.getRandomPassword),
		"GetResourcePolicy":        api.NewJSONOperation(s.getResourcePolicy),
		"GetSecretValue":           api.NewJSONOperation(s.getSecretValue),
		"ListSecretVersionIds":     api.NewJSONOperation(s.listSecretVersionIds),
		"ListSecrets":              api.NewJSONOperation(s.listSecrets),
		"PutResourcePolicy":        api.NewJSONOperation(s.putResourcePolicy),
		"PutSecretValue":           api.NewJSONOperation(s.putSecretValue),
		"RestoreSecret":            api.NewJSONOperation(s.restoreSecret),
		"RotateSecret":             api.NewJSONOperation(s.rotateSecret),
		"TagResource":              api.NewJSONOperation(s.tagResource),
		"UntagResource":            api.NewJSONOperation(s.untagResource),
		"UpdateSecret":             api.NewJSONOperation(s.updateSecret),
		"UpdateSecretVersionStage": api.NewJSONOperation(s.updateSecretVersionStage),
	}
	return s
}

// Serve answers a request in the AWS JSON 1.1 protocol.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, c api.Call) {
	api.ServeJSON(w, r, c, "secretsmanager", "secretsmanager", s.operations)
}

// empty is the answer of operations that return nothing.
type empty struct{}

func invalidParameter(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "InvalidParameterException", format, args...)
}

func invalidRequest(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "InvalidRequestException", format, args...)
}

func validation(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "ValidationException", format, args...)
}

func notFound(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "ResourceNotFoundException", format, args...)
}

func exists(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "ResourceExistsException", format, args...)
}

func limitExceeded(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "LimitExceededException", format, args...)
}

func isNotFound(err error) bool {
	var e *api.Error
	return errors.As(err, &e) && e.Code == "ResourceNotFoundException"
}
