package cfn

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Budget is how much an evaluation may visit and make: what is left of it.
// Evaluators that share one are bounded together.
type Budget struct {
	Values int // visited, or made as elements of lists
	Text   int // bytes of strings, those of the template among them
}

// newBudget bounds one evaluation.
func newBudget() *Budget { return &Budget{Values: 1_000_000, Text: 1 << 30} }

// Bounds of one evaluation. A template within CloudFormation's own limits stays
// far below them. One that is made to explode, such as by doubling a value again
// and again, reaches them quickly.
const (
	maxReferences = 100     // references that lead to references
	maxText       = 1 << 20 // bytes of one string: a template has at most 1 MB
)

// NoValue is what {"Ref": "AWS::NoValue"} gives: the property or list element
// that has it doesn't exist.
type NoValue struct{}

// Lookup answers what the functions of a stack's template refer to. A Lookup
// that evaluates more of the template does so with the Evaluator that asks it.
type Lookup interface {
	// Ref gives a pseudo parameter, a parameter's value or a resource's
	// physical id.
	Ref(name string, at *Path) (any, error)
	GetAtt(id, attribute string, at *Path) (any, error)
	ImportValue(name string, at *Path) (any, error)
	StackOutput(output StackOutput, at *Path) (any, error)
	// Zones gives the availability zones of a Region, "" being the stack's.
	Zones(region string, at *Path) (any, error)
}

// Stack is the stack whose template is evaluated.
type Stack struct {
	ID         any    // comparable: which one it is, among those that refer to one another
	Name       string // in errors; may be ""
	Mappings   map[string]any
	Conditions map[string]any

	// Later stands for text that becomes known only when the stack is
	// deployed. What Fn::Split and Fn::Select make of it is Later too.
	Later string

	// Settled are the conditions that are known already.
	Settled map[string]bool

	// Budget is that of a new evaluation; nil: one of its own.
	Budget *Budget
}

// Evaluator computes the values of a template. It remembers what it has found:
// make a new one when what the Lookup answers has changed. Only one goroutine may
// use it at a time.
type Evaluator struct {
	*session
	stack  Stack
	lookup Lookup
}

// session remembers what one evaluation has found, so that a value that many
// others refer to is computed once, and what it is computing, to detect cycles.
type session struct {
	known  map[reference]result
	active []reference
	budget *Budget
}

// reference is something that values refer to by name: a parameter, a
// condition, a physical id, an output.
type reference struct {
	stack      any // Stack.ID
	kind, name string
}

type result struct {
	value any
	err   error
}

// New returns an Evaluator of the stack's template.
func New(stack Stack, lookup Lookup) *Evaluator {
	budget := stack.Budget
	if budget == nil {
		budget = newBudget()
	}
	return &Evaluator{&session{known: map[reference]result{}, budget: budget}, stack, lookup}
}

// In continues the evaluation in another stack, to which a reference led.
func (e *Evaluator) In(stack Stack, lookup Lookup) *Evaluator {
	return &Evaluator{e.session, stack, lookup}
}

// spend counts values against the budget.
func (e *Evaluator) spend(values int, at *Path) error {
	if e.budget.Values -= values; e.budget.Values < 0 {
		return e.Errorf(at, "there are too many values to resolve")
	}
	return nil
}

// Follow computes what a reference leads to, once.
func (e *Evaluator) Follow(kind, name string, at *Path, compute func() (any, error)) (any, error) {
	ref := reference{e.stack.ID, kind, name}
	if found, ok := e.known[ref]; ok {
		return found.value, found.err
	}
	if start := slices.Index(e.active, ref); start >= 0 {
		var cycle []string
		for _, step := range append(e.active[start:len(e.active):len(e.active)], ref) {
			cycle = append(cycle, step.kind+" "+step.name)
		}
		return nil, e.Errorf(at, "circular reference: %s", strings.Join(cycle, " -> "))
	}
	if len(e.active) >= maxReferences {
		return nil, e.Errorf(at, "more than %d references lead to one another", maxReferences)
	}
	e.active = append(e.active, ref)
	value, err := compute()
	e.active = e.active[:len(e.active)-1]
	e.known[ref] = result{value, err}
	return value, err
}

