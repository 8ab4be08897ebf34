package template

import (
	"regexp"
	"strings"
)

// subName is what may stand between "${" and "}".
var subName = regexp.MustCompile(`^[A-Za-z0-9_.:]+$`)

// callSub computes both forms of Fn::Sub: a string, or a list of a string and a
// mapping of variables. "${!x}" gives "${x}".
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
func (s scope) callSub(arg any, at *path) (any, error) {
	text, ok := arg.(string)
	var vars map[string]any
	textAt, varsAt := at, at.element(1)
	if list, isList := arg.([]any); isList && len(list) == 2 {
		text, ok = list[0].(string)
		textAt = at.element(0)
		var isMap bool
		vars, isMap = list[1].(map[string]any)
		ok = ok && isMap
	}
	if !ok {
		return nil, s.errorf(at, "takes a string, or a list of a string and a mapping of variables")
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return s.checked(b.String(), at)
		}
		name, after, closed := strings.Cut(rest, "}")
		switch {
		case !closed:
			return nil, s.errorf(textAt, "a ${ without }")
		case strings.HasPrefix(name, "!"):
			b.WriteString("${" + name[1:] + "}")
		case !subName.MatchString(name):
			return nil, s.errorf(textAt, "${%s}: a name has letters, digits, _ . : only; for a literal write ${!%s}", name, name)
		default:
			value, err := s.subVariable(name, vars, textAt, varsAt)
			if err != nil {
				return nil, err
			}
			b.WriteString(value)
		}
		if b.Len() > maxText {
			return nil, s.errorf(at, "gives more than %d bytes", maxText)
		}
		text = after
	}
}

func (s scope) subVariable(name string, vars map[string]any, at, varsAt *path) (string, error) {
	if value, ok := vars[name]; ok {
		return s.text(value, varsAt.child(name))
	}
	var value any
	var err error
	if id, attribute, dotted := strings.Cut(name, "."); dotted {
		value, err = s.getAtt(id, attribute, at)
	} else {
		value, err = s.ref(name, at)
	}
	if err != nil {
		return "", err
	}
	text, ok := scalarText(value)
	if !ok {
		return "", s.errorf(at, "${%s} must be a string, not %s", name, kindOf(value))
	}
	return text, nil
}
