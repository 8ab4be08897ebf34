package conformance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

// functionCode is the archive of testdata/function for this machine, built
// once.
var functionCode = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "function-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "bootstrap")
	c := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", file, "./testdata/function")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	binary, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return archiveOf(binary)
})

// withFunction deploys the article's template and its function, whose name is fa-125.
func withFunction(t testing.TB, s *localaws.Server) {
	t.Helper()
	seed000(t, s)
	code, err := functionCode()
	if err != nil {
		t.Fatal(err)
	}
	client := s3Client(t, s, source)
	newBucket(t, client, "code")
	e := newEndpoint(t, s, "s3", source)
	if a := e.send(t, "PUT", "/code/function.zip", nil, string(code)); a.status != 200 {
		t.Fatal(a.body)
	}
	createStack(t, s, source, "function", functionTemplate(t),
		"Parameters.member.1.ParameterKey=Role", "Parameters.member.1.ParameterValue="+output(t, s, source, "fa-125", "FunctionRoleArn"))
}

func invoke(t testing.TB, s *localaws.Server, do string) (body string, failed bool) {
	t.Helper()
	a := newEndpoint(t, s, "lambda", source).send(t, "POST", "/2015-03-31/functions/fa-125-function/invocations", nil, `{"Do":"`+do+`"}`)
	if a.status != http.StatusOK {
		t.Fatalf("invoke: %d %s", a.status, a.body)
	}
	return a.body, a.header.Get("X-Amz-Function-Error") != ""
}

// TestFunction: the article's functions, what a function is given, and that it
// stays inside.
func TestFunction(t *testing.T) {
	t.Parallel()
	s := start(t)
	withFunction(t, s)
	for _, test := range []struct{ do, want string }{{"put", `"` + seedKeyMD5 + `"`}, {"get", `"awstut!"`}} {
		if got, failed := invoke(t, s, test.do); failed || got != test.want {
			t.Errorf("%s answers %s, want %s", test.do, got, test.want)
		}
	}
	// The object that the function put needs its key, from outside too.
	e := newEndpoint(t, s, "s3", source)
	if a := e.send(t, "GET", "/fa-125-sse-c/test4-2", nil, ""); a.status != 400 || a.message != unreadable {
		t.Errorf("%d %s", a.status, a.message)
	}

	got, _ := invoke(t, s, "environment")
	var variables []string
	if err := json.Unmarshal([]byte(got), &variables); err != nil {
		t.Fatal(err)
	}
	given := map[string]string{}
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		given[name] = value
	}
	if given["AWS_ENDPOINT_URL"] != s.URL() || given["AWS_CA_BUNDLE"] != s.CAFile() || given["AWS_EC2_METADATA_DISABLED"] != "true" {
		t.Errorf("a function is given %v", given)
	}
	if host, _, _ := strings.Cut(given["AWS_LAMBDA_RUNTIME_API"], ":"); host != "127.0.0.1" {
		t.Errorf("the Runtime API is at %s", given["AWS_LAMBDA_RUNTIME_API"])
	}
	for _, v := range []string{"AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		if _, ok := given[v]; ok {
			t.Errorf("a function is given %s", v)
		}
	}
	if got, failed := invoke(t, s, "escape"); !failed || !strings.Contains(got, "127.0.0.1:9: connect") {
		t.Errorf("a call of a real endpoint answers %s", got)
	}
	onlyLoopback(t)
}

// TestAFunctionCannotBeLedOutside: a template can't point a function's SDK at
// a real endpoint.
func TestAFunctionCannotBeLedOutside(t *testing.T) {
	t.Parallel()
	s := start(t)
	template := functionTemplate(t)
	for _, variable := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "https_proxy", "AWS_PROFILE"} {
		changed := strings.Replace(template, `"Variables": {`, `"Variables": {"`+variable+`": "x", `, 1)
		a := cloudFormation(t, s, source, "CreateStack", "StackName=function", "TemplateBody="+changed,
			"Parameters.member.1.ParameterKey=Role", "Parameters.member.1.ParameterValue=arn:aws:iam::"+source+":role/any")
		if a.status != http.StatusBadRequest || !strings.Contains(a.message, variable+" itself") {
			t.Errorf("%s: %d %s %s", variable, a.status, a.code, a.message)
		}
	}
}

// functionTemplate is a stack with the function, for this machine.
func functionTemplate(t testing.TB) string {
	t.Helper()
	architecture := map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	return strings.ReplaceAll(read(t, "testdata/stacks/function.json"), "ARCHITECTURE", architecture)
}
