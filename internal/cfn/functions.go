package cfn

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
)

// call tells whether a value is a call of an intrinsic function. A lone
// "Condition" is not: policy statements have that key too.
func call(v any) (name string, arg any, ok bool) {
	m, isMap := v.(map[string]any)
	if !isMap || len(m) != 1 {
		return "", nil, false
	}
	for name, arg = range m {
	}
	return name, arg, name == "Ref" || strings.HasPrefix(name, "Fn::")
}

// function is an intrinsic function. One with a list of arguments says of how
// many; all others have one argument.
type function struct {
	needs     string
	low, high int
	compute   func(e *Evaluator, args []any, at *Path) (any, error)
}

// functionNamed returns the function of that name. Fn::If is not among them: it
// leads to a value that is resolved in its place, see choose.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
func functionNamed(name string) (f function, ok bool) {
	switch name {
	case "Ref":
		f.compute = onText(func(e *Evaluator, id string, at *Path) (any, error) { return e.lookup.Ref(id, at) })
	case "Fn::Base64":
		f.compute = onText(func(e *Evaluator, text string, at *Path) (any, error) {
			return e.Checked(base64.StdEncoding.EncodeToString([]byte(text)), at)
		})
	case "Fn::FindInMap":
		f = function{"a list of a map's name and two keys", 3, 4, (*Evaluator).findInMap}
	case "Fn::GetAZs":
		f.compute = (*Evaluator).zones
	case "Fn::GetAtt":
		f.compute = (*Evaluator).callGetAtt
	case "Fn::GetStackOutput":
		f.compute = (*Evaluator).stackOutput
	case "Fn::ImportValue":
		f.compute = onText(func(e *Evaluator, export string, at *Path) (any, error) { return e.lookup.ImportValue(export, at) })
	case "Fn::Join":
		f = function{"a list of a delimiter and a list", 2, 2, (*Evaluator).join}
	case "Fn::Length":
		f.compute = func(e *Evaluator, args []any, at *Path) (any, error) {
			list, err := e.list(args[0], at)
			return json.Number(strconv.Itoa(len(list))), err
		}
	case "Fn::Select":
		f = function{"a list of an index and a list", 2, 2, (*Evaluator).selectOne}
	case "Fn::Split":
		f = function{"a list of a delimiter and a string", 2, 2, (*Evaluator).split}
	case "Fn::Sub":
		f.compute = (*Evaluator).sub
	case "Fn::ToJsonString":
		f.compute = (*Evaluator).toJSON
	case "Fn::Contains": // has a place in Rules only
		f = function{"a list of a list and a value", 2, 2, (*Evaluator).contains}
	case "Fn::Equals":
		f = function{"a list of two values", 2, 2, (*Evaluator).equal}
	case "Fn::Not":
		f = function{"a list of one condition", 1, 1, (*Evaluator).not}
	case "Fn::And", "Fn::Or":
		f = function{"a list of 2 to 10 conditions", 2, 10, func(e *Evaluator, args []any, at *Path) (any, error) {
			return e.combine(args, name == "Fn::Or", at)
		}}
	}
	return f, f.compute != nil
}

// onText is a function of one text.
func onText(compute func(e *Evaluator, text string, at *Path) (any, error)) func(*Evaluator, []any, *Path) (any, error) {
	return func(e *Evaluator, args []any, at *Path) (any, error) {
		text, err := e.Text(args[0], at)
		if err != nil {
			return nil, err
		}
		return compute(e, text, at)
	}
}

// call computes an intrinsic function. The path ends in the function's name.
func (e *Evaluator) call(name string, arg any, at *Path) (any, error) {
	f, ok := functionNamed(name)
	if !ok {
		return nil, e.unknownFunction(name, at)
	}
	args := []any{arg}
	if f.needs != "" {
		var err error
		if args, err = e.arguments(arg, f.low, f.high, f.needs, at); err != nil {
			return nil, err
		}
	}
	return f.compute(e, args, at)
}

func (e *Evaluator) unknownFunction(name string, at *Path) error {
	switch {
	case name == "Fn::Transform", strings.HasPrefix(name, "Fn::ForEach::"):
		return e.Unknownf(at, "only CloudFormation can expand it")
	case name == "Fn::Cidr":
		return e.Unknownf(at, "this program doesn't compute address blocks")
	}
	return e.Unknownf(at, "this program doesn't know the function %s", name)
}

func (e *Evaluator) arguments(arg any, low, high int, needs string, at *Path) ([]any, error) {
	args, ok := arg.([]any)
	if !ok || len(args) < low || len(args) > high {
		return nil, e.Errorf(at, "needs %s", needs)
	}
	return args, nil
}

// texts resolves arguments that must each give one scalar.
func (e *Evaluator) texts(args []any, at *Path) ([]string, error) {
	texts := make([]string, len(args))
	for i, arg := range args {
		var err error
		if texts[i], err = e.Text(arg, at.Element(i)); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

func (e *Evaluator) join(args []any, at *Path) (any, error) {
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

func (e *Evaluator) zones(args []any, at *Path) (any, error) {
	if args[0] == nil {
		return nil, e.Unknownf(at, "null, which templates of AWS have here and no page explains")
	}
	region, err := e.Text(args[0], at)
	if err != nil {
		return nil, err
	}
	return e.lookup.Zones(region, at)
}

func (e *Evaluator) selectOne(args []any, at *Path) (any, error) {
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
	later := e.stack.Later != "" && len(list) == 1 && list[0] == any(e.stack.Later)
	if later && index >= 0 {
		return e.stack.Later, nil
	}
	if index < 0 || index >= len(list) {
		return nil, e.Errorf(at, "no element %d in a list of %d", index, len(list))
	}
	return list[index], nil
}

func (e *Evaluator) split(args []any, at *Path) (any, error) {
	texts, err := e.texts(args, at)
	if err != nil {
		return nil, err
	}
	delimiter, text := texts[0], texts[1]
	if delimiter == "" {
		return nil, e.Errorf(at.Element(0), "the delimiter is empty")
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

func (e *Evaluator) findInMap(args []any, at *Path) (any, error) {
	keys, err := e.texts(args[:3], at)
	if err != nil {
		return nil, err
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
		return e.Resolve(value, Root(append([]string{"Mappings"}, keys...)...))
	}
	if len(args) == 4 {
		if last, ok := args[3].(map[string]any); ok && last["DefaultValue"] != nil {
			return e.Resolve(last["DefaultValue"], at.Element(3).Child("DefaultValue"))
		}
	}
	return nil, &Error{Stack: e.stack.Name, Path: at.String(), Reason: "no " + strings.Join(keys, ".") + " in Mappings", Keys: keys}
}

func (e *Evaluator) toJSON(args []any, at *Path) (any, error) {
	value, err := e.Resolve(args[0], at)
	if err != nil {
		return nil, err
	}
	switch value.(type) {
	case map[string]any, []any:
	default:
		return nil, e.Errorf(at, "needs a mapping or a list, not %s", KindOf(value))
	}
	return e.Checked(string(JSON(value)), at)
}

// JSON is a value as JSON with sorted keys, to store and to compare values by.
func JSON(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v) // values of a template always encode
	return bytes.TrimSpace(b.Bytes())
}
