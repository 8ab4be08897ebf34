package ssm

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Options are what a Service works with; all are required.
type Options struct{ Authorizer api.Authorizer }

// Service is Parameter Store of all accounts and Regions. It is safe for
// concurrent use.
type Service struct {
	api.JSONService
	opt Options

	mu         sync.Mutex
	parameters map[string]*parameter // by ARN
}

type parameter struct {
	name, typ, value, description string
	version                       int64
	modified                      time.Time
	tags                          map[string]string
}

var (
	_ api.Service    = (*Service)(nil)
	_ api.Parameters = (*Service)(nil)
)

// New makes a Service without parameters.
func New(o Options) *Service {
	s := &Service{opt: o, parameters: map[string]*parameter{}}
	s.JSONService = api.JSONService{Target: "AmazonSSM", Prefix: "ssm", Table: s.operations()}
	return s
}

// Providers implements api.Provisioner.
func (s *Service) Providers() map[string]api.Provider {
	return map[string]api.Provider{"AWS::SSM::Parameter": api.NewProvider(parameterType{s})}
}

// authorize asks for an action on a parameter of the caller's account, and
// returns its ARN.
func (s *Service) authorize(c api.Call, action, name string, keys map[string]iam.Strings) (string, error) {
	arn := arnOf(c, name)
	return arn, s.opt.Authorizer.Authorize(c, api.Access{
		Action: "ssm:" + action, Resource: arn, ResourceAccount: c.Account, Context: keys,
	})
}

// arnOf is the ARN of a name; a parameter of the same account may be named by
// its ARN.
func arnOf(c api.Call, name string) string {
	prefix := c.Place().ARN("ssm", "parameter/")
	return prefix + strings.TrimPrefix(strings.TrimPrefix(name, prefix), "/")
}

// checkSelector refuses a name that says which version it wants, or which label:
// no other is kept than the latest.
//
// Source: Systems Manager API reference, GetParameter, Name.
func checkSelector(c api.Call, name string) error {
	if text := strings.TrimPrefix(name, c.Place().ARN("ssm", "parameter/")); strings.Contains(text, ":") && !strings.HasPrefix(text, "arn:") {
		return invalid("the local AWS keeps no versions and labels of parameters: name %s without what follows the colon", name)
	}
	return nil
}

var nameForm = regexp.MustCompile(`^[a-zA-Z0-9_.\-/]+$`)

// maxValue is the quota of a Standard parameter's value, in bytes.
//
// Source: AWS General Reference, Systems Manager endpoints and quotas.
const maxValue = 4096

func check(name, typ, value string) error {
	lower := strings.ToLower(strings.TrimPrefix(name, "/"))
	switch {
	case !nameForm.MatchString(name) || len(name) > 1011:
		return invalid("Parameter name %q: want letters, digits and ._-/", name)
	case strings.HasPrefix(lower, "aws") || strings.HasPrefix(lower, "ssm"):
		return invalid("Parameter name %q: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).", name)
	case typ == "SecureString":
		return invalid("the local AWS has no parameters of type SecureString; use Secrets Manager")
	case typ != "String" && typ != "StringList":
		return invalid("Parameter type %q: want String or StringList", typ)
	case value == "":
		return invalid("the parameter has no value")
	case len(value) > maxValue:
		return invalid("Standard tier parameters support a maximum parameter value of %d characters.", maxValue)
	}
	return nil
}

func invalid(format string, args ...any) *api.Error {
	return api.Errorf(http.StatusBadRequest, "ValidationException", format, args...)
}

func notFound(name string) *api.Error {
	return api.Errorf(http.StatusBadRequest, "ParameterNotFound", "Parameter %s not found.", name)
}
