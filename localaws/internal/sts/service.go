package sts

import (
	"net/http"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/identity"
)

// Options are what a Service works with; all are required.
type Options struct {
	Authorizer api.Authorizer
	Directory  *identity.Directory // the users and roles
}

// Service is STS of all accounts and Regions.
type Service struct {
	api.QueryService
	opt Options
}

var (
	_ api.Service         = (*Service)(nil)
	_ api.STS             = (*Service)(nil)
	_ api.RoleCredentials = (*Service)(nil)
)

// New makes a Service.
func New(o Options) *Service {
	s := &Service{opt: o}
	s.QueryService = api.QueryService{Namespace: "https://sts.amazonaws.com/doc/2011-06-15/", Prefix: "sts", Table: s.operations()}
	return s
}

func invalid(format string, args ...any) *api.Error {
	return api.Errorf(http.StatusBadRequest, "ValidationError", format, args...)
}
