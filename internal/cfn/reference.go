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

// References calls visit with every name of a parameter or resource that v
// refers to, in Ref, Fn::GetAtt and Fn::Sub. Of an Fn::If whose condition is
// known, only the branch that applies counts. It continues after an error, and
// returns the first one, visit's among them.
func (e *Evaluator) References(v any, at *Path, visit func(name string) error) error {
	w := &walk{Evaluator: e, visit: visit}
	w.value(v, at)
	return w.err
}

type walk struct {
	*Evaluator
	visit func(name string) error
	err   error // the first
}

func (w *walk) keep(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *walk) value(v any, at *Path) {
	if at.level() > 2*maxDepth {
		return // choose says so
	}
	if chosen, place, err := w.choose(v, at); err == nil {
		v, at = chosen, place
	} else {
		w.keep(err)
	}
	switch v := v.(type) {
	case []any:
		for i, element := range v {
			w.value(element, at.Element(i))
		}
	case map[string]any:
		if name, arg, ok := call(v); ok {
			w.call(name, arg, at.Child(name))
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			w.value(v[key], at.Child(key))
		}
	}
}

// call visits what a function itself names; its arguments are walked like all
// other values.
func (w *walk) call(name string, arg any, at *Path) {
	switch name {
	case "Ref":
		w.id(arg, at)
	case "Fn::GetAtt":
		if list, ok := arg.([]any); ok && len(list) == 2 {
			arg = list[0]
		}
		id, _ := arg.(string)
		id, _, _ = strings.Cut(id, ".")
		w.id(id, at)
	case "Fn::Sub":
		text, vars, _, _, err := w.subArguments(arg, at)
		w.keep(err)
		parts, _ := splitSub(text)
		for _, part := range parts {
			if _, own := vars[part.text]; part.variable && !own {
				id, _, _ := strings.Cut(part.text, ".")
				w.id(id, at)
			}
		}
	default:
		if _, known := functionNamed(name); !known && name != "Fn::If" {
			w.keep(w.unknownFunction(name, at))
		}
	}
}

func (w *walk) id(arg any, at *Path) {
	if id, ok := arg.(string); ok && id != "" {
		w.keep(w.visit(id))
	} else {
		w.keep(w.Errorf(at, "needs the name of a parameter or resource"))
	}
}

// Order sorts names so that each comes after all that it needs, otherwise
// alphabetically. A cycle, if there is one, is returned with its first name again
// at its end.
func Order(needs map[string][]string) (order, cycle []string) {
	done := map[string]bool{}
	var trail []string
	var visit func(name string) []string
	visit = func(name string) []string {
		if done[name] {
			return nil
		}
		if start := slices.Index(trail, name); start >= 0 {
			return append(slices.Clone(trail[start:]), name)
		}
		trail = append(trail, name)
		for _, need := range slices.Sorted(slices.Values(needs[name])) {
			if cycle := visit(need); cycle != nil {
				return cycle
			}
		}
		trail = trail[:len(trail)-1]
		done[name] = true
		order = append(order, name)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(needs)) {
		if cycle := visit(name); cycle != nil {
			return nil, cycle
		}
	}
	return order, nil
}
