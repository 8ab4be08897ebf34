package kms

import (
	"net/http"
	"sync"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Options are what a Service works with; all but Metrics are required.
type Options struct {
	Authorizer api.Authorizer
	Now        func() time.Time
	Principals api.Principals // for the check of key policies
	Metrics    api.Metrics
}

// Service is KMS of all accounts and Regions. It is safe for concurrent use.
type Service struct {
	api.JSONService
	opt Options

	mu      sync.Mutex // guards all below, and every *key
	keys    map[string]*key
	aliases map[api.Place]map[string]string // alias name to key id
}

var (
	_ api.Service = (*Service)(nil)
	_ api.KMS     = (*Service)(nil)
)

// New makes a Service without any key.
func New(o Options) *Service {
	s := &Service{opt: o, keys: map[string]*key{}, aliases: map[api.Place]map[string]string{}}
	s.JSONService = api.JSONService{Target: "TrentService", Prefix: "kms", Table: s.operations()}
	return s
}

// Providers implements api.Provisioner.
func (s *Service) Providers() map[string]api.Provider {
	return map[string]api.Provider{
		"AWS::KMS::Alias": api.NewProvider(aliasType{s}),
		"AWS::KMS::Key":   api.NewImporter(keyType{s}),
	}
}

// empty is the answer of operations that return nothing.
type empty struct{}

func validation(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "ValidationException", format, args...)
}

func notFound(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "NotFoundException", format, args...)
}
