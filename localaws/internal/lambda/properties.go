package lambda

import (
	"cmp"
	"maps"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// properties are those of AWS::Lambda::Function that the local AWS carries out
// or records; any other is refused by name.
//
// Source: CloudFormation template reference, AWS::Lambda::Function.
type properties struct {
	Architectures []string
	Code          struct {
		S3Bucket, S3Key, S3ObjectVersion string
		ZipFile                          *string
		ImageUri                         *string
	}
	Description                  string
	Environment                  struct{ Variables map[string]string }
	EphemeralStorage             struct{ Size *int }
	FunctionName                 string
	Handler                      string
	LoggingConfig                loggingConfig
	MemorySize                   *int
	PackageType                  string
	RecursiveLoop                string
	ReservedConcurrentExecutions *int
	Role                         string
	Runtime                      string
	Tags                         []api.Tag
	Timeout                      *int
	TracingConfig                struct{ Mode string }
}

type loggingConfig struct {
	LogGroup            string
	LogFormat           string
	ApplicationLogLevel string `json:",omitempty"`
	SystemLogLevel      string `json:",omitempty"`
}

var nameForm = regexp.MustCompile(`^[a-zA-Z0-9-_]{1,64}$`)

// Validate implements api.Validator: it refuses what Lambda refuses and what the
// local AWS does not carry out.
//
// Source: Lambda API reference, CreateFunction.
func (p *properties) Validate() error {
	if err := p.checkCode(); err != nil {
		return err
	}
	switch {
	case p.Handler == "" || p.Role == "":
		return invalid("Handler and Role must be given")
	case p.FunctionName != "" && !strings.Contains(p.FunctionName, api.NotYetKnown) && !nameForm.MatchString(p.FunctionName):
		return invalid("FunctionName %q does not match %s", p.FunctionName, nameForm)
	case !within(p.MemorySize, 128, 10240):
		return invalid("MemorySize must be between 128 and 10240 MB")
	case !within(p.Timeout, 1, 900):
		return invalid("Timeout must be between 1 and 900 seconds")
	case !within(p.EphemeralStorage.Size, 512, 10240):
		return invalid("EphemeralStorage.Size must be between 512 and 10240 MB")
	case !within(p.ReservedConcurrentExecutions, 0, accountConcurrency-100):
		return invalid("ReservedConcurrentExecutions must leave 100 of the account's %d", accountConcurrency)
	case !oneOf(p.TracingConfig.Mode, "Active", "PassThrough"):
		return invalid("TracingConfig.Mode %q is not Active or PassThrough", p.TracingConfig.Mode)
	case !oneOf(p.LoggingConfig.LogFormat, "Text", "JSON"):
		return invalid("LoggingConfig.LogFormat %q is not Text or JSON", p.LoggingConfig.LogFormat)
	case !oneOf(p.RecursiveLoop, "Terminate", "Allow"):
		return invalid("RecursiveLoop %q is not Terminate or Allow", p.RecursiveLoop)
	}
	return checkVariables(p.Environment.Variables)
}

// hostArchitecture is this machine's, in Lambda's words.
func hostArchitecture() string {
	if runtime.GOARCH == "amd64" {
		return "x86_64"
	}
	return runtime.GOARCH
}

// checkArchitecture refuses code that cannot run here, rather than let its
// first invocation fail with "exec format error".
func (p properties) checkArchitecture() error {
	want := p.architecture()
	if host := hostArchitecture(); want != host {
		return invalid("the function's architecture is %s, this machine's is %s, and the local AWS runs functions on it: give it functions for %s (this program's own app makes them with -c architecture=host)", want, host, host)
	}
	return nil
}

// architecture is x86_64 unless the properties name another one.
func (p properties) architecture() string { return append(p.Architectures, "x86_64")[0] }

func within(v *int, from, to int) bool { return v == nil || (*v >= from && *v <= to) }

func oneOf(v string, allowed ...string) bool { return v == "" || slices.Contains(allowed, v) }

// reserved are the variables that Lambda sets itself.
//
// Source: Lambda developer guide, configuration-envvars.
var reserved = []string{
	"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
	"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
	"AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
	"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	"AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "TZ",
}

var variableForm = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]+$`)

// maxVariables is the quota of all variables together, in bytes.
const maxVariables = 4096

func checkVariables(variables map[string]string) error {
	size := 0
	for _, k := range slices.Sorted(maps.Keys(variables)) {
		if slices.Contains(reserved, k) {
			return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s", k)
		}
		if leadsOutside(k) {
			return invalid("the local AWS sets the environment variable %s itself, so that no request of a function leaves this machine: remove it", k)
		}
		if !variableForm.MatchString(k) {
			return invalid("the environment variable %q does not match %s", k, variableForm)
		}
		if strings.ContainsRune(variables[k], 0) {
			return invalid("the environment variable %s holds a zero byte", k)
		}
		size += len(k) + len(variables[k])
	}
	if size > maxVariables {
		return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.")
	}
	return nil
}

// configuration fills in Lambda's defaults.
func (p properties) configuration(name string) configuration {
	number := func(v *int, d int) int {
		if v == nil {
			return d
		}
		return *v
	}
	v := configuration{
		Description: p.Description, Handler: p.Handler, Runtime: p.Runtime, Role: p.Role, Architecture: p.architecture(),
		MemorySize: number(p.MemorySize, 128), Timeout: number(p.Timeout, 3), EphemeralStorage: number(p.EphemeralStorage.Size, 512),
		Environment: p.Environment.Variables, Reserved: p.ReservedConcurrentExecutions,
		LogGroup:  cmp.Or(p.LoggingConfig.LogGroup, "/aws/lambda/"+name),
		LogFormat: cmp.Or(p.LoggingConfig.LogFormat, "Text"),
		Tracing:   cmp.Or(p.TracingConfig.Mode, "PassThrough"), RecursiveLoop: cmp.Or(p.RecursiveLoop, "Terminate"),
	}
	if v.LogFormat == "JSON" {
		v.ApplicationLevel = cmp.Or(p.LoggingConfig.ApplicationLogLevel, "INFO")
		v.SystemLevel = cmp.Or(p.LoggingConfig.SystemLogLevel, "INFO")
	}
	return v
}

func conflict(name string) error {
	return api.Errorf(http.StatusConflict, "ResourceConflictException", "Function already exist: %s", name)
}
