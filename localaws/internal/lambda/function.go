package lambda

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	awsarn "github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// function is one function. Service.mu guards it.
type function struct {
	arn, name, account, region string
	configuration              configuration
	code                       code
	tags                       map[string]string
	modified                   time.Time
	revision                   string
	statements                 map[string]iam.Statement // the resource policy, by statement id

	generation int // grows with every change: older sandboxes are not used again
	running    int // invocations under way
	idle       []*sandbox
}

// configuration are a function's properties, with Lambda's defaults filled in.
type configuration struct {
	Description      string
	Handler, Runtime string
	Role             string
	Architecture     string
	MemorySize       int // MB
	Timeout          int // seconds
	EphemeralStorage int // MB
	Environment      map[string]string
	Reserved         *int // concurrency; nil: not reserved
	LogGroup         string
	LogFormat        string // Text, JSON
	ApplicationLevel string // of JSON logs; "" is none
	SystemLevel      string
	Tracing          string // Active, PassThrough
	RecursiveLoop    string
}

// retire makes the function's idle sandboxes unusable and returns them to be
// ended. Service.mu must be held.
func (f *function) retire() []*sandbox {
	f.generation++
	idle := f.idle
	f.idle = nil
	return idle
}

// policy is the function's resource policy; nil when it has no statement.
func (f *function) policy() *iam.Source {
	if len(f.statements) == 0 {
		return nil
	}
	d := iam.Document{Version: iam.Version, ID: "default"}
	for _, id := range slices.Sorted(maps.Keys(f.statements)) {
		d.Statement = append(d.Statement, f.statements[id])
	}
	return &iam.Source{Name: "resource policy of function " + f.name, Document: d}
}

func functionARN(region, account, name string) string {
	return api.ARN("lambda", region, account, "function:"+name)
}

// resolve reads a function's name, ARN or partial ARN (ACCOUNT:function:NAME),
// each with or without the qualifier $LATEST, into its ARN.
//
// Source: Lambda API reference, Invoke, FunctionName.
func resolve(c api.Call, name string) (arn, account string, err error) {
	region, account, rest := c.Region, c.Account, name
	if a, err := awsarn.Parse(name); err == nil {
		region, account = a.Region, a.AccountID
		_, rest, _ = strings.Cut(a.Resource, "function:")
	} else if before, after, ok := strings.Cut(name, ":function:"); ok {
		account, rest = before, after
	}
	parts := strings.Split(rest, ":")
	if len(parts) > 2 || parts[0] == "" {
		return "", "", invalid("%s names no function", name)
	}
	if len(parts) == 2 && parts[1] != "$LATEST" {
		return "", "", notFound(functionARN(region, account, parts[0]) + ":" + parts[1])
	}
	return functionARN(region, account, parts[0]), account, nil
}

func notFound(arn string) error {
	e := api.Errorf(http.StatusNotFound, "ResourceNotFoundException", "Function not found: %s", arn)
	e.Detail = map[string]string{"Type": "User"}
	return e
}

// authorized is the function that the caller names, if its policies allow the
// action. Whether the function exists is told only to those who may ask.
func (s *Service) authorized(c api.Call, action, name string) (*function, error) {
	arn, account, err := resolve(c, name)
	if err != nil {
		return nil, err
	}
	f, err := s.authorize(c, action, arn, account)
	if err == nil && f == nil {
		err = notFound(arn)
	}
	return f, err
}

// authorize decides an action on a function, which need not exist, and gives it
// if it does.
func (s *Service) authorize(c api.Call, action, arn, account string) (*function, error) {
	s.mu.Lock()
	f := s.functions[arn]
	var policy *iam.Source
	if f != nil {
		policy = f.policy()
	}
	s.mu.Unlock()
	return f, s.opt.Authorizer.Authorize(c, api.Access{Action: "lambda:" + action, Resource: arn, ResourceAccount: account, Policy: policy})
}

type configurationJSON struct {
	FunctionName, FunctionArn, Runtime, Role, Handler string
	CodeSize                                          int
	Description                                       string
	Timeout, MemorySize                               int
	LastModified, CodeSha256, Version, RevisionId     string
	Environment                                       *struct{ Variables map[string]string } `json:",omitempty"`
	TracingConfig                                     struct{ Mode string }
	State, LastUpdateStatus, PackageType              string
	Architectures                                     []string
	EphemeralStorage                                  struct{ Size int }
	LoggingConfig                                     loggingConfig
}

// describe is the function on the wire. Service.mu must be held.
func (f *function) describe() configurationJSON {
	v := f.configuration
	j := configurationJSON{
		FunctionName: f.name, FunctionArn: f.arn, Runtime: v.Runtime, Role: v.Role, Handler: v.Handler,
		CodeSize: f.code.size, Description: v.Description, Timeout: v.Timeout, MemorySize: v.MemorySize,
		LastModified: f.modified.UTC().Format("2006-01-02T15:04:05.000+0000"), CodeSha256: f.code.sha256,
		Version: "$LATEST", RevisionId: f.revision, State: "Active", LastUpdateStatus: "Successful", PackageType: "Zip",
		Architectures: []string{v.Architecture},
		LoggingConfig: loggingConfig{LogGroup: v.LogGroup, LogFormat: v.LogFormat, ApplicationLogLevel: v.ApplicationLevel, SystemLogLevel: v.SystemLevel},
	}
	j.TracingConfig.Mode, j.EphemeralStorage.Size = v.Tracing, v.EphemeralStorage
	if len(v.Environment) > 0 {
		j.Environment = &struct{ Variables map[string]string }{v.Environment}
	}
	return j
}

// read is an operation that answers with what f says of the function.
func (s *Service) read(action string, f func(*function) (any, error)) func(api.Call, string) (any, error) {
	return func(c api.Call, name string) (any, error) {
		of, err := s.authorized(c, action, name)
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return f(of)
	}
}

func (f *function) get() (any, error) {
	out := struct {
		Configuration configurationJSON
		Code          struct{ RepositoryType string }
		Tags          map[string]string `json:",omitempty"`
		Concurrency   *concurrencyJSON  `json:",omitempty"`
	}{Configuration: f.describe(), Tags: f.tags}
	out.Code.RepositoryType = "S3" // without the presigned Location
	if f.configuration.Reserved != nil {
		out.Concurrency = &concurrencyJSON{f.configuration.Reserved}
	}
	return out, nil
}

func (f *function) getConfiguration() (any, error) { return f.describe(), nil }

type concurrencyJSON struct {
	ReservedConcurrentExecutions *int `json:",omitempty"`
}

func (f *function) getConcurrency() (any, error) {
	return concurrencyJSON{f.configuration.Reserved}, nil
}

func (f *function) getPolicy() (any, error) {
	p := f.policy()
	if p == nil {
		return nil, api.Errorf(http.StatusNotFound, "ResourceNotFoundException", "The resource you requested does not exist.")
	}
	text, err := json.Marshal(p.Document)
	return struct{ Policy, RevisionId string }{string(text), f.revision}, err
}

func (s *Service) listFunctions(c api.Call, _ string) (any, error) {
	if err := s.opt.Authorizer.Authorize(c, api.Access{Action: "lambda:ListFunctions", Resource: "*", ResourceAccount: c.Account}); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := struct{ Functions []configurationJSON }{[]configurationJSON{}}
	for _, arn := range slices.Sorted(maps.Keys(s.functions)) {
		if f := s.functions[arn]; f.account == c.Account && f.region == c.Region {
			out.Functions = append(out.Functions, f.describe())
		}
	}
	return out, nil
}
