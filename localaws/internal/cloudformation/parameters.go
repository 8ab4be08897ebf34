package cloudformation

import (
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// parameterDeclaration is one member of a template's Parameters.
//
// Source: CloudFormation user guide, parameters-section-structure.
type parameterDeclaration struct {
	*cfn.Parameter
	pattern *regexp.Regexp // nil: any value
	bounds  bounds
}

// bounds are MinLength, MaxLength, MinValue and MaxValue; nil: none.
type bounds struct{ minLength, maxLength, minValue, maxValue *big.Rat }

const ssmParameter = "AWS::SSM::Parameter::Value<String>"

// lists are the types whose Ref is a list.
var lists = []string{"CommaDelimitedList", "List<Number>", "List<String>"}

// declareParameter reads a declaration. patterns is the size of all patterns of
// the template together.
func declareParameter(path string, p *cfn.Parameter, patterns *int) (parameterDeclaration, error) {
	d := parameterDeclaration{Parameter: p}
	if err := oneOf(path+".Type", p.Type, append([]string{"String", "Number", ssmParameter}, lists...)...); err != nil {
		return d, err
	}
	for of, values := range map[string][]any{"Default": {p.Default}, "AllowedValues": p.AllowedValues} {
		for _, v := range values {
			if _, ok := cfn.ScalarText(v); !ok && v != nil {
				return d, invalid("Template format error: Every %s member must be a string. (%s)", of, path)
			}
		}
	}
	var err error
	for name, bound := range map[string]struct {
		given any
		to    **big.Rat
	}{
		"MinLength": {p.MinLength, &d.bounds.minLength}, "MaxLength": {p.MaxLength, &d.bounds.maxLength},
		"MinValue": {p.MinValue, &d.bounds.minValue}, "MaxValue": {p.MaxValue, &d.bounds.maxValue},
	} {
		if bound.given == nil {
			continue
		}
		text, _ := cfn.ScalarText(bound.given)
		if *bound.to = rational(text); *bound.to == nil {
			return d, invalid("Template format error: [%s.%s] must be a number", path, name)
		}
	}
	if p.AllowedPattern == "" {
		return d, nil
	}
	d.pattern, err = compile(path+".AllowedPattern", p.AllowedPattern, patterns)
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
		p := parameter{key: key, value: value, resolved: value, noEcho: d.NoEcho, list: slices.Contains(lists, d.Type)}
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

// check refuses a value that the declaration does not admit, in the words of the
// page where it has them.
func (d parameterDeclaration) check(p parameter) error {
	if len(p.value) > maxParameter {
		return invalid("Parameter '%s' has %d bytes; a parameter's value has at most %d", p.key, len(p.value), maxParameter)
	}
	fail := func(format string, args ...any) error {
		text := fmt.Sprintf(format, args...)
		if d.ConstraintDescription != "" {
			text = d.ConstraintDescription
		}
		return invalid("Malformed input-Parameter %s %s", p.key, text)
	}
	text := func(bound any) string { s, _ := cfn.ScalarText(bound); return s }
	values := []string{p.resolved}
	if p.list {
		values = nil
		for _, v := range p.ref().([]any) {
			values = append(values, v.(string))
		}
	}
	if n := int64(utf8.RuneCountInString(p.resolved)); d.Type == "String" {
		switch length := big.NewRat(n, 1); {
		case d.bounds.minLength != nil && length.Cmp(d.bounds.minLength) < 0:
			return fail("must contain at least %s characters", text(d.MinLength))
		case d.bounds.maxLength != nil && length.Cmp(d.bounds.maxLength) > 0:
			return fail("must contain at most %s characters", text(d.MaxLength))
		}
	}
	for _, v := range values {
		if d.Type == "Number" || d.Type == "List<Number>" {
			switch n := rational(v); {
			case n == nil:
				return fail("must be a number")
			case d.bounds.minValue != nil && n.Cmp(d.bounds.minValue) < 0:
				return fail("must be a number not less than %s", text(d.MinValue))
			case d.bounds.maxValue != nil && n.Cmp(d.bounds.maxValue) > 0:
				return fail("must be a number not greater than %s", text(d.MaxValue))
			}
		}
		if d.AllowedValues != nil && !d.Allows(v) {
			return fail("must be one of AllowedValues")
		}
		if d.pattern != nil && !d.pattern.MatchString(v) {
			return fail("must match pattern %s", d.AllowedPattern)
		}
	}
	return nil
}

var number = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$`)

// rational is the number that a text is; nil: it is none, or one whose exponent
// makes it longer than any that means something.
func rational(text string) *big.Rat {
	if !number.MatchString(text) {
		return nil
	}
	r, _ := new(big.Rat).SetString(text)
	return r
}
