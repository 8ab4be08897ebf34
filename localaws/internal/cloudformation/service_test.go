package cloudformation

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// fake is the world around a Service: a provider that writes down its calls, an
// STS that knows some roles, an authorizer that denies some actions.
type fake struct {
	t testing.TB
	*Service

	mu          sync.Mutex
	calls       []string          // "create A", "update A", "delete A"
	callers     map[string]string // logical id -> role ARN of its last call
	made        map[string]string // physical id -> properties
	serial      int
	fail        map[string]string // "create A" -> error text
	denied      map[string]bool   // "action resource-account"
	roles       map[string]string // role ARN -> who may assume it: ARN or service
	asked       []string          // "action resource"
	importTypes []string          // the condition key cloudformation:ImportResourceTypes, as it was last
	objects     map[string]string
	ssm         map[string]string
}

func newFake(t testing.TB) *fake {
	f := &fake{
		t: t, callers: map[string]string{}, made: map[string]string{}, fail: map[string]string{}, denied: map[string]bool{},
		roles: map[string]string{}, objects: map[string]string{}, ssm: map[string]string{},
	}
	f.Service = New(Options{
		Authorizer: f, Now: time.Now, STS: f, Objects: f, Parameters: f,
		Providers: map[string]api.Provider{"AWS::S3::Bucket": importer{f}, "AWS::KMS::Key": f, "AWS::IAM::Role": f},
	})
	t.Cleanup(func() { f.Close() })
	return f
}

func (f *fake) Authorize(c api.Call, a api.Access) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, a.Action+" "+a.Resource)
	if types, ok := a.Context["cloudformation:ImportResourceTypes"]; ok {
		f.importTypes = types
	}
	if f.denied[a.Action+" "+a.ResourceAccount] {
		return api.Errorf(403, "AccessDenied", "%s is not authorized to perform: %s on resource: %s", c.Caller, a.Action, a.Resource)
	}
	return nil
}

func (f *fake) AssumeRole(c api.Call, roleARN, session string) (api.Call, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	by := f.roles[roleARN]
	if by == "" || (by != c.Caller.Service() && by != c.Caller.RoleARN()) {
		return api.Call{}, api.Errorf(403, "AccessDenied", "%s is not authorized to perform: sts:AssumeRole on resource: %s", c.Caller, roleARN)
	}
	caller := iam.RoleSession(roleARN, session)
	return api.Call{Caller: caller, Account: caller.Account(), Region: c.Region, RequestID: c.RequestID}, nil
}

func (f *fake) GetObject(_ api.Call, bucket, key, version string) ([]byte, error) {
	b, ok := f.objects[strings.TrimSuffix(bucket+"/"+key+"?"+version, "?")]
	if !ok {
		return nil, api.Errorf(404, "NoSuchKey", "The specified key does not exist.")
	}
	return []byte(b), nil
}

func (f *fake) PutObject(api.Call, string, string, []byte, map[string]string) error { return nil }

func (f *fake) Value(_ api.Call, name string) (string, error) {
	v, ok := f.ssm[name]
	if !ok {
		return "", api.Errorf(400, "ParameterNotFound", "%s", name)
	}
	return v, nil
}

// note writes a call down and fails it if it is to fail.
func (f *fake) note(s api.StackContext, verb, id string) error {
	f.calls = append(f.calls, verb+" "+id)
	f.callers[id] = s.Call.Caller.PrincipalARN()
	if text := f.fail[verb+" "+id]; text != "" {
		return api.Errorf(400, "InvalidRequest", "%s", text)
	}
	return nil
}

func (f *fake) Create(_ context.Context, s api.StackContext, id string, properties json.RawMessage) (api.Resource, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.note(s, "create", id); err != nil {
		return api.Resource{PhysicalID: "someone-elses"}, err
	}
	var p struct {
		BucketName, RoleName, Value string
		List                        []string
		Policy                      any
		Tags                        any
	}
	if err := api.DecodeProperties(properties, &p); err != nil {
		return api.Resource{}, err
	}
	f.serial++
	physical := fmt.Sprintf("%s-%d", strings.ToLower(id), f.serial)
	f.made[physical] = string(properties)
	return api.Resource{PhysicalID: physical, Attributes: map[string]string{"Arn": "arn:" + physical}}, nil
}

