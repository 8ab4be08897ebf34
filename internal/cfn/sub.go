package cfn

import (
	"regexp"
	"strings"
)

// subName is what may stand between "${" and "}".
var subName = regexp.MustCompile(`^[A-Za-z0-9_.:]+$`)

// sub computes both forms of Fn::Sub: a string, or a list of a string and a
// mapping of variables.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
func (e *Evaluator) sub(args []any, at *Path) (any, error) {
	text, vars, textAt, varsAt, err := e.subArguments(args[0], at)
	if err != nil {
		return nil, err
	}
	parts, wrong := splitSub(text)
	if wrong != "" {
		return nil, e.Errorf(textAt, "%s", wrong)
	}
	if err := e.spend(len(parts), at); err != nil {
		return nil, err
	}
	var b strings.Builder
	for _, part := range parts {
		text := part.text
		if part.variable {
			if part.spaced {
				return nil, e.Unknownf(textAt, "what CloudFormation makes of the spaces around %s in ${}, since no page says", text)
			}
			if text, err = e.subVariable(text, vars, textAt, varsAt); err != nil {
				return nil, err
			}
		}
		if b.WriteString(text); b.Len() > maxText {
			return nil, e.Errorf(at, "gives more than %d bytes", maxText)
		}
	}
	return e.Checked(b.String(), at)
}

func (e *Evaluator) subArguments(arg any, at *Path) (text string, vars map[string]any, textAt, varsAt *Path, err error) {
	text, ok := arg.(string)
	textAt, varsAt = at, at.Element(1)
	if list, isList := arg.([]any); isList && len(list) == 2 {
		text, ok = list[0].(string)
		textAt = at.Element(0)
		var isMap bool
		vars, isMap = list[1].(map[string]any)
		ok = ok && isMap
	}
	if !ok {
		err = e.Errorf(at, "needs a string, or a list of a string and a mapping of variables")
	}
	return text, vars, textAt, varsAt, err
}

type subPart struct {
	text     string
	variable bool
	spaced   bool // whether spaces stood around the name
}

// splitSub splits the text of Fn::Sub into its parts, and says what is wrong with
// it. "${!x}" means the text "${x}".
func splitSub(text string) (parts []subPart, wrong string) {
	for {
		before, rest, found := strings.Cut(text, "${")
		parts = append(parts, subPart{text: before})
		if !found {
			return parts, wrong
		}
		inside, after, closed := strings.Cut(rest, "}")
		name := strings.TrimSpace(inside)
		switch {
		case !closed:
			return parts, "a ${ without }"
		case strings.HasPrefix(inside, "!"):
			parts = append(parts, subPart{text: "${" + inside[1:] + "}"})
		case !subName.MatchString(name):
			return parts, "${" + inside + "}: a name has only letters, digits and _ . :; for a literal write ${!" + inside + "}"
		default:
			parts = append(parts, subPart{text: name, variable: true, spaced: name != inside})
		}
		text = after
	}
}

func (e *Evaluator) subVariable(name string, vars map[string]any, at, varsAt *Path) (string, error) {
	if value, ok := vars[name]; ok {
		return e.Text(value, varsAt.Child(name))
	}
	var value any
	var err error
	if id, attribute, dotted := strings.Cut(name, "."); dotted {
		value, err = e.getAtt(id, attribute, at)
	} else {
		value, err = e.lookup.Ref(name, at)
	}
	if err != nil {
		return "", err
	}
	text, ok := ScalarText(value)
	if !ok {
		return "", e.Errorf(at, "${%s} must be a string, not %s", name, KindOf(value))
	}
	return text, nil
}
