package template

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
)

// call computes an intrinsic function. The path ends in the function's name.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
func (s scope) call(name string, arg any, at *path) (any, error) {
	switch name {
	case "Ref":
		return s.callRef(arg, at)
	case "Fn::GetAtt":
		return s.callGetAtt(arg, at)
	case "Fn::Sub":
		return s.callSub(arg, at)
	case "Fn::Join":
		return s.callJoin(arg, at)
	case "Fn::Select":
		return s.callSelect(arg, at)
	case "Fn::Split":
		return s.callSplit(arg, at)
	case "Fn::FindInMap":
		return s.callFindInMap(arg, at)
	case "Fn::ImportValue":
		return s.callImportValue(arg, at)
	case "Fn::GetStackOutput":
		return s.callGetStackOutput(arg, at)
	case "Fn::Base64":
		text, err := s.text(arg, at)
		if err != nil {
			return nil, err
		}
		return s.checked(base64.StdEncoding.EncodeToString([]byte(text)), at)
	case "Fn::Length":
		list, err := s.list(arg, at)
		if err != nil {
			return nil, err
		}
		return json.Number(strconv.Itoa(len(list))), nil
	case "Fn::ToJsonString":
		return s.callToJSONString(arg, at)
	case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not":
		return s.conditionCall(name, arg, at)
	case "Fn::GetAZs":
		return nil, s.unknownf(at, "the availability zones of an account")
	case "Fn::Cidr":
		return nil, s.unknownf(at, "this program doesn't compute address blocks")
	}
	if name == "Fn::Transform" || strings.HasPrefix(name, "Fn::ForEach::") {
		return nil, s.unknownf(at, "only CloudFormation can expand it")
	}
	return nil, s.unknownf(at, "this program doesn't know the function")
}

// arguments checks that a function has a list of min to max arguments.
func (s scope) arguments(arg any, low, high int, takes string, at *path) ([]any, error) {
	args, ok := arg.([]any)
	if !ok || len(args) < low || len(args) > high {
		return nil, s.errorf(at, "takes %s", takes)
	}
	return args, nil
}

func (s scope) callJoin(arg any, at *path) (any, error) {
	args, err := s.arguments(arg, 2, 2, "a list of a delimiter and a list", at)
	if err != nil {
		return nil, err
	}
	delimiter, err := s.text(args[0], at.element(0))
	if err != nil {
		return nil, err
	}
	list, err := s.list(args[1], at.element(1))
	if err != nil {
		return nil, err
	}
	texts, size := make([]string, len(list)), 0
	for i, value := range list {
		text, ok := scalarText(value)
		if !ok {
			return nil, s.errorf(at.element(1).element(i), "must be a string, not %s", kindOf(value))
		}
		if size += len(text) + len(delimiter); size > 2*maxText {
			return nil, s.errorf(at, "gives more than %d bytes", maxText)
		}
		texts[i] = text
	}
	return s.checked(strings.Join(texts, delimiter), at)
}

func (s scope) callSelect(arg any, at *path) (any, error) {
	args, err := s.arguments(arg, 2, 2, "a list of an index and a list", at)
	if err != nil {
		return nil, err
	}
	text, err := s.text(args[0], at.element(0))
	if err != nil {
		return nil, err
	}
	index, err := strconv.Atoi(text)
	if err != nil {
		return nil, s.errorf(at.element(0), "%q is not an index", text)
	}
	list, err := s.list(args[1], at.element(1))
	if err != nil {
		return nil, err
	}
	if index < 0 || index >= len(list) {
		return nil, s.errorf(at, "no element %d in a list of %d", index, len(list))
	}
	return list[index], nil
}

func (s scope) callSplit(arg any, at *path) (any, error) {
	args, err := s.arguments(arg, 2, 2, "a list of a delimiter and a string", at)
	if err != nil {
		return nil, err
	}
	delimiter, err := s.text(args[0], at.element(0))
	if err != nil {
		return nil, err
	}
	if delimiter == "" {
		return nil, s.errorf(at.element(0), "the delimiter is empty")
	}
	text, err := s.text(args[1], at.element(1))
	if err != nil {
		return nil, err
	}
	parts := []any{}
	for part := range strings.SplitSeq(text, delimiter) {
		parts = append(parts, part)
	}
	return parts, nil
}

func (s scope) callFindInMap(arg any, at *path) (any, error) {
	args, err := s.arguments(arg, 3, 4, "a list of a map's name and two keys", at)
	if err != nil {
		return nil, err
	}
	var keys [3]string
	for i := range keys {
		if keys[i], err = s.text(args[i], at.element(i)); err != nil {
			return nil, err
		}
	}
	var value any = s.stack.Template.Mappings
	for _, key := range keys {
		level, _ := value.(map[string]any)
		if level["Fn::Transform"] != nil {
			return nil, s.unknownf(at, "a macro gives the entries of the map")
		}
		value = level[key]
	}
	if value != nil {
		return s.resolve(value, root("Mappings", keys[0], keys[1], keys[2]))
	}
	if len(args) == 4 {
		if last, ok := args[3].(map[string]any); ok && last["DefaultValue"] != nil {
			return s.resolve(last["DefaultValue"], at.element(3).child("DefaultValue"))
		}
	}
	return nil, s.errorf(at, "no %s.%s.%s in Mappings", keys[0], keys[1], keys[2])
}

func (s scope) callToJSONString(arg any, at *path) (any, error) {
	value, err := s.resolve(arg, at)
	if err != nil {
		return nil, err
	}
	switch value.(type) {
	case map[string]any, []any:
	default:
		return nil, s.errorf(at, "takes a mapping or a list, not %s", kindOf(value))
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, s.errorf(at, "%s", err)
	}
	return s.checked(strings.TrimSuffix(b.String(), "\n"), at)
}
