package resource

import (
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// Function is a Lambda function. Whoever may invoke it gets what its role may.
type Function struct {
	guarded
	Role string   // ARN of the role that it runs with; "" if that isn't known
	URLs []string // how its URLs, if it has any, authenticate: "AWS_IAM", "NONE"
}

func (s *Set) addFunction(r *template.Resource) error {
	p, err := place(r)
	if err != nil {
		return err
	}
	f := &Function{guarded: guarded{placed: p}}
	if f.Role, err = r.Properties().Get("Role").String(); err != nil {
		s.unread(r, err)
	}
	s.Functions = append(s.Functions, f)
	s.guard(&f.guarded, f.ARN, "function "+f.Name)
	return nil
}

// unqualified is the ARN of a function without its version or alias.
func unqualified(arn string) string {
	function, _, _ := cutQualifier(arn)
	return function
}

func cutQualifier(arn string) (function, qualifier string, qualified bool) {
	if !strings.Contains(arn, ":function:") {
		return arn, "", false
	}
	parts := strings.SplitN(arn, ":", 8)
	if len(parts) < 8 || parts[2] != "lambda" || parts[5] != "function" {
		return arn, "", false
	}
	return strings.Join(parts[:7], ":"), parts[7], true
}

// readFunctionPolicies makes the functions' policies of the permissions that are
// resources of their own and of whole policies, and finds their URLs.
func (s *Set) readFunctionPolicies(stacks []*template.Stack) {
	for _, stack := range stacks {
		for _, r := range stack.ResourcesOfType("AWS::Lambda::Permission") {
			s.ofFunction(r, "FunctionName", func(f *Function, qualifier string) error { return f.permit(r, qualifier) })
		}
		for _, r := range stack.ResourcesOfType("AWS::Lambda::Url") {
			s.ofFunction(r, "TargetFunctionArn", func(f *Function, _ string) error {
				if created, err := r.Created(); !created {
					return err
				}
				auth, err := r.Properties().Get("AuthType").String()
				f.URLs = append(f.URLs, auth)
				return err
			})
		}
	}
	for _, p := range s.Policies {
		if p.Type == "AWS::Lambda::ResourcePolicy" {
			// The page calls the property FunctionResourceArn, its examples and the
			// schema of the type ResourceArn.
			property := "ResourceArn"
			if missing(p.Properties().Get(property)) {
				property = "FunctionResourceArn"
			}
			s.ofFunction(p.Resource, property, func(f *Function, _ string) error { return f.takePolicy(s, p) })
		}
	}
}

// takePolicy gives the function a whole policy. Beside permissions that are
// resources of their own it isn't known which of them Lambda keeps.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-resourcepolicy.html
func (f *Function) takePolicy(s *Set, p *Policy) error {
	if !s.noteUnread(p, &f.Unread) {
		return nil
	}
	known := source("policy of "+f.called, p)
	if f.Policy != nil {
		f.Policy.Document.Statement = append(f.Policy.Document.Statement, known.Document.Statement...)
		return fmt.Errorf("%s has policies of two kinds: one may overwrite the other", f.called)
	}
	f.Policy = &known
	return nil
}

// ofFunction calls do for the function that a property names: by ARN, by the part
// of it from the account on, or by name, each with or without a qualifier.
// Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
func (s *Set) ofFunction(r *template.Resource, property string, do func(*Function, string) error) {
	name, err := r.Properties().Get(property).String()
	var concerned []*[]Unread
	for _, f := range s.Functions {
		near := f.Account == r.Stack().Account && f.Region == r.Stack().Region
		if err != nil {
			if near {
				concerned = append(concerned, &f.Unread)
			}
			continue
		}
		for _, written := range []string{f.ARN, f.Account + ":function:" + f.Name, "function:" + f.Name, f.Name} {
			rest, ok := strings.CutPrefix(name, written)
			if !ok || rest != "" && rest[0] != ':' || written != f.ARN && !near {
				continue
			}
			if err := do(f, strings.TrimPrefix(rest, ":")); err != nil {
				s.unread(r, err, &f.Unread)
			}
			return
		}
	}
	if err == nil {
		err = fmt.Errorf("function %s is in none of the stacks", name)
	}
	s.unread(r, err, concerned...)
}

// permissionConditions are the properties that narrow a permission, and what Lambda
// makes of them.
// Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html and
// https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
var permissionConditions = []struct{ property, operator, key string }{
	{"SourceArn", "ArnLike", "aws:SourceArn"},
	{"SourceAccount", "StringEquals", "aws:SourceAccount"},
	{"PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"},
	{"EventSourceToken", "StringEquals", "lambda:EventSourceToken"},
	{"FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"},
	{"InvokedViaFunctionUrl", "Bool", "lambda:InvokedViaFunctionUrl"},
}

// permit adds a permission to the function's policy. One that can't be read may
// admit anybody.
func (f *Function) permit(r *template.Resource, qualifier string) error {
	created, err := r.Created()
	if err != nil || !created {
		return err
	}
	v := r.Properties()
	read := reader{}
	st := iam.Statement{
		Sid: r.LogicalID, Effect: iam.Allow, Resource: iam.Strings{f.ARN}, Condition: iam.Condition{},
		Action:    iam.Strings{read.string(v.Get("Action"))},
		Principal: permitted(read.string(v.Get("Principal")), ARN(f.ARN).Partition),
	}
	if qualifier != "" {
		st.Resource[0] += ":" + qualifier
	}
	for _, c := range permissionConditions {
		if value := read.string(v.Get(c.property).Default("")); value != "" {
			if st.Condition[c.operator] == nil {
				st.Condition[c.operator] = map[string]iam.Strings{}
			}
			st.Condition[c.operator][c.key] = iam.Strings{value}
		}
	}
	if read.err != nil {
		return read.err
	}
	if f.Policy == nil {
		f.Policy = &iam.Source{Name: "policy of " + f.called, Document: iam.Document{Version: iam.Version}}
	}
	f.Policy.Document.Statement = append(f.Policy.Document.Statement, st)
	return nil
}

func permitted(principal, partition string) *iam.Principal {
	switch {
	case principal == "*":
		return &iam.Principal{Any: true}
	case accountID.MatchString(principal):
		return &iam.Principal{AWS: iam.Strings{"arn:" + partition + ":iam::" + principal + ":root"}}
	case strings.HasPrefix(principal, "arn:"):
		return &iam.Principal{AWS: iam.Strings{principal}}
	}
	return &iam.Principal{Service: iam.Strings{principal}}
}
