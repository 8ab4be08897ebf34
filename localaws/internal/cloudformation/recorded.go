package cloudformation

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Recorded are the types that a stack may have but that do nothing here: their
// properties are kept as they are, unchecked, and Ref and Fn::GetAtt give what
// the real ones would.
func Recorded() []string { return slices.Sorted(maps.Keys(recordedTypes)) }

// recordedType says how a type is named and what Ref and Fn::GetAtt give.
//
// Source: CloudFormation template reference, "Return values" of each type.
type recordedType struct {
	name       string // the property with the resource's name; "" has none
	physical   func(s api.StackContext, name string) string
	attributes func(s api.StackContext, name string) map[string]string
}

var recordedTypes = map[string]recordedType{
	"AWS::CDK::Metadata": {},
	"AWS::ECR::Repository": {name: "RepositoryName", attributes: func(s api.StackContext, n string) map[string]string {
		return map[string]string{
			"Arn":           arn(s, "ecr", "repository/"+n),
			"RepositoryUri": s.Account + ".dkr.ecr." + s.Region + ".amazonaws.com/" + n,
		}
	}},
	"AWS::StepFunctions::StateMachine": {
		name:     "StateMachineName",
		physical: func(s api.StackContext, n string) string { return arn(s, "states", "stateMachine:"+n) },
		attributes: func(s api.StackContext, n string) map[string]string {
			return map[string]string{"Arn": arn(s, "states", "stateMachine:"+n), "Name": n, "StateMachineRevisionId": "INITIAL"}
		},
	},
}

func arn(s api.StackContext, service, resource string) string {
	return api.ARN(service, s.Region, s.Account, resource)
}

// recorded is the provider of a recorded type.
type recorded struct{ typ string }

func (p recorded) Create(_ context.Context, s api.StackContext, logicalID string, properties json.RawMessage) (api.Resource, error) {
	t := recordedTypes[p.typ]
	var given map[string]json.RawMessage
	if err := json.Unmarshal(properties, &given); err != nil {
		return api.Resource{}, api.Errorf(400, "ValidationError", "properties of %s: %v", logicalID, err)
	}
	name := ""
	if t.name != "" {
		_ = json.Unmarshal(given[t.name], &name) // absent, or no string: a generated name
	}
	if name == "" {
		name = api.GeneratedName(s, logicalID, 255)
		if p.typ == "AWS::ECR::Repository" {
			name = strings.ToLower(name) // the only form that ECR takes
		}
	}
	r := api.Resource{PhysicalID: name, Attributes: map[string]string{}}
	if t.physical != nil {
		r.PhysicalID = t.physical(s, name)
	}
	if t.attributes != nil {
		r.Attributes = t.attributes(s, name)
	}
	return r, nil
}

func (p recorded) Update(ctx context.Context, s api.StackContext, logicalID string, r api.Resource, before, after json.RawMessage) (api.Resource, error) {
	if !replaces(p.typ, before, after) {
		return r, nil
	}
	return p.Create(ctx, s, logicalID, after)
}

func (recorded) Delete(context.Context, api.StackContext, string, api.Resource) error { return nil }
