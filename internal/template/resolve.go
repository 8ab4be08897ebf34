package template

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Bounds of one resolution. A template within CloudFormation's own limits stays
// far below; one that is made to blow up (each value twice the one before)
// reaches them quickly.
const (
	maxSteps      = 1_000_000 // values visited
	maxReferences = 100       // references that lead to references
	maxText       = 1 << 20   // bytes of one string: a template has at most 1 MB
)

// noValue is what {"Ref": "AWS::NoValue"} gives: the property or list element
// that has it doesn't exist.
type noValue struct{}

// scope is one resolution in one stack. A reference to another stack continues
// the same session there.
type scope struct {
	*session
	stack *Stack
}

// session remembers what one resolution has found, so that a value that many
// others refer to is computed once, and what it is busy with, to see cycles.
type session struct {
	known  map[reference]result
	active []reference
	steps  int
}

// reference is something that values refer to by name: a parameter, a
// condition, a physical id, an output.
type reference struct {
	stack *Stack
	kind  string
	name  string
}

type result struct {
	value any
	err   error
}

func newScope(s *Stack) scope {
	return scope{session: &session{known: map[reference]result{}}, stack: s}
}

// follow computes what a reference leads to, once.
func (s scope) follow(kind, name string, at *path, compute func() (any, error)) (any, error) {
	ref := reference{s.stack, kind, name}
	if found, ok := s.known[ref]; ok {
		return found.value, found.err
	}
	if start := slices.Index(s.active, ref); start >= 0 {
		var cycle []string
		for _, step := range append(s.active[start:len(s.active):len(s.active)], ref) {
			cycle = append(cycle, step.kind+" "+step.name)
		}
		return nil, s.errorf(at, "circular reference: %s", strings.Join(cycle, " -> "))
	}
	if len(s.active) >= maxReferences {
		return nil, s.errorf(at, "more than %d references lead to one another", maxReferences)
	}
	s.active = append(s.active, ref)
	value, err := compute()
	s.active = s.active[:len(s.active)-1]
	s.known[ref] = result{value, err}
	return value, err
}

// resolve computes everything in v. The result shares nothing with the template
// that a caller could change.
func (s scope) resolve(v any, at *path) (any, error) {
	v, at, err := s.choose(v, at)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case bool, json.Number, noValue:
		return v, nil
	case string:
		return s.checked(v, at)
	case []any:
		return s.resolveList(v, at)
	case map[string]any:
		if name, arg, ok := intrinsic(v); ok {
			return s.call(name, arg, at.child(name))
		}
		return s.resolveMap(v, at)
	case nil:
		return nil, s.errorf(at, "null: CloudFormation has no null values")
	}
	return nil, s.errorf(at, "a %T is not a template value", v)
}

func (s scope) resolveList(list []any, at *path) (any, error) {
	resolved := make([]any, 0, len(list))
	for i, element := range list {
		value, err := s.resolve(element, at.element(i))
		if err != nil {
			return nil, err
		}
		if _, none := value.(noValue); !none {
			resolved = append(resolved, value)
		}
	}
	return resolved, nil
}

func (s scope) resolveMap(m map[string]any, at *path) (any, error) {
	resolved := make(map[string]any, len(m))
	// In order of the keys: of several errors, always the same one.
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if err := s.literalKey(key, at); err != nil {
			return nil, err
		}
		value, err := s.resolve(m[key], at.child(key))
		if err != nil {
			return nil, err
		}
		if _, none := value.(noValue); !none {
			resolved[key] = value
		}
	}
	return resolved, nil
}

// literalKey refuses a key of a mapping of several that looks like a function.
func (s scope) literalKey(key string, at *path) error {
	switch {
	case !strings.HasPrefix(key, "Fn::"):
		return nil
	case key == "Fn::Transform", strings.HasPrefix(key, "Fn::ForEach::"):
		return s.unknownf(at, "%s: only CloudFormation can expand it", key)
	}
	return s.errorf(at, "%s can't stand next to other keys", key)
}

// intrinsic tells whether a mapping is a call of an intrinsic function. A lone
// "Condition" is not: policy statements have that key as well.
func intrinsic(m map[string]any) (name string, arg any, ok bool) {
	if len(m) != 1 {
		return "", nil, false
	}
	for name, arg = range m {
	}
	return name, arg, name == "Ref" || strings.HasPrefix(name, "Fn::")
}

// choose follows Fn::If to the branch that is taken, without resolving it. It
// counts steps for all of resolve.
func (s scope) choose(v any, at *path) (any, *path, error) {
	for {
		if s.steps++; s.steps > maxSteps {
			return nil, at, s.errorf(at, "more than %d values to resolve", maxSteps)
		}
		if at.level() > 2*maxDepth {
			return nil, at, s.errorf(at, "nested deeper than %d", 2*maxDepth)
		}
		m, ok := v.(map[string]any)
		if !ok || len(m) != 1 || m["Fn::If"] == nil {
			return v, at, nil
		}
		here := at.child("Fn::If")
		args, ok := m["Fn::If"].([]any)
		if !ok || len(args) != 3 {
			return nil, at, s.errorf(here, "takes a list of a condition and two values")
		}
		holds, err := s.conditionValue(args[0], here.element(0))
		if err != nil {
			return nil, at, err
		}
		branch := 2
		if holds {
			branch = 1
		}
		v, at = args[branch], here.element(branch)
	}
}

// checked lets a string through unless its value is only known to the service
// that a dynamic reference names, or it is out of all measure.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
func (s scope) checked(text string, at *path) (any, error) {
	if len(text) > maxText {
		return nil, s.errorf(at, "a string of %d bytes: a template has at most %d", len(text), maxText)
	}
	if _, rest, ok := strings.Cut(text, "{{resolve:"); ok {
		service, _, _ := strings.Cut(rest, ":")
		return nil, s.unknownf(at, "a dynamic reference to %q", service)
	}
	return text, nil
}

// text resolves v, which must give one scalar, to its text.
func (s scope) text(v any, at *path) (string, error) {
	value, err := s.resolve(v, at)
	if err != nil {
		return "", err
	}
	text, ok := scalarText(value)
	if !ok {
		return "", s.errorf(at, "must be a string, not %s", kindOf(value))
	}
	return text, nil
}

// list resolves v, which must give a list.
func (s scope) list(v any, at *path) ([]any, error) {
	value, err := s.resolve(v, at)
	if err != nil {
		return nil, err
	}
	list, ok := value.([]any)
	if !ok {
		return nil, s.errorf(at, "must be a list, not %s", kindOf(value))
	}
	return list, nil
}
