package lambda

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Permission is the provider of AWS::Lambda::Permission: a statement of a
// function's resource policy.
func (s *Service) Permission() api.Provider { return permissionProvider{s} }

type permissionProvider struct{ s *Service }

// permission are the properties that are carried out; any other is refused.
//
// Source: CloudFormation template reference, AWS::Lambda::Permission.
type permission struct {
	Action, FunctionName, Principal          string
	PrincipalOrgID, SourceAccount, SourceArn string
}

var accountForm = regexp.MustCompile(`^\d{12}$`)

// statement is the permission in the form of the policy language, as GetPolicy
// shows it.
func (p permission) statement(id, arn string) (iam.Statement, error) {
	s := iam.Statement{
		Sid: id, Effect: iam.Allow, Principal: &iam.Principal{}, Action: iam.Strings{p.Action},
		Resource: iam.Strings{arn}, Condition: iam.Condition{},
	}
	switch {
	case !strings.HasPrefix(p.Action, "lambda:"):
		return s, invalid("Action %q is no action of Lambda", p.Action)
	case p.Principal == "*":
		s.Principal.Any = true
	case accountForm.MatchString(p.Principal):
		s.Principal.AWS = iam.Strings{"arn:aws:iam::" + p.Principal + ":root"}
	case strings.HasPrefix(p.Principal, "arn:"):
		s.Principal.AWS = iam.Strings{p.Principal}
	case strings.HasSuffix(p.Principal, ".amazonaws.com"):
		s.Principal.Service = iam.Strings{p.Principal}
	default:
		return s, invalid("The provided principal was invalid. Please check the principal and try again. (%s)", p.Principal)
	}
	if p.SourceAccount != "" {
		s.Condition["StringEquals"] = map[string]iam.Strings{"AWS:SourceAccount": {p.SourceAccount}}
	}
	if p.PrincipalOrgID != "" {
		if s.Condition["StringEquals"] == nil {
			s.Condition["StringEquals"] = map[string]iam.Strings{}
		}
		s.Condition["StringEquals"]["aws:PrincipalOrgID"] = iam.Strings{p.PrincipalOrgID}
	}
	if p.SourceArn != "" {
		s.Condition["ArnLike"] = map[string]iam.Strings{"AWS:SourceArn": {p.SourceArn}}
	}
	return s, nil
}

// Check implements api.Checker. Whom and what the permission is about may not be
// known yet; the rest must be right.
func (p permissionProvider) Check(raw json.RawMessage) error {
	var want permission
	if err := api.DecodeProperties(api.Known(raw, want), &want); err != nil {
		return err
	}
	if strings.Contains(want.Principal, api.NotYetKnown) {
		want.Principal = "*"
	}
	if !strings.Contains(want.FunctionName, api.NotYetKnown) {
		if _, _, err := resolve(api.Call{}, want.FunctionName); err != nil {
			return err
		}
	}
	_, err := want.statement("", want.FunctionName)
	return err
}

func (p permissionProvider) Create(_ context.Context, x api.StackContext, logicalID string, raw json.RawMessage) (api.Resource, error) {
	var want permission
	if err := api.DecodeProperties(raw, &want); err != nil {
		return api.Resource{}, err
	}
	arn, _, err := resolve(api.Call{Account: x.Account, Region: x.Region}, want.FunctionName)
	if err != nil {
		return api.Resource{}, err
	}
	id := generatedName(x.StackName, logicalID)
	statement, err := want.statement(id, arn)
	if err != nil {
		return api.Resource{}, err
	}
	if err := p.s.allowed(x, "AddPermission", arn); err != nil {
		return api.Resource{}, err
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	f := p.s.functions[arn]
	if f == nil {
		return api.Resource{}, notFound(arn)
	}
	f.statements[id] = statement
	return api.Resource{PhysicalID: id, Attributes: map[string]string{"Id": id}}, nil
}

// Update makes a new statement: every property's update requires replacement.
func (p permissionProvider) Update(ctx context.Context, x api.StackContext, logicalID string, r api.Resource, before, after json.RawMessage) (api.Resource, error) {
	if string(before) == string(after) {
		return r, nil
	}
	return p.Create(ctx, x, logicalID, after)
}

// Delete finds the function by the statement: its id is random, and Ref does
// not give the function.
func (p permissionProvider) Delete(_ context.Context, x api.StackContext, _ string, r api.Resource) error {
	p.s.mu.Lock()
	arn := ""
	for _, f := range p.s.functions {
		if _, ok := f.statements[r.PhysicalID]; ok {
			arn = f.arn
		}
	}
	p.s.mu.Unlock()
	if arn == "" {
		return nil // gone with its function
	}
	if err := p.s.allowed(x, "RemovePermission", arn); err != nil {
		return err
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if f := p.s.functions[arn]; f != nil {
		delete(f.statements, r.PhysicalID)
	}
	return nil
}
