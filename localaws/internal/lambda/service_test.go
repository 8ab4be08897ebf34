package lambda

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

const (
	account = "111111111111"
	region  = "eu-west-1"
	role    = "arn:aws:iam::111111111111:role/fn"
)

// bootstrap is the archive with the test's bootstrap, built once.
var bootstrap = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "bootstrap-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "bootstrap")
	c := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", file, "./testdata/bootstrap")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	binary, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return archive(map[string]entry{"bootstrap": {string(binary), 0o755}}), nil
})

type entry struct {
	body string
	mode os.FileMode
}

func archive(entries map[string]entry) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, e := range entries {
		h := &zip.FileHeader{Name: name, Method: zip.Store}
		h.SetMode(e.mode)
		w, err := z.CreateHeader(h)
		if err != nil {
			panic(err)
		}
		_, _ = w.Write([]byte(e.body))
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// fake is the world around a Service.
type fake struct {
	t *testing.T
	*Service

	mu      sync.Mutex
	objects map[string][]byte
	roles   map[string]bool
	denied  map[string]bool // by action
	logs    map[string][]string
	streams map[string]bool
	asked   []api.Access
	expires time.Duration
}

func newFake(t *testing.T) *fake {
	t.Helper()
	code, err := bootstrap()
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{
		t: t, objects: map[string][]byte{"assets/code.zip": code}, roles: map[string]bool{role: true},
		denied: map[string]bool{}, logs: map[string][]string{}, streams: map[string]bool{}, expires: time.Hour,
	}
	f.Service = New(Options{
		Principals: principals{},
		Authorizer: f, Now: time.Now, STS: f, Credentials: f, Objects: f, Logs: f,
		Environment: func() []string {
			return []string{"AWS_ENDPOINT_URL=https://127.0.0.1:1", "AWS_CA_BUNDLE=/ca.pem"}
		},
	})
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		if f.folder != "" {
			if _, err := os.Stat(f.folder); err == nil {
				t.Errorf("%s is still there", f.folder)
			}
		}
	})
	return f
}

func (f *fake) Authorize(c api.Call, a api.Access) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, a)
	if f.denied[a.Action] {
		return api.Errorf(403, "AccessDeniedException", "%s is not authorized to perform: %s", c.Caller, a.Action)
	}
	return nil
}

func (f *fake) AssumeRole(c api.Call, roleARN, session string) (api.Call, error) {
	if !f.roles[roleARN] || c.Caller.Service() != "lambda.amazonaws.com" {
		return api.Call{}, api.Errorf(403, "AccessDenied", "not authorized to perform: sts:AssumeRole")
	}
	return api.Call{Caller: iam.RoleSession(roleARN, session), Account: account, Region: region, Secure: true}, nil
}

func (f *fake) RoleCredentials(c api.Call, roleARN, session string) (api.Credentials, error) {
	if _, err := f.AssumeRole(c, roleARN, session); err != nil {
		return api.Credentials{}, err
	}
	return api.Credentials{AccessKeyID: "ASIAEXAMPLE", SecretAccessKey: "secret", SessionToken: "token", Expiration: time.Now().Add(f.expires)}, nil
}

func (f *fake) GetObject(_ api.Call, bucket, key, version string) ([]byte, error) {
	b, ok := f.objects[strings.TrimSuffix(bucket+"/"+key+"?"+version, "?")]
	if !ok {
		return nil, api.Errorf(404, "NoSuchKey", "The specified key does not exist.")
	}
	return b, nil
}

func (f *fake) PutObject(api.Call, string, string, []byte, map[string]string) error { return nil }

func (f *fake) Put(c api.Call, group, stream string, lines []string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c.Caller.RoleARN() != role {
		return api.Errorf(403, "AccessDeniedException", "only the role writes logs")
	}
	f.logs[group] = append(f.logs[group], lines...)
	f.streams[stream] = true
	return nil
}

func stack() api.StackContext {
	return api.StackContext{
		Call:      api.Call{Caller: iam.User("arn:aws:iam::" + account + ":user/u"), Account: account, Region: region},
		StackName: "Stack", Account: account, Region: region, Partition: "aws",
	}
}

// create makes a function with these properties beside the least ones.
func (f *fake) create(properties string) (api.Resource, error) {
	return f.Providers()["AWS::Lambda::Function"].Create(context.Background(), stack(), "Fn", f.properties(properties))
}

func (f *fake) properties(more string) json.RawMessage {
	f.t.Helper()
	p := map[string]any{
		"FunctionName": "fn", "Handler": "bootstrap", "Runtime": "provided.al2023", "Role": role, "Timeout": 30,
		"Architectures": []string{hostArchitecture()}, "Code": map[string]string{"S3Bucket": "assets", "S3Key": "code.zip"},
	}
	if more != "" {
		if err := json.Unmarshal([]byte(more), &p); err != nil {
			f.t.Fatal(err)
		}
	}
	b, err := json.Marshal(p)
	if err != nil {
		f.t.Fatal(err)
	}
	return b
}

func (f *fake) mustCreate(properties string) {
	f.t.Helper()
	if _, err := f.create(properties); err != nil {
		f.t.Fatal(err)
	}
}

type reply struct {
	status  int
	header  http.Header
	body    string
	answer  answer
	failure struct{ ErrorType, ErrorMessage string }
	log     string
}

// answer is what the test's bootstrap answers.
type answer struct {
	Text       string
	PID, Count int
	Env        []string
	Extra      string
}

func (f *fake) request(method, path, body string, headers ...string) reply {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for _, h := range headers {
		k, v, _ := strings.Cut(h, ": ")
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	f.Serve(w, r, api.Call{RequestID: "req-1", Caller: iam.User("arn:aws:iam::" + account + ":user/u"), Account: account, Region: region})
	out := reply{status: w.Code, header: w.Header(), body: w.Body.String()}
	_ = json.Unmarshal(w.Body.Bytes(), &out.answer)
	_ = json.Unmarshal(w.Body.Bytes(), &out.failure)
	log, _ := base64.StdEncoding.DecodeString(w.Header().Get("X-Amz-Log-Result"))
	out.log = string(log)
	return out
}

func (f *fake) invoke(event string, headers ...string) reply {
	return f.request("POST", "/2015-03-31/functions/fn/invocations", event, append([]string{"X-Amz-Log-Type: Tail"}, headers...)...)
}

func wantText(t *testing.T, what, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("%s: %q, want it to have %q", what, got, want)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// principals all exist, but for one user.
type principals struct{}

func (principals) PrincipalExists(p string) bool { return !strings.HasSuffix(p, ":user/none") }
