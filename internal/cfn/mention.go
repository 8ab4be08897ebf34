package cfn

import (
	"maps"
	"slices"
	"strings"
)

// Mention is a place that refers to a parameter or resource by its name, in Ref,
// Fn::GetAtt or Fn::Sub.
type Mention struct {
	Name      string
	Attribute string // of a resource; "" for Ref, and where a function gives it
	At        *Path

	// Doubtful: it stands in a branch of an Fn::If whose condition isn't known.
	Doubtful bool
}

// References calls visit with every mention in v. Of an Fn::If whose condition
// is known, only the branch that applies counts. It continues after an error, and
// returns the first one, visit's among them.
func (e *Evaluator) References(v any, at *Path, visit func(Mention) error) error {
	w := &walk{Evaluator: e, visit: visit}
	w.value(v, at)
	return w.err
}

type walk struct {
	*Evaluator
	visit    func(Mention) error
	err      error // the first
	doubtful int   // how many Fn::If with an unknown condition lead here
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
		w.doubtful++
		defer func() { w.doubtful-- }()
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
		id, _ := arg.(string)
		w.mention(id, "", at)
	case "Fn::GetAtt":
		text, _ := arg.(string)
		id, attribute, _ := strings.Cut(text, ".")
		if list, ok := arg.([]any); ok && len(list) == 2 {
			id, _ = list[0].(string)
			attribute, _ = list[1].(string)
		}
		w.mention(id, attribute, at)
	case "Fn::Sub":
		text, vars, textAt, _, err := w.subArguments(arg, at)
		w.keep(err)
		parts, _ := splitSub(text)
		for _, part := range parts {
			if _, own := vars[part.text]; part.variable && !own {
				id, attribute, _ := strings.Cut(part.text, ".")
				w.mention(id, attribute, textAt)
			}
		}
	default:
		if _, known := functionNamed(name); !known && name != "Fn::If" {
			w.keep(w.unknownFunction(name, at))
		}
	}
}

func (w *walk) mention(name, attribute string, at *Path) {
	if name == "" {
		w.keep(w.Errorf(at, "needs the name of a parameter or resource"))
		return
	}
	w.keep(w.visit(Mention{name, attribute, at, w.doubtful > 0}))
}
