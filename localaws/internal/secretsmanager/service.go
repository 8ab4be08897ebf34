package secretsmanager

import (
	"net/http"
	"sync"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Options are what a Service works with; all are required.
type Options struct {
	Authorizer api.Authorizer
	Now        func() time.Time
	Principals api.Principals // for the check of resource policies
	KMS        api.KMS
	Functions  api.Functions // for rotation
}

// Service is Secrets Manager of all accounts and Regions. It is safe for
// concurrent use.
type Service struct {
	api.JSONService
	opt Options

	// mu guards all below, and every *secret. It is held during calls to KMS
	// and the Authorizer, which don't call back, and never while a rotation
	// function runs, which does.
	mu      sync.Mutex
	secrets map[api.Place]map[string]*secret // by name
}

var _ api.Service = (*Service)(nil)

// New makes a Service without any secret.
func New(o Options) *Service {
	s := &Service{opt: o, secrets: map[api.Place]map[string]*secret{}}
	s.JSONService = api.JSONService{Target: "secretsmanager", Prefix: "secretsmanager", Table: s.operations()}
	return s
}

// Providers implements api.Provisioner.
func (s *Service) Providers() map[string]api.Provider {
	return map[string]api.Provider{
		"AWS::SecretsManager::ResourcePolicy":   api.NewProvider(resourcePolicyType{s}),
		"AWS::SecretsManager::RotationSchedule": api.NewProvider(rotationScheduleType{s}),
		"AWS::SecretsManager::Secret":           api.NewImporter(secretType{s}),
	}
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
	return api.Errorf(http.StatusBadRequest, notFoundCode, format, args...)
}

func exists(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "ResourceExistsException", format, args...)
}

func limitExceeded(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "LimitExceededException", format, args...)
}

// notFoundCode is what an operation on a secret that isn't there fails with.
const notFoundCode = "ResourceNotFoundException"
