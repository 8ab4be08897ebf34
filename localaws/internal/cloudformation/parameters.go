package cloudformation

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// parameterDeclaration is one member of a template's Parameters.
//
// Source: CloudFormation user guide, parameters-section-structure.
type parameterDeclaration struct {
	*cfn.Parameter
	pattern *regexp.Regexp // nil: any value
}

const ssmParameter = "AWS::SSM::Parameter::Value<String>"

func declareParameter(path string, p *cfn.Parameter) (parameterDeclaration, error) {
	d := parameterDeclaration{Parameter: p}
	if err := oneOf(path+".Type", p.Type, "String", "Number", "CommaDelimitedList", "List<String>", ssmParameter); err != nil {
		return d, err
	}
	values := p.AllowedValues
	if p.Default != nil {
		values = append([]any{p.Default}, values...)
	}
	for _, v := range values {
		if _, ok := cfn.ScalarText(v); !ok {
			return d, invalid("Template format error: [%s] Default and AllowedValues must be scalars", path)
		}
	}
	var err error
	if p.AllowedPattern == "" {
		return d, nil
	}
	if d.pattern, err = regexp.Compile("^(?:" + p.AllowedPattern + ")$"); err != nil {
		err = invalid("Template format error: [%s.AllowedPattern] %v", path, err)
	}
	return d, err
}

// parameter is the value of a template's parameter in one stack.
type parameter struct {
	key      string
	value    string // as given; for an SSM parameter its name
	resolved string // what Ref gives; for an SSM parameter its value
	noEcho   bool
	list     bool
}

// ref is what Ref gives.
func (p parameter) ref() any {
	if !p.list {
		return p.resolved
	}
	l := []any{}
	if p.resolved == "" {
		return l
	}
	for e := range strings.SplitSeq(p.resolved, ",") {
		l = append(l, strings.TrimSpace(e))
	}
	return l
}

// parameters are the values of the request, by name: given, or used before.
func (q query) parameters(t *template, before map[string]parameter) (map[string]string, error) {
	values := map[string]string{}
	for _, m := range q.members("Parameters", "ParameterKey", "ParameterValue", "UsePreviousValue") {
		key := m["ParameterKey"]
		values[key] = m["ParameterValue"]
		if m["UsePreviousValue"] == "true" {
			old, ok := before[key]
			if _, declared := t.parameters[key]; declared && !ok {
				return nil, invalid("Invalid input for parameter key %s. Cannot specify usePreviousValue as true for a parameter key not in the previous template", key)
			}
			values[key] = old.value
		}
	}
	return values, nil
}

// parametersOf settles the value of every declared parameter: given or default.
func (s *Service) parametersOf(c api.Call, t *template, values map[string]string) (map[string]parameter, error) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if _, ok := t.parameters[key]; !ok {
			return nil, invalid("Parameters: [%s] do not exist in the template", key)
		}
	}
	out := map[string]parameter{}
	var missing []string
	for _, key := range slices.Sorted(maps.Keys(t.parameters)) {
		d := t.parameters[key]
		value, ok := values[key]
		if !ok && d.Default == nil {
			missing = append(missing, key)
			continue
		}
		if !ok {
			value, _ = cfn.ScalarText(d.Default)
		}
		p := parameter{key: key, value: value, resolved: value, noEcho: d.NoEcho, list: d.Type == "CommaDelimitedList" || d.Type == "List<String>"}
		if d.Type == ssmParameter {
			if s.opt.Parameters == nil {
				return nil, invalid("the local AWS has no SSM parameters: parameter %s cannot be read", key)
			}
			var err error
			if p.resolved, err = s.opt.Parameters.Value(c, value); err != nil {
				return nil, invalid("Unable to fetch parameters [%s] from parameter store for this account. (%s)", value, reason(err))
			}
		}
		if err := d.check(p); err != nil {
			return nil, err
		}
		out[key] = p
	}
	if len(missing) > 0 {
		return nil, invalid("Parameters: [%s] must have values", strings.Join(missing, ", "))
	}
	return out, nil
}

func (d parameterDeclaration) check(p parameter) error {
	fail := func(text string) error {
		if d.ConstraintDescription != "" {
			text = d.ConstraintDescription
		}
		return invalid("Parameter '%s' %s", p.key, text)
	}
	if d.Type == "Number" && !number.MatchString(p.resolved) {
		return fail("must be a number")
	}
	values := []string{p.resolved}
	if p.list {
		values = nil
		for _, v := range p.ref().([]any) {
			values = append(values, v.(string))
		}
	}
	for _, v := range values {
		if d.AllowedValues != nil && !d.Allows(v) {
			return fail("must be one of AllowedValues")
		}
		if d.pattern != nil && !d.pattern.MatchString(v) {
			return fail("must match pattern " + d.AllowedPattern)
		}
	}
	return nil
}

var number = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)
