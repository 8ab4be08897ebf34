package lambda

import (
	"reflect"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// functionType makes AWS::Lambda::Function.
type functionType struct{ *Service }

// Check finds nothing beyond properties.Validate.
func (functionType) Check(properties) error { return nil }

func (t functionType) Create(x api.StackContext, logicalID string, want properties) (api.Resource, error) {
	name := want.FunctionName
	if name == "" {
		name = api.GeneratedName(x, logicalID, 64)
	}
	f := &function{
		arn: functionARN(x.Region, x.Account, name), name: name, account: x.Account, region: x.Region,
		statements: map[string]iam.Statement{},
	}
	for _, action := range want.actions("CreateFunction") {
		old, err := t.authorize(x.Call, action, f.arn, x.Account)
		if err != nil {
			return api.Resource{}, err
		}
		if old != nil {
			return api.Resource{}, conflict(name)
		}
	}
	if err := t.set(x, f, want, true, true); err != nil {
		return api.Resource{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.functions[f.arn] != nil {
		return api.Resource{}, conflict(name)
	}
	t.functions[f.arn] = f
	return f.resource(), nil
}

// actions are those that the properties need in addition to the first one.
//
// Source: the handlers' permissions in the resource type's schema.
func (p properties) actions(first string) []string {
	actions := []string{first}
	if p.ReservedConcurrentExecutions != nil {
		actions = append(actions, "PutFunctionConcurrency")
	}
	if p.RecursiveLoop != "" {
		actions = append(actions, "PutFunctionRecursionConfig")
	}
	if len(p.Tags) > 0 {
		actions = append(actions, "TagResource")
	}
	return actions
}

func (f *function) resource() api.Resource {
	return api.Resource{PhysicalID: f.name, Attributes: map[string]string{"Arn": f.arn}}
}

func (t functionType) Update(x api.StackContext, logicalID string, r api.Resource, old, want properties) (api.Resource, error) {
	if old.FunctionName != want.FunctionName {
		return t.Create(x, logicalID, want)
	}
	var f *function
	newCode := !reflect.DeepEqual(old.Code, want.Code)
	actions := want.actions("UpdateFunctionConfiguration")
	if newCode {
		actions = append(actions, "UpdateFunctionCode")
	}
	for _, action := range actions {
		var err error
		if f, err = t.authorized(x.Call, action, functionARN(x.Region, x.Account, r.PhysicalID)); err != nil {
			return r, err
		}
	}
	return r, t.set(x, f, want, newCode, old.Role != want.Role)
}

// set gives a function its properties; nothing changes if any of them is
// refused. The code is read with the stack's permissions, and the role must be
// one that the stack may pass and that Lambda can assume.
func (s *Service) set(x api.StackContext, f *function, want properties, newCode, newRole bool) error {
	v := want.configuration(f.name)
	if newRole {
		err := s.opt.Authorizer.Authorize(x.Call, api.Access{
			Action: "iam:PassRole", Resource: v.Role, ResourceAccount: x.Account,
			Context: map[string]iam.Strings{"iam:PassedToService": {"lambda.amazonaws.com"}, "iam:AssociatedResourceArn": {f.arn}},
		})
		if err != nil {
			return err
		}
		if _, err := s.opt.STS.AssumeRole(s.caller(f.account, f.region), v.Role, f.name); err != nil {
			return invalid("The role defined for the function cannot be assumed by Lambda. (%v)", err)
		}
	}
	next := f.code
	if newCode {
		archive, err := s.archive(x, want)
		if err != nil {
			return err
		}
		if next, err = s.unpacked(archive); err != nil {
			return err
		}
	}
	s.mu.Lock()
	f.configuration, f.code, f.tags = v, next, x.WithTags(want.Tags)
	f.modified, f.revision = s.opt.Now(), api.UUID()
	idle := f.retire()
	s.mu.Unlock()
	for _, b := range idle {
		b.end()
	}
	return nil
}

func (t functionType) Delete(x api.StackContext, r api.Resource) error {
	f, err := t.authorize(x.Call, "DeleteFunction", functionARN(x.Region, x.Account, r.PhysicalID), x.Account)
	if f == nil || err != nil {
		return err
	}
	t.mu.Lock()
	idle := f.retire()
	delete(t.functions, f.arn)
	t.mu.Unlock()
	for _, b := range idle {
		b.end()
	}
	return nil // the code's folder goes with the Service: a sandbox may still run from it
}
