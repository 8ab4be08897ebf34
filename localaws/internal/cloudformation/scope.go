package cloudformation

import (
	"errors"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// scope is what the intrinsic functions of one stack see.
type scope struct {
	template   *template
	parameters map[string]parameter
	pseudo     map[string]any // AWS::Region, ...; AWS::NoValue is cfn's
	conditions map[string]bool
	budget     *cfn.Budget // of one pass over the template; nil: of each evaluation

	// resource gives a resource that exists; nil while there is none yet, as
	// for conditions, rules and export names.
	resource func(logicalID string) (api.Resource, error)
	// imported gives the value of an export of the account and Region.
	imported func(name string) (string, error)
	// stackOutput gives an output of another stack.
	stackOutput func(cfn.StackOutput) (string, error)
}

// newBudget is what one pass over a template may take, far over what one of a
// megabyte takes: a few hundred bytes can else ask for any number of values, and
// each of the resources for a string of a megabyte.
func newBudget() *cfn.Budget { return &cfn.Budget{Values: 300_000, Text: 8 << 20} }

// evaluator is a new one each time: what the scope tells changes while resources
// are made.
func (x *scope) evaluator() *cfn.Evaluator {
	t := x.template
	return cfn.New(cfn.Stack{Mappings: t.Mappings, Conditions: t.Conditions, Settled: x.conditions, Later: notYetKnown, Budget: x.budget}, x)
}

// properties resolves a resource's properties.
func (x *scope) properties(id string) ([]byte, error) {
	v, err := x.evaluator().Resolve(any(x.template.Resources[id].RawProperties), cfn.Root("Resources", id, "Properties"))
	return cfn.JSON(v), refusal(err)
}

// text resolves v to a string.
func (x *scope) text(v any, at *cfn.Path) (string, error) {
	text, err := x.evaluator().Text(v, at)
	return text, refusal(err)
}

// refusal is an error of the template as a service's.
func refusal(err error) error {
	var wrong *cfn.Error
	var unknown *cfn.UnknownError
	switch {
	case errors.As(err, &unknown):
		return invalid("the local AWS does not carry out what is at %s: %s", unknown.Path, unknown.Reason)
	case errors.As(err, &wrong) && len(wrong.Keys) > 0:
		return invalid("Template error: Unable to get mapping for %s (%s)", strings.Join(wrong.Keys, "::"), wrong.Path)
	case errors.As(err, &wrong):
		return invalid("Template error: %s: %s", wrong.Path, wrong.Reason)
	}
	return err
}

func unresolved(name string) error {
	return invalid("Template format error: Unresolved resource dependencies [%s] in the Resources block of the template", name)
}

// Ref gives a pseudo parameter, a parameter's value or a physical id.
func (x *scope) Ref(name string, _ *cfn.Path) (any, error) {
	if name == "AWS::NoValue" {
		return cfn.NoValue{}, nil
	}
	if v, ok := x.pseudo[name]; ok {
		return v, nil
	}
	if p, ok := x.parameters[name]; ok {
		return p.ref(), nil
	}
	if _, ok := x.template.Resources[name]; !ok || x.resource == nil {
		return nil, unresolved(name)
	}
	r, err := x.resource(name)
	return r.PhysicalID, err
}

// GetAtt gives an attribute of a resource that exists.
func (x *scope) GetAtt(id, name string, _ *cfn.Path) (any, error) {
	d, ok := x.template.Resources[id]
	if !ok || x.resource == nil {
		return nil, invalid("Template error: instance of Fn::GetAtt references undefined resource %s", id)
	}
	r, err := x.resource(id)
	if err != nil {
		return nil, err
	}
	v, ok := r.Attributes[name]
	if !ok {
		if r.PhysicalID == notYetKnown {
			return notYetKnown, nil
		}
		if output, of := strings.CutPrefix(name, "Outputs."); of && d.Type == stackType {
			return nil, invalid("Output '%s' not found in stack '%s'", output, r.PhysicalID)
		}
		return nil, invalid("Requested attribute %s does not exist in schema for %s of resource %s", name, d.Type, id)
	}
	return v, nil
}

// ImportValue gives what another stack exports.
func (x *scope) ImportValue(name string, _ *cfn.Path) (any, error) {
	if x.imported == nil {
		return nil, invalid("Template error: Fn::ImportValue cannot be used here")
	}
	return asAny(x.imported(name))
}

// StackOutput gives an output of another stack.
func (x *scope) StackOutput(o cfn.StackOutput, _ *cfn.Path) (any, error) {
	if x.stackOutput == nil {
		return nil, invalid("Template error: Fn::GetStackOutput cannot be used in conditions or rules")
	}
	return asAny(x.stackOutput(o))
}

func asAny(text string, err error) (any, error) { return text, err }

// Zones gives three in every Region: the local AWS has no list of the real ones.
func (x *scope) Zones(region string, at *cfn.Path) (any, error) {
	if region == "" {
		region, _ = x.pseudo["AWS::Region"].(string)
	}
	if !partition.HasRegion(region) {
		return nil, invalid("Template error: Fn::GetAZs names no Region: %s (%s)", region, at)
	}
	return []any{region + "a", region + "b", region + "c"}, nil
}