// Check makes the fake an api.Checker of the lists.
func (f *fake) Check(properties json.RawMessage) error {
	if strings.Contains(string(properties), "refused") {
		return api.Errorf(400, "InvalidRequest", "no such thing: %s", properties)
	}
	return nil
}

func (f *fake) Update(ctx context.Context, s api.StackContext, id string, r api.Resource, before, after json.RawMessage) (api.Resource, error) {
	if replaces("AWS::S3::Bucket", before, after) {
		return f.Create(ctx, s, id, after)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.note(s, "update", id); err != nil {
		return api.Resource{}, err
	}
	f.made[r.PhysicalID] = string(after)
	return r, nil
}

func (f *fake) Delete(_ context.Context, s api.StackContext, id string, r api.Resource) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.note(s, "delete", id); err != nil {
		return err
	}
	delete(f.made, r.PhysicalID)
	return nil
}

func (f *fake) history() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	h := f.calls
	f.calls = nil
	return h
}

func caller(account string) api.Call {
	return api.Call{RequestID: "r", Caller: iam.User("arn:aws:iam::" + account + ":user/u"), Account: account, Region: "eu-west-1", Secure: true}
}

const home, other = "111111111111", "222222222222"

// do sends a request and waits for the operation that it starts. Parameters
// are "Name=value".
func (f *fake) do(account, action string, parameters ...string) (node, error) {
	form := url.Values{"Action": {action}, "Version": {"2010-05-15"}}
	for _, p := range parameters {
		k, v, _ := strings.Cut(p, "=")
		form.Set(k, v)
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode()))
	w := httptest.NewRecorder()
	f.Serve(w, r, caller(account))
	f.Wait()
	var n node
	if err := xml.Unmarshal(w.Body.Bytes(), &n); err != nil {
		return n, fmt.Errorf("%s answered no XML: %w: %s", action, err, w.Body)
	}
	if w.Code != http.StatusOK {
		return n, errors.New(n.text("Error", "Code") + ": " + n.text("Error", "Message"))
	}
	return n.child(action + "Result"), nil
}

func (f *fake) must(account, action string, parameters ...string) node {
	f.t.Helper()
	n, err := f.do(account, action, parameters...)
	if err != nil {
		f.t.Fatalf("%s: %v", action, err)
	}
	return n
}

// deploy creates or updates a stack and returns its status.
func (f *fake) deploy(name, template string, parameters ...string) string {
	f.t.Helper()
	action := "CreateStack"
	if _, err := f.do(home, "DescribeStacks", "StackName="+name); err == nil {
		action = "UpdateStack"
	}
	f.must(home, action, append([]string{"StackName=" + name, "TemplateBody=" + template}, parameters...)...)
	return f.status(name)
}

func (f *fake) status(name string) string {
	f.t.Helper()
	return f.must(home, "DescribeStacks", "StackName="+name).text("Stacks", "member", "StackStatus")
}

// events are "LogicalId STATUS", oldest first.
func (f *fake) events(name string) []string {
	f.t.Helper()
	var l []string
	for _, e := range slices.Backward(f.must(home, "DescribeStackEvents", "StackName="+name).child("StackEvents").Children) {
		l = append(l, e.text("LogicalResourceId")+" "+e.text("ResourceStatus"))
	}
	return l
}

// why is the reason of the newest event of the resource with the status.
func (f *fake) why(name, id, status string) string {
	f.t.Helper()
	for _, e := range f.must(home, "DescribeStackEvents", "StackName="+name).child("StackEvents").Children {
		if e.text("LogicalResourceId") == id && e.text("ResourceStatus") == status && e.text("ResourceStatusReason") != "" {
			return e.text("ResourceStatusReason")
		}
	}
	return ""
}

// node is any XML element.
type node struct {
	XMLName  xml.Name
	Text     string `xml:",chardata"`
	Children []node `xml:",any"`
}

func (n node) child(name string) node {
	for _, c := range n.Children {
		if c.XMLName.Local == name {
			return c
		}
	}
	return node{}
}

func (n node) text(path ...string) string {
	for _, p := range path {
		n = n.child(p)
	}
	return n.Text
}

// wantError fails the test unless err has the text.
func wantError(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("error %v, want one with %q", err, text)
	}
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}
