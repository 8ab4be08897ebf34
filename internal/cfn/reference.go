package cfn

import (
	"maps"
	"slices"
	"strings"
)

// StackOutput is the argument of Fn::GetStackOutput.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
type StackOutput struct {
	Stack, Name string
	Region      string // "": the stack's own
	RoleARN     string // "": the role that deploys the stack
}

func (e *Evaluator) stackOutput(list []any, at *Path) (any, error) {
	args, ok := list[0].(map[string]any)
	if !ok || args["StackName"] == nil || args["OutputName"] == nil {
		return nil, e.Errorf(at, "needs a mapping with StackName and OutputName")
	}
	var o StackOutput
	fields := map[string]*string{"StackName": &o.Stack, "OutputName": &o.Name, "Region": &o.Region, "RoleArn": &o.RoleARN}
	for _, key := range slices.Sorted(maps.Keys(args)) {
		if fields[key] == nil {
			return nil, e.Errorf(at, "has no argument %s", key)
		}
		text, err := e.Text(args[key], at.Child(key))
		if err != nil {
			return nil, err
		}
		*fields[key] = text
	}
	return e.lookup.StackOutput(o, at)
}

// callGetAtt computes both forms of Fn::GetAtt: [id, attribute], "id.attribute".
func (e *Evaluator) callGetAtt(args []any, at *Path) (any, error) {
	if text, ok := args[0].(string); ok {
		id, attribute, _ := strings.Cut(text, ".")
		return e.getAtt(id, attribute, at)
	}
	args, err := e.arguments(args[0], 2, 2, "a list of a logical id and an attribute", at)
	if err != nil {
		return nil, err
	}
	texts, err := e.texts(args, at)
	if err != nil {
		return nil, err
	}
	return e.getAtt(texts[0], texts[1], at)
}

func (e *Evaluator) getAtt(id, attribute string, at *Path) (any, error) {
	if id == "" || attribute == "" {
		return nil, e.Errorf(at, "needs a logical id and an attribute, such as Bucket.Arn")
	}
	return e.lookup.GetAtt(id, attribute, at)
}
