package cloudformation

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// scope is what the intrinsic functions of one stack see.
type scope struct {
	template   *template
	parameters map[string]parameter
	pseudo     map[string]any // AWS::Region, ...; AWS::NoValue is removed
	conditions map[string]bool

	// resource gives a resource that exists; nil while there is none yet, as
	// for conditions, rules and export names.
	resource func(logicalID string) (api.Resource, error)
	// imported gives the value of an export of the account and Region.
	imported func(name string) (string, error)
	// stackOutput gives an output of another stack.
	stackOutput func(stackOutput) (string, error)
}

// removed is the value of AWS::NoValue: the property or element is left out.
type removed struct{}

type function func(x *scope, arg any) (any, error)

// functions are the intrinsic functions; the others are refused by name.
//
// Source: CloudFormation template reference, intrinsic-function-reference.
var functions map[string]function

func init() { // in init, as the functions resolve their own arguments
	functions = map[string]function{
		"Ref":                (*scope).ref,
		"Condition":          (*scope).namedCondition,
		"Fn::And":            (*scope).and,
		"Fn::Base64":         (*scope).base64,
		"Fn::Contains":       (*scope).contains,
		"Fn::Equals":         (*scope).equals,
		"Fn::FindInMap":      (*scope).findInMap,
		"Fn::GetAZs":         (*scope).getAZs,
		"Fn::GetAtt":         (*scope).getAtt,
		"Fn::GetStackOutput": (*scope).getStackOutput,
		"Fn::If":             (*scope).ifElse,
		"Fn::ImportValue":    (*scope).importValue,
		"Fn::Join":           (*scope).join,
		"Fn::Length":         (*scope).length,
		"Fn::Not":            (*scope).not,
		"Fn::Or":             (*scope).or,
		"Fn::Select":         (*scope).selectOne,
		"Fn::Split":          (*scope).split,
		"Fn::Sub":            (*scope).sub,
		"Fn::ToJsonString":   (*scope).toJSONString,
	}
}

// call splits a value that is a call of an intrinsic function. Condition is
// one only where a condition is wanted: elsewhere it is a property's name, as
// in a policy statement.
func call(v any) (name string, arg any, ok bool) {
	m, isMap := v.(map[string]any)
	if !isMap || len(m) != 1 {
		return "", nil, false
	}
	for name, arg = range m {
	}
	_, isText := arg.(string)
	return name, arg, name == "Ref" || strings.HasPrefix(name, "Fn::") || (name == "Condition" && isText)
}

// resolve replaces every intrinsic function in v by its value.
func (x *scope) resolve(v any) (any, error) {
	if name, arg, ok := call(v); ok {
		f, known := functions[name]
		if !known {
			return nil, invalid("the local AWS does not know the intrinsic function %s", name)
		}
		return f(x, arg)
	}
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			r, err := x.resolve(e)
			if err != nil {
				return nil, err
			}
			if r != (removed{}) {
				out[k] = r
			}
		}
		return out, nil
	case []any:
		out := make([]any, 0, len(v))
		for _, e := range v {
			r, err := x.resolve(e)
			if err != nil {
				return nil, err
			}
			if r != (removed{}) {
				out = append(out, r)
			}
		}
		return out, nil
	case string:
		if strings.Contains(v, "{{resolve:") {
			return nil, invalid("the local AWS does not carry out dynamic references: %s", v)
		}
	}
	return v, nil
}

// text resolves v to a string, as the functions that build strings want it.
func (x *scope) text(function string, v any) (string, error) {
	r, err := x.resolve(v)
	if err != nil {
		return "", err
	}
	switch r := r.(type) {
	case string:
		return r, nil
	case json.Number, bool:
		return fmt.Sprint(r), nil
	}
	return "", invalid("Template error: every value of %s must be a string", function)
}

func (x *scope) list(function string, v any) ([]any, error) {
	r, err := x.resolve(v)
	if err != nil {
		return nil, err
	}
	l, ok := r.([]any)
	if !ok {
		return nil, invalid("Template error: %s needs a list", function)
	}
	return l, nil
}

