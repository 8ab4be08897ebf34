package ssm

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Provider makes AWS::SSM::Parameter.
//
// Source: CloudFormation user guide, aws-resource-ssm-parameter.
type Provider struct{ service *Service }

// Provider is the CloudFormation side of the service.
func (s *Service) Provider() Provider { return Provider{s} }

type properties struct {
	Name, Type, Value, Description, Tier, DataType string
	Tags                                           map[string]string
}

func decode(s api.StackContext, logicalID string, raw json.RawMessage) (properties, error) {
	var p properties
	if err := api.DecodeProperties(raw, &p); err != nil {
		return p, err
	}
	if p.Name == "" {
		p.Name = "CFN-" + logicalID + "-" + s.StackName
	}
	return p, nil
}

// Create implements api.Provider.
func (p Provider) Create(_ context.Context, s api.StackContext, logicalID string, raw json.RawMessage) (api.Resource, error) {
	want, err := decode(s, logicalID, raw)
	if err != nil {
		return api.Resource{}, err
	}
	tags := maps.Clone(s.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	maps.Copy(tags, want.Tags)
	in := want.input()
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		in.Tags = append(in.Tags, tag{k, tags[k]})
	}
	if _, err := p.service.putParameter(s.Call, in); err != nil {
		return api.Resource{}, err
	}
	return want.resource(), nil
}

// Update implements api.Provider. A new name is a new parameter; tags stay as
// they were made.
func (p Provider) Update(ctx context.Context, s api.StackContext, logicalID string, r api.Resource, before, after json.RawMessage) (api.Resource, error) {
	old, err := decode(s, logicalID, before)
	if err != nil {
		return api.Resource{}, err
	}
	want, err := decode(s, logicalID, after)
	if err != nil {
		return api.Resource{}, err
	}
	if want.Name != r.PhysicalID {
		return p.Create(ctx, s, logicalID, after)
	}
	if !maps.Equal(old.Tags, want.Tags) {
		return api.Resource{}, invalid("the local AWS doesn't change the property Tags of a parameter")
	}
	in := want.input()
	in.Overwrite = true
	if _, err := p.service.putParameter(s.Call, in); err != nil {
		return api.Resource{}, err
	}
	return want.resource(), nil
}

// Delete implements api.Provider.
func (p Provider) Delete(_ context.Context, s api.StackContext, _ string, r api.Resource) error {
	_, err := p.service.deleteParameter(s.Call, deleteInput{Name: r.PhysicalID})
	var e *api.Error
	if errors.As(err, &e) && e.Code == "ParameterNotFound" {
		return nil
	}
	return err
}

func (p properties) input() putInput {
	return putInput{Name: p.Name, Type: p.Type, Value: p.Value, Description: p.Description, Tier: p.Tier, DataType: p.DataType}
}

func (p properties) resource() api.Resource {
	return api.Resource{PhysicalID: p.Name, Attributes: map[string]string{"Type": p.Type, "Value": p.Value}}
}

// Value is the value of a parameter that a template names in a parameter of
// the type AWS::SSM::Parameter::Value<String>. CloudFormation reads it with
// the permission ssm:GetParameters of the call.
//
// Source: CloudFormation user guide, cloudformation-supplied-parameter-types.
func (s *Service) Value(c api.Call, name string) (string, error) {
	out, err := s.getParameters(c, getManyInput{Names: []string{name}})
	if err != nil {
		return "", err
	}
	if len(out.Parameters) == 0 {
		return "", notFound(name)
	}
	return out.Parameters[0].Value, nil
}
