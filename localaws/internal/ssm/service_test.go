package ssm

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
)

func call() api.Call {
	return api.Call{Account: "111122223333", Region: "eu-west-1", Time: time.Unix(1000, 0)}
}

func do(s *Service, operation, body string) (int, string) {
	return apitest.JSON(s, call(), "AmazonSSM."+operation, body)
}

func TestParameterLife(t *testing.T) {
	t.Parallel()
	b := &apitest.Book{}
	s := New(Options{b})
	steps := []struct {
		operation, body string
		status          int
		want            string
	}{
		{"GetParameter", `{"Name":"/a/b"}`, 400, `"__type":"ParameterNotFound"`},
		{"PutParameter", `{"Name":"/a/b","Value":"1","Type":"String"}`, 200, `"Version":1`},
		{"GetParameter", `{"Name":"/a/b"}`, 200, `"Value":"1","ARN":"arn:aws:ssm:eu-west-1:111122223333:parameter/a/b"`},
		{"GetParameter", `{"Name":"arn:aws:ssm:eu-west-1:111122223333:parameter/a/b"}`, 200, `"Name":"/a/b"`},
		{"PutParameter", `{"Name":"/a/b","Value":"2","Type":"String"}`, 400, `"__type":"ParameterAlreadyExists"`},
		{"PutParameter", `{"Name":"/a/b","Value":"2","Overwrite":true}`, 200, `"Version":2`},
		{"GetParameters", `{"Names":["/a/b","/c"]}`, 200, `"InvalidParameters":["/c"]`},
		{"GetParameter", `{"Name":"/a/b:1"}`, 400, "keeps no versions and labels of parameters: name /a/b:1"},
		{"GetParameters", `{"Names":["arn:aws:ssm:eu-west-1:111122223333:parameter/a/b:prod"]}`, 400, "keeps no versions"},
		{"DeleteParameter", `{"Name":"/a/b"}`, 200, `{}`},
		{"DeleteParameter", `{"Name":"/a/b"}`, 400, `"__type":"ParameterNotFound"`},
	}
	for _, step := range steps {
		status, body := do(s, step.operation, step.body)
		if status != step.status || !strings.Contains(body, step.want) {
			t.Errorf("%s %s: %d %s, want %d with %s", step.operation, step.body, status, body, step.status, step.want)
		}
	}
	if !slices.Contains(b.Asked, "ssm:GetParameter arn:aws:ssm:eu-west-1:111122223333:parameter/a/b") {
		t.Errorf("asked %q", b.Asked)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	s := New(Options{&apitest.Book{}})
	for body, word := range map[string]string{
		`{"Name":"a","Value":"1","Type":"SecureString"}`:                                 "SecureString",
		`{"Name":"a","Value":"1","Type":"Text"}`:                                         "Text",
		`{"Name":"a","Value":"1","Type":"String","Tier":"Advanced"}`:                     "Advanced",
		`{"Name":"a","Value":"1","Type":"String","DataType":"aws:ec2:image"}`:            "aws:ec2:image",
		`{"Name":"a","Value":"1","Type":"String","Policies":"[]"}`:                       "Policies",
		`{"Name":"a b","Value":"1","Type":"String"}`:                                     "a b",
		`{"Name":"/AWS/a","Value":"1","Type":"String"}`:                                  "/AWS/a",
		`{"Name":"a","Value":"","Type":"String"}`:                                        "no value",
		`{"Name":"a","Value":"` + strings.Repeat("x", maxValue+1) + `","Type":"String"}`: "4096",
	} {
		if status, answer := do(s, "PutParameter", body); status != 400 || !strings.Contains(answer, word) {
			t.Errorf("%.80s: %d %s, want %q named", body, status, answer, word)
		}
	}
	if status, body := do(s, "DescribeParameters", `{}`); status != 400 || !strings.Contains(body, "DescribeParameters") || !strings.Contains(body, "UnknownOperationException") {
		t.Errorf("unknown operation: %d %s", status, body)
	}
	if len(s.parameters) != 0 {
		t.Errorf("a refused parameter was kept: %v", s.parameters)
	}
}

func TestEveryOperationAsksFirst(t *testing.T) {
	t.Parallel()
	for operation, body := range map[string]string{
		"GetParameter": `{"Name":"a"}`, "GetParameters": `{"Names":["a"]}`, "DeleteParameter": `{"Name":"a"}`,
		"PutParameter": `{"Name":"a","Value":"2","Type":"String","Overwrite":true}`,
	} {
		b := &apitest.Book{}
		s := New(Options{b})
		do(s, "PutParameter", `{"Name":"a","Value":"1","Type":"String"}`)
		b.Deny = "ssm:" + operation
		if status, answer := do(s, operation, body); status != 400 || !strings.Contains(answer, "AccessDeniedException") {
			t.Errorf("%s: %d %s", operation, status, answer)
		}
		if p := s.parameters[arnOf(call(), "a")]; p == nil || p.value != "1" {
			t.Errorf("%s changed the parameter without permission: %+v", operation, p)
		}
	}
}

func TestParameterResource(t *testing.T) {
	t.Parallel()
	s := New(Options{&apitest.Book{}})
	p, stack := s.Providers()["AWS::SSM::Parameter"], api.StackContext{Call: call(), StackName: "stack"}
	first := json.RawMessage(`{"Name":"/cdk-bootstrap/hnb659fds/version","Type":"String","Value":"33"}`)
	r, err := p.Create(t.Context(), stack, "V", first)
	if err != nil || r.PhysicalID != "/cdk-bootstrap/hnb659fds/version" || r.Attributes["Value"] != "33" {
		t.Fatalf("%+v, %v", r, err)
	}
	if v, err := s.Value(call(), "/cdk-bootstrap/hnb659fds/version"); v != "33" || err != nil {
		t.Errorf("Value %q, %v", v, err)
	}
	if _, err := s.Value(call(), "/none"); !is(err, "ParameterNotFound") {
		t.Errorf("Value of none: %v", err)
	}
	second := json.RawMessage(`{"Name":"/cdk-bootstrap/hnb659fds/version","Type":"String","Value":"34"}`)
	if r, err = p.Update(t.Context(), stack, "V", r, first, second); err != nil || r.Attributes["Value"] != "34" {
		t.Fatalf("%+v, %v", r, err)
	}
	third := json.RawMessage(`{"Name":"/other","Type":"String","Value":"34"}`)
	if moved, err := p.Update(t.Context(), stack, "V", r, second, third); err != nil || moved.PhysicalID != "/other" || len(s.parameters) != 2 {
		t.Fatalf("a new name is a replacement: %+v, %v", moved, err)
	}
	for range 2 {
		if err := p.Delete(t.Context(), stack, "V", r); err != nil {
			t.Error(err)
		}
	}
	if _, err := p.Create(t.Context(), stack, "V", json.RawMessage(`{"Type":"String","Value":"1","AllowedPattern":".*"}`)); err == nil || !strings.Contains(err.Error(), "AllowedPattern") {
		t.Errorf("unknown property: %v", err)
	}
}

func is(err error, code string) bool {
	var e *api.Error
	return errors.As(err, &e) && e.Code == code
}

// TestFailedCreationNamesNoParameter: a stack that was given the name would
// delete a parameter that is another's.
func TestFailedCreationNamesNoParameter(t *testing.T) {
	t.Parallel()
	s := New(Options{&apitest.Book{}})
	p, stack := s.Providers()["AWS::SSM::Parameter"], api.StackContext{Call: call(), StackName: "stack"}
	properties := json.RawMessage(`{"Name":"/a","Type":"String","Value":"33"}`)
	if _, err := p.Create(t.Context(), stack, "One", properties); err != nil {
		t.Fatal(err)
	}
	r, err := p.Create(t.Context(), stack, "Two", properties)
	if !is(err, "ParameterAlreadyExists") || r.PhysicalID != "" || len(s.parameters) != 1 {
		t.Errorf("%+v, %v; %d parameters", r, err, len(s.parameters))
	}
}
