package cfn

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
)

// call tells whether a value is a call of an intrinsic function. A lone
// "Condition" is not: policy statements have that key as well.
func call(v any) (name string, arg any, ok bool) {
	m, isMap := v.(map[string]any)
	if !isMap || len(m) != 1 {
		return "", nil, false
	}
	for name, arg = range m {
	}
	return name, arg, name == "Ref" || strings.HasPrefix(name, "Fn::")
}

// function gives the function of that name, or nil. Fn::If is not among them: it
// leads to a value that is resolved in its place, see choose.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
func function(name string) func(e *Evaluator, arg any, at *Path) (any, error) {
	switch name {
	case "Ref":
		return onText(func(e *Evaluator, id string, at *Path) (any, error) { return e.lookup.Ref(id, at) })
	case "Fn::Base64":
		return onText(func(e *Evaluator, text string, at *Path) (any, error) {
			return e.Checked(base64.StdEncoding.EncodeToString([]byte(text)), at)
		})
	case "Fn::FindInMap":
		return (*Evaluator).callFindInMap
	case "Fn::GetAZs":
		return (*Evaluator).callGetAZs
	case "Fn::GetAtt":
		return (*Evaluator).callGetAtt
	case "Fn::GetStackOutput":
		return (*Evaluator).callGetStackOutput
	case "Fn::ImportValue":
		return onText(func(e *Evaluator, export string, at *Path) (any, error) { return e.lookup.ImportValue(export, at) })
	case "Fn::Join":
		return (*Evaluator).callJoin
	case "Fn::Length":
		return (*Evaluator).callLength
	case "Fn::Select":
		return (*Evaluator).callSelect
	case "Fn::Split":
		return (*Evaluator).callSplit
	case "Fn::Sub":
		return (*Evaluator).callSub
	case "Fn::ToJsonString":
		return (*Evaluator).callToJSONString
	case "Fn::And", "Fn::Contains", "Fn::Equals", "Fn::Not", "Fn::Or":
		return func(e *Evaluator, arg any, at *Path) (any, error) { return e.conditionCall(name, arg, at) }
	}
	return nil
}

// onText is a function of one text.
func onText(f func(e *Evaluator, text string, at *Path) (any, error)) func(*Evaluator, any, *Path) (any, error) {
	return func(e *Evaluator, arg any, at *Path) (any, error) {
		text, err := e.Text(arg, at)
		if err != nil {
			return nil, err
		}
		return f(e, text, at)
	}
}

// call computes an intrinsic function. The path ends in the function's name.
func (e *Evaluator) call(name string, arg any, at *Path) (any, error) {
	if f := function(name); f != nil {
		return f(e, arg, at)
	}
	return nil, e.unknownFunction(name, at)
}

func (e *Evaluator) unknownFunction(name string, at *Path) error {
	switch {
	case name == "Fn::Transform", strings.HasPrefix(name, "Fn::ForEach::"):
		return e.Unknownf(at, "only CloudFormation can expand it")
	case name == "Fn::Cidr":
		return e.Unknownf(at, "this program doesn't compute address blocks")
	}
	return e.Unknownf(at, "this program doesn't know the function")
}

// arguments checks that a function has a list of min to max arguments.
func (e *Evaluator) arguments(arg any, low, high int, takes string, at *Path) ([]any, error) {
	args, ok := arg.([]any)
	if !ok || len(args) < low || len(args) > high {
		return nil, e.Errorf(at, "takes %s", takes)
	}
	return args, nil
}

func (e *Evaluator) callJoin(arg any, at *Path) (any, error) {
	args, err := e.arguments(arg, 2, 2, "a list of a delimiter and a list", at)
	if err != nil {
		return nil, err
	}
	delimiter, err := e.Text(args[0], at.Element(0))
	if err != nil {
		return nil, err
	}
	list, err := e.list(args[1], at.Element(1))
	if err != nil {
		return nil, err
	}
	texts, size := make([]string, len(list)), 0
	for i, value := range list {
		text, ok := ScalarText(value)
		if !ok {
			return nil, e.Errorf(at.Element(1).Element(i), "must be a string, not %s", KindOf(value))
		}
		if size += len(text) + len(delimiter); size > 2*maxText {
			return nil, e.Errorf(at, "gives more than %d bytes", maxText)
		}
		texts[i] = text
	}
	return e.Checked(strings.Join(texts, delimiter), at)
}