// Resolve computes everything in v. The result shares nothing with the template
// that a caller could change.
func (e *Evaluator) Resolve(v any, at *Path) (any, error) {
	v, at, function, err := e.peel(v, at)
	if function || err != nil {
		return v, err
	}
	switch v := v.(type) {
	case bool, json.Number, NoValue:
		return v, nil
	case string:
		return e.Checked(v, at)
	case []any:
		return e.resolveList(v, at)
	case map[string]any:
		return e.resolveMap(v, at)
	case nil:
		return nil, e.Errorf(at, "null: CloudFormation has no null values")
	}
	return nil, e.Errorf(at, "a %T is not a template value", v)
}

// Peel computes the function that stands at v, if one does, and leaves what is
// below as it is. The place moves on where an Fn::If chooses a branch.
func (e *Evaluator) Peel(v any, at *Path) (any, *Path, error) {
	v, at, _, err := e.peel(v, at)
	return v, at, err
}

func (e *Evaluator) peel(v any, at *Path) (_ any, _ *Path, function bool, _ error) {
	v, at, err := e.choose(v, at)
	if err != nil {
		return nil, at, false, err
	}
	if name, arg, ok := call(v); ok {
		v, err = e.call(name, arg, at.Child(name))
		if list, ok := v.([]any); ok && err == nil {
			err = e.spend(len(list), at)
		}
		return v, at, true, err
	}
	return v, at, false, nil
}

func (e *Evaluator) resolveList(list []any, at *Path) (any, error) {
	resolved := make([]any, 0, len(list))
	for i, element := range list {
		value, err := e.Resolve(element, at.Element(i))
		if err != nil {
			return nil, err
		}
		if _, none := value.(NoValue); !none {
			resolved = append(resolved, value)
		}
	}
	return resolved, nil
}

func (e *Evaluator) resolveMap(m map[string]any, at *Path) (any, error) {
	resolved := make(map[string]any, len(m))
	// In order of the keys: of several errors, always the same one.
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if err := e.LiteralKey(key, at); err != nil {
			return nil, err
		}
		value, err := e.Resolve(m[key], at.Child(key))
		if err != nil {
			return nil, err
		}
		if _, none := value.(NoValue); !none {
			resolved[key] = value
		}
	}
	return resolved, nil
}

// LiteralKey refuses a key of a mapping of several that looks like a function.
func (e *Evaluator) LiteralKey(key string, at *Path) error {
	switch {
	case !strings.HasPrefix(key, "Fn::"):
		return nil
	case key == "Fn::Transform", strings.HasPrefix(key, "Fn::ForEach::"):
		return e.Unknownf(at, "%s: only CloudFormation can expand it", key)
	}
	return e.Errorf(at, "%s can't stand next to other keys", key)
}

// Checked returns a string, unless it has a dynamic reference, whose value only
// the service knows, or is longer than any template.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
func (e *Evaluator) Checked(text string, at *Path) (any, error) {
	if len(text) > maxText {
		return nil, e.Errorf(at, "a string of %d bytes: a template has at most %d", len(text), maxText)
	}
	if e.budget.Text -= len(text); e.budget.Text < 0 {
		return nil, e.Errorf(at, "there is too much text to resolve")
	}
	if _, rest, ok := strings.Cut(text, "{{resolve:"); ok {
		service, _, _ := strings.Cut(rest, ":")
		return nil, e.Unknownf(at, "a dynamic reference to %q", service)
	}
	return text, nil
}

// Text resolves v, which must give one scalar, to its text.
func (e *Evaluator) Text(v any, at *Path) (string, error) {
	value, err := e.Resolve(v, at)
	if err != nil {
		return "", err
	}
	text, ok := ScalarText(value)
	if !ok {
		return "", e.Errorf(at, "must be a string, not %s", KindOf(value))
	}
	return text, nil
}

// list resolves v, which must give a list.
func (e *Evaluator) list(v any, at *Path) ([]any, error) {
	value, err := e.Resolve(v, at)
	if err != nil {
		return nil, err
	}
	list, ok := value.([]any)
	if !ok {
		return nil, e.Errorf(at, "must be a list, not %s", KindOf(value))
	}
	return list, nil
}
