package events

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A pattern has for each member of an event a list of values or operators, of which
// one must match, or a pattern of its members. Of the operators there are prefix,
// suffix, equals-ignore-case, anything-but of values, and exists; any other is
// refused by name.
//
// Source: EventBridge user guide, eb-create-pattern and
// eb-create-pattern-operators.
type pattern map[string]any

const (
	maxPattern = 4096 // characters
	maxDepth   = 20
)

func readPattern(text string) (pattern, error) {
	var p pattern
	if len(text) > maxPattern || json.Unmarshal([]byte(text), &p) != nil || len(p) == 0 {
		return nil, badPattern("it is no JSON object with a member, or longer than %d characters", maxPattern)
	}
	return p, p.check("", 0)
}

func badPattern(format string, args ...any) error {
	return invalidPattern{fmt.Sprintf(format, args...)}
}

type invalidPattern struct{ why string }

func (e invalidPattern) Error() string { return "Event pattern is not valid. Reason: " + e.why }

func (p pattern) check(at string, depth int) error {
	if depth > maxDepth {
		return badPattern("it is nested too deep")
	}
	for _, name := range slices.Sorted(maps.Keys(p)) {
		switch v := p[name].(type) {
		case map[string]any:
			if err := pattern(v).check(at+name+".", depth+1); err != nil {
				return err
			}
		case []any:
			if strings.HasPrefix(name, "$") || len(v) == 0 {
				return badPattern("the local AWS does not know %s%s, or its list is empty", at, name)
			}
			for _, one := range v {
				if err := checkValue(at+name, one); err != nil {
					return err
				}
			}
		default:
			return badPattern("%q must be an object or an array", at+name)
		}
	}
	return nil
}

func checkValue(at string, v any) error {
	m, ok := v.(map[string]any)
	if !ok {
		if _, list := v.([]any); list {
			return badPattern("a list in the list of %q", at)
		}
		return nil
	}
	for operator, operand := range m {
		_, text := operand.(string)
		_, truth := operand.(bool)
		right := false
		switch operator {
		case "prefix", "suffix", "equals-ignore-case":
			right = text
		case "exists":
			right = truth
		case "anything-but":
			_, object := operand.(map[string]any)
			right = !object
		}
		if !right || len(m) != 1 {
			return badPattern("the local AWS does not know the operator %s of %q with such a value", operator, at)
		}
	}
	return nil
}

// matches says whether an event matches: every member of the pattern must.
func (p pattern) matches(event map[string]any) bool {
	for name, want := range p {
		have, there := event[name]
		switch want := want.(type) {
		case map[string]any:
			members, _ := have.(map[string]any)
			if !pattern(want).matches(members) {
				return false
			}
		case []any:
			if !slices.ContainsFunc(want, func(w any) bool { return matchesValue(w, have, there) }) {
				return false
			}
		}
	}
	return true
}

// matchesValue compares one value; of a list in the event one must match.
func matchesValue(want, have any, there bool) bool {
	if list, ok := have.([]any); ok {
		return slices.ContainsFunc(list, func(one any) bool { return matchesValue(want, one, true) })
	}
	m, ok := want.(map[string]any)
	if !ok {
		return there && want == have
	}
	text, isText := have.(string)
	for operator, operand := range m {
		given, _ := operand.(string)
		switch operator {
		case "prefix":
			return isText && strings.HasPrefix(text, given)
		case "suffix":
			return isText && strings.HasSuffix(text, given)
		case "equals-ignore-case":
			return isText && strings.EqualFold(text, given)
		case "exists":
			return there == (operand == true)
		case "anything-but":
			list, many := operand.([]any)
			if !many {
				list = []any{operand}
			}
			return there && !slices.Contains(list, have)
		}
	}
	return false
}
