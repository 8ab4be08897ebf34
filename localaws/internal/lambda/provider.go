package lambda

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Function is the provider of AWS::Lambda::Function.
func (s *Service) Function() api.Provider { return functionProvider{s} }

type functionProvider struct{ s *Service }

// Check implements api.Checker. A name that is not known yet is left to Create.
func (p functionProvider) Check(raw json.RawMessage) error {
	var known map[string]any
	if err := json.Unmarshal(raw, &known); err != nil {
		return invalid("properties: %v", err)
	}
	if name, ok := known["FunctionName"].(string); ok && strings.Contains(name, api.NotYetKnown) {
		delete(known, "FunctionName")
	}
	left, err := json.Marshal(known)
	if err != nil {
		return invalid("properties: %v", err)
	}
	_, err = decode(api.Known(left, properties{}))
	return err
}

func (p functionProvider) Create(_ context.Context, x api.StackContext, logicalID string, raw json.RawMessage) (api.Resource, error) {
	want, err := decode(raw)
	if err != nil {
		return api.Resource{}, err
	}
	name := want.FunctionName
	if name == "" {
		name = generatedName(x.StackName, logicalID)
	}
	f := &function{
		arn: functionARN(x.Region, x.Account, name), name: name, account: x.Account, region: x.Region,
		statements: map[string]iam.Statement{},
	}
	for _, action := range want.actions("CreateFunction") {
		if err := p.s.allowed(x, action, f.arn); err != nil {
			return api.Resource{}, err
		}
	}
	p.s.mu.Lock()
	exists := p.s.functions[f.arn] != nil
	p.s.mu.Unlock()
	if exists {
		return api.Resource{}, conflict(name)
	}
	if err := p.s.set(x, f, want, true, true); err != nil {
		return api.Resource{}, err
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if p.s.functions[f.arn] != nil {
		return api.Resource{}, conflict(name)
	}
	p.s.functions[f.arn] = f
	return f.resource(), nil
}

// actions are those that the properties take beside the first one.
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

func (p functionProvider) Update(ctx context.Context, x api.StackContext, logicalID string, r api.Resource, before, after json.RawMessage) (api.Resource, error) {
	old, err := decode(before)
	if err != nil {
		return r, err
	}
	want, err := decode(after)
	if err != nil {
		return r, err
	}
	if old.FunctionName != want.FunctionName {
		return p.Create(ctx, x, logicalID, after)
	}
	p.s.mu.Lock()
	f := p.s.functions[functionARN(x.Region, x.Account, r.PhysicalID)]
	p.s.mu.Unlock()
	if f == nil {
		return r, notFound(functionARN(x.Region, x.Account, r.PhysicalID))
	}
	newCode := old.Code.S3Bucket != want.Code.S3Bucket || old.Code.S3Key != want.Code.S3Key
	actions := want.actions("UpdateFunctionConfiguration")
	if newCode {
		actions = append(actions, "UpdateFunctionCode")
	}
	for _, action := range actions {
		if err := p.s.allowed(x, action, f.arn); err != nil {
			return r, err
		}
	}
	return r, p.s.set(x, f, want, newCode, old.Role != want.Role)
}

// set gives a function its properties; nothing changes if any of them is
// refused. The code is read with the stack's permissions, and the role must be
// one that the stack may pass and that Lambda can assume.
func (s *Service) set(x api.StackContext, f *function, want properties, newCode, newRole bool) error {
	v := want.configuration(f.name)
	if newRole {
		err := s.Authorizer.Authorize(x.Call, api.Access{
			Action: "iam:PassRole", Resource: v.Role, ResourceAccount: x.Account,
			Context: map[string]iam.Strings{"iam:PassedToService": {"lambda.amazonaws.com"}, "iam:AssociatedResourceArn": {f.arn}},
		})
		if err != nil {
			return err
		}
		if _, err := s.STS.AssumeRole(s.servicePrincipal(f.account, f.region), v.Role, f.name); err != nil {
			return invalid("The role defined for the function cannot be assumed by Lambda. (%v)", err)
		}
	}
	next := f.code
	if newCode {
		archive, err := s.Objects.GetObject(x.Call, want.Code.S3Bucket, want.Code.S3Key)
		if err != nil {
			e := api.AsError(err)
			return invalid("Error occurred while GetObject. S3 Error Code: %s. S3 Error Message: %s", e.Code, e.Message)
		}
		s.mu.Lock()
		folder, err := s.privateFolder()
		s.mu.Unlock()
		if err != nil {
			return err
		}
		if next, err = unpack(archive, folder); err != nil {
			return err
		}
	}
	tags := map[string]string{}
	for k, value := range x.Tags {
		tags[k] = value
	}
	for _, t := range want.Tags {
		tags[t.Key] = t.Value
	}
	s.mu.Lock()
	f.configuration, f.code, f.tags = v, next, tags
	f.modified, f.revision = s.Now(), uuid()
	idle := f.retire()
	s.mu.Unlock()
	for _, b := range idle {
		b.end()
	}
	return nil
}

func (p functionProvider) Delete(_ context.Context, x api.StackContext, _ string, r api.Resource) error {
	arn := functionARN(x.Region, x.Account, r.PhysicalID)
	if err := p.s.allowed(x, "DeleteFunction", arn); err != nil {
		return err
	}
	p.s.mu.Lock()
	f := p.s.functions[arn]
	var idle []*sandbox
	if f != nil {
		idle = f.retire()
		delete(p.s.functions, arn)
	}
	p.s.mu.Unlock()
	for _, b := range idle {
		b.end()
	}
	return nil // the code's folder goes with the Service: a sandbox may still run from it
}

// allowed asks whether the stack may carry out an action on a function.
func (s *Service) allowed(x api.StackContext, action, arn string) error {
	s.mu.Lock()
	var policy *iam.Source
	if f := s.functions[arn]; f != nil {
		policy = f.policy()
	}
	s.mu.Unlock()
	return s.Authorizer.Authorize(x.Call, api.Access{Action: "lambda:" + action, Resource: arn, ResourceAccount: x.Account, Policy: policy})
}

// generatedName is a name such as CloudFormation gives a function: stack,
// logical id and twelve random characters, in at most 64.
func generatedName(stack, logicalID string) string {
	const room = (64 - 14) / 2
	suffix := strings.ToLower(rand.Text()[:12])
	return stack[:min(len(stack), room)] + "-" + logicalID[:min(len(logicalID), room)] + "-" + suffix
}