// arguments are the unresolved arguments of a function that takes between min
// and max of them.
func arguments(function string, arg any, min, max int) ([]any, error) {
	l, ok := arg.([]any)
	if !ok || len(l) < min || len(l) > max {
		return nil, invalid("Template error: %s takes a list of %d to %d arguments", function, min, max)
	}
	return l, nil
}

func (x *scope) join(arg any) (any, error) {
	args, err := arguments("Fn::Join", arg, 2, 2)
	if err != nil {
		return nil, err
	}
	separator, ok := args[0].(string)
	if !ok {
		return nil, invalid("Template error: the delimiter of Fn::Join must be a string")
	}
	l, err := x.list("Fn::Join", args[1])
	if err != nil {
		return nil, err
	}
	parts := make([]string, len(l))
	for i, e := range l {
		if parts[i], err = x.text("Fn::Join", e); err != nil {
			return nil, err
		}
	}
	return strings.Join(parts, separator), nil
}

func (x *scope) split(arg any) (any, error) {
	args, err := arguments("Fn::Split", arg, 2, 2)
	if err != nil {
		return nil, err
	}
	separator, ok := args[0].(string)
	if !ok || separator == "" {
		return nil, invalid("Template error: the delimiter of Fn::Split must be a non-empty string")
	}
	s, err := x.text("Fn::Split", args[1])
	if err != nil {
		return nil, err
	}
	if strings.Contains(s, notYetKnown) {
		return []any{notYetKnown}, nil // as many parts as Fn::Select asks for
	}
	var out []any
	for part := range strings.SplitSeq(s, separator) {
		out = append(out, part)
	}
	return out, nil
}

func (x *scope) selectOne(arg any) (any, error) {
	args, err := arguments("Fn::Select", arg, 2, 2)
	if err != nil {
		return nil, err
	}
	index, err := x.text("Fn::Select", args[0])
	if err != nil {
		return nil, err
	}
	l, err := x.list("Fn::Select", args[1])
	if err != nil {
		return nil, err
	}
	i, err := strconv.Atoi(index)
	if err == nil && i >= 0 && len(l) == 1 && l[0] == notYetKnown {
		return notYetKnown, nil
	}
	if err != nil || i < 0 || i >= len(l) {
		return nil, invalid("Template error: Fn::Select cannot select nonexistent value at index %s", index)
	}
	return l[i], nil
}

func (x *scope) base64(arg any) (any, error) {
	s, err := x.text("Fn::Base64", arg)
	return base64.StdEncoding.EncodeToString([]byte(s)), err
}

func (x *scope) length(arg any) (any, error) {
	l, err := x.list("Fn::Length", arg)
	return json.Number(strconv.Itoa(len(l))), err
}

func (x *scope) toJSONString(arg any) (any, error) {
	v, err := x.resolve(arg)
	return string(canonical(v)), err
}

// getAZs gives three zones in every Region: the local AWS has no list of the
// real ones.
func (x *scope) getAZs(arg any) (any, error) {
	region, err := x.text("Fn::GetAZs", arg)
	if err != nil {
		return nil, err
	}
	if region == "" {
		region, _ = x.pseudo["AWS::Region"].(string)
	}
	return []any{region + "a", region + "b", region + "c"}, nil
}

func (x *scope) findInMap(arg any) (any, error) {
	args, err := arguments("Fn::FindInMap", arg, 3, 4)
	if err != nil {
		return nil, err
	}
	var v any = x.template.mappings
	for _, a := range args[:3] {
		key, err := x.text("Fn::FindInMap", a)
		if err != nil {
			return nil, err
		}
		m, _ := v.(map[string]any)
		next, ok := m[key]
		if !ok {
			if len(args) == 4 {
				if d, isMap := args[3].(map[string]any); isMap && d["DefaultValue"] != nil {
					return x.resolve(d["DefaultValue"])
				}
			}
			return nil, invalid("Template error: Unable to get mapping for %s", canonical(args[:3]))
		}
		v = next
	}
	return v, nil
}