func (e *Evaluator) callGetAZs(arg any, at *Path) (any, error) {
	if arg == nil {
		return nil, e.Unknownf(at, "null, which templates of AWS have here and no page explains")
	}
	region, err := e.Text(arg, at)
	if err != nil {
		return nil, err
	}
	return e.lookup.Zones(region, at)
}

func (e *Evaluator) callLength(arg any, at *Path) (any, error) {
	list, err := e.list(arg, at)
	return json.Number(strconv.Itoa(len(list))), err
}

func (e *Evaluator) callSelect(arg any, at *Path) (any, error) {
	args, err := e.arguments(arg, 2, 2, "a list of an index and a list", at)
	if err != nil {
		return nil, err
	}
	text, err := e.Text(args[0], at.Element(0))
	if err != nil {
		return nil, err
	}
	index, err := strconv.Atoi(text)
	if err != nil {
		return nil, e.Errorf(at.Element(0), "%q is not an index", text)
	}
	list, err := e.list(args[1], at.Element(1))
	if err != nil {
		return nil, err
	}
	if index >= 0 && e.later(list...) {
		return e.stack.Later, nil
	}
	if index < 0 || index >= len(list) {
		return nil, e.Errorf(at, "no element %d in a list of %d", index, len(list))
	}
	return list[index], nil
}

// later tells whether a list is one of parts that aren't known yet.
func (e *Evaluator) later(list ...any) bool {
	return e.stack.Later != "" && len(list) == 1 && list[0] == any(e.stack.Later)
}

func (e *Evaluator) callSplit(arg any, at *Path) (any, error) {
	args, err := e.arguments(arg, 2, 2, "a list of a delimiter and a string", at)
	if err != nil {
		return nil, err
	}
	delimiter, err := e.Text(args[0], at.Element(0))
	if err != nil {
		return nil, err
	}
	if delimiter == "" {
		return nil, e.Errorf(at.Element(0), "the delimiter is empty")
	}
	text, err := e.Text(args[1], at.Element(1))
	if err != nil {
		return nil, err
	}
	if e.stack.Later != "" && strings.Contains(text, e.stack.Later) {
		return []any{e.stack.Later}, nil // As many parts as Fn::Select asks for.
	}
	parts := []any{}
	for part := range strings.SplitSeq(text, delimiter) {
		parts = append(parts, part)
	}
	return parts, nil
}

func (e *Evaluator) callFindInMap(arg any, at *Path) (any, error) {
	args, err := e.arguments(arg, 3, 4, "a list of a map's name and two keys", at)
	if err != nil {
		return nil, err
	}
	var keys [3]string
	for i := range keys {
		if keys[i], err = e.Text(args[i], at.Element(i)); err != nil {
			return nil, err
		}
	}
	var value any = e.stack.Mappings
	for _, key := range keys {
		level, _ := value.(map[string]any)
		if level["Fn::Transform"] != nil {
			return nil, e.Unknownf(at, "a macro gives the entries of the map")
		}
		value = level[key]
	}
	if value != nil {
		return e.Resolve(value, Root("Mappings", keys[0], keys[1], keys[2]))
	}
	if len(args) == 4 {
		if last, ok := args[3].(map[string]any); ok && last["DefaultValue"] != nil {
			return e.Resolve(last["DefaultValue"], at.Element(3).Child("DefaultValue"))
		}
	}
	return nil, e.Errorf(at, "no %s.%s.%s in Mappings", keys[0], keys[1], keys[2])
}

func (e *Evaluator) callToJSONString(arg any, at *Path) (any, error) {
	value, err := e.Resolve(arg, at)
	if err != nil {
		return nil, err
	}
	switch value.(type) {
	case map[string]any, []any:
	default:
		return nil, e.Errorf(at, "takes a mapping or a list, not %s", KindOf(value))
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, e.Errorf(at, "%s", err)
	}
	return e.Checked(strings.TrimSuffix(b.String(), "\n"), at)
}
