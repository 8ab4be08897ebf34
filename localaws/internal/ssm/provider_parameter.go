package ssm

import (
	"maps"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// parameterType makes AWS::SSM::Parameter.
//
// Source: CloudFormation template reference, aws-resource-ssm-parameter.
type parameterType struct{ *Service }

type properties struct {
	Name, Type, Value, Description, Tier, DataType string
	Tags                                           map[string]string
}

// name is the parameter's name; one that the template doesn't give is made of
// the stack's and so stays the same.
func (p properties) name(s api.StackContext, logicalID string) string {
	if p.Name == "" {
		return "CFN-" + logicalID + "-" + s.StackName
	}
	return p.Name
}

func (p properties) input(name string) putInput {
	return putInput{Name: name, Type: p.Type, Value: p.Value, Description: p.Description, Tier: p.Tier, DataType: p.DataType}
}

// Check leaves a name that is not given or not known yet to Create.
func (t parameterType) Check(want properties) error {
	name := want.Name
	if name == "" || strings.Contains(name, api.NotYetKnown) {
		name = "CFN"
	}
	if err := want.input(name).check(); err != nil {
		return err
	}
	return check(name, want.Type, want.Value)
}

func (t parameterType) Create(s api.StackContext, logicalID string, want properties) (api.Resource, error) {
	in := want.input(want.name(s, logicalID))
	tags := s.WithTags(nil)
	maps.Copy(tags, want.Tags)
	in.Tags = api.TagList(tags)
	return t.put(s, in)
}

// Update makes a new parameter for a new name; tags stay as they were made.
func (t parameterType) Update(s api.StackContext, logicalID string, r api.Resource, old, want properties) (api.Resource, error) {
	in := want.input(want.name(s, logicalID))
	if in.Name != r.PhysicalID {
		return t.Create(s, logicalID, want)
	}
	if !maps.Equal(old.Tags, want.Tags) {
		return api.Resource{}, invalid("the local AWS doesn't change the property Tags of a parameter")
	}
	in.Overwrite = true
	return t.put(s, in)
}

func (t parameterType) put(s api.StackContext, in putInput) (api.Resource, error) {
	if _, err := t.putParameter(s.Call, in); err != nil {
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: in.Name, Attributes: map[string]string{"Type": in.Type, "Value": in.Value}}, nil
}

func (t parameterType) Delete(s api.StackContext, r api.Resource) error {
	_, err := t.deleteParameter(s.Call, deleteInput{Name: r.PhysicalID})
	return api.Ignore(err, "ParameterNotFound")
}
