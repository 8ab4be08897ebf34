package kms

import (
	"net/http"
	"sync"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Dependencies are what a Service works with; all are required.
type Dependencies struct {
	Authorizer api.Authorizer
	Clock      func() time.Time
	Principals api.Principals // for the check of key policies
}

// Service is KMS of all accounts and Regions. It is safe for concurrent use.
type Service struct {
	deps       Dependencies
	operations map[string]api.JSONOperation

	mu      sync.Mutex // guards all below, and every *key
	keys    map[string]*key
	aliases map[place]map[string]string // alias name to key id
}

// place is where a key lives: it exists in no other account or Region.
type place struct{ account, region string }

var (
	_ api.Service = (*Service)(nil)
	_ api.KMS     = (*Service)(nil)
)

// New makes a Service without any key.
func New(d Dependencies) *Service {
	s := &Service{deps: d, keys: map[string]*key{}, aliases: map[place]map[string]string{}}
	s.operations = map[string]api.JSONOperation{
		"CancelKeyDeletion":               api.NewJSONOperation(s.cancelKeyDeletion),
		"CreateAlias":                     api.NewJSONOperation(s.createAlias),
		"CreateKey":                       api.NewJSONOperation(s.createKey),
		"Decrypt":                         api.NewJSONOperation(s.decryptOperation),
		"DeleteAlias":                     api.NewJSONOperation(s.deleteAlias),
		"DescribeKey":                     api.NewJSONOperation(s.describeKey),
		"DisableKey":                      api.NewJSONOperation(s.disableKey),
		"DisableKeyRotation":              api.NewJSONOperation(s.disableKeyRotation),
		"EnableKey":                       api.NewJSONOperation(s.enableKey),
		"EnableKeyRotation":               api.NewJSONOperation(s.enableKeyRotation),
		"Encrypt":                         api.NewJSONOperation(s.encryptOperation),
		"GenerateDataKey":                 api.NewJSONOperation(s.generateDataKeyOperation),
		"GenerateDataKeyWithoutPlaintext": api.NewJSONOperation(s.generateDataKeyWithoutPlaintext),
		"GenerateRandom":                  api.NewJSONOperation(s.generateRandom),
		"GetKeyPolicy":                    api.NewJSONOperation(s.getKeyPolicy),
		"GetKeyRotationStatus":            api.NewJSONOperation(s.getKeyRotationStatus),
		"ListAliases":                     api.NewJSONOperation(s.listAliases),
		"ListKeys":                        api.NewJSONOperation(s.listKeys),
		"ListResourceTags":                api.NewJSONOperation(s.listResourceTags),
		"PutKeyPolicy":                    api.NewJSONOperation(s.putKeyPolicy),
		"ReEncrypt":                       api.NewJSONOperation(s.reEncrypt),
		"RotateKeyOnDemand":               api.NewJSONOperation(s.rotateKeyOnDemand),
		"ScheduleKeyDeletion":             api.NewJSONOperation(s.scheduleKeyDeletion),
		"TagResource":                     api.NewJSONOperation(s.tagResource),
		"UntagResource":                   api.NewJSONOperation(s.untagResource),
		"UpdateAlias":                     api.NewJSONOperation(s.updateAlias),
		"UpdateKeyDescription":            api.NewJSONOperation(s.updateKeyDescription),
	}
	return s
}

// Serve answers a request in the AWS JSON 1.1 protocol.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, c api.Call) {
	api.ServeJSON(w, r, c, "TrentService", "kms", s.operations)
}

// empty is the answer of operations that return nothing.
type empty struct{}

func validation(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "ValidationException", format, args...)
}

func notFound(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "NotFoundException", format, args...)
}
