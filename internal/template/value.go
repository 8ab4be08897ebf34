package template

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
)

// ErrMissing is what the readers of a Value give, wrapped with its path, for a
// property that isn't there. See Value.Default.
var ErrMissing = errors.New("missing")

// Value is a place in a template. It resolves what is at that place when it is
// read, and no more. Errors are kept until then, so that Get and Index chain.
type Value struct {
	stack   *Stack
	raw     any
	at      *cfn.Path
	missing bool
	err     error
}

// Value gives a piece of the stack's template that isn't a resource's property,
// such as Template.Metadata. The path is the place that errors name.
func (s *Stack) Value(raw any, at string) Value {
	return Value{stack: s, raw: raw, at: cfn.Root(at), missing: raw == nil}
}

// Path is the place: "Resources.Bucket.Properties.Tags[0].Value".
func (v Value) Path() string { return v.at.String() }

// Get goes down a mapping, key by key.
func (v Value) Get(keys ...string) Value {
	for _, key := range keys {
		object, at, ok := peel[map[string]any](v, "a mapping")
		if !ok {
			v = at.moved(at.at.Child(key))
			continue
		}
		raw, there := object[key]
		v = Value{stack: v.stack, raw: raw, at: at.at.Child(key), missing: !there}
	}
	return v
}

// Index goes to an element of a list, from 0.
func (v Value) Index(i int) Value {
	list, at, ok := peel[[]any](v, "a list")
	place := at.at.Element(i)
	if !ok {
		return at.moved(place)
	}
	if i < 0 || i >= len(list) {
		return Value{stack: v.stack, at: place, missing: true}
	}
	return Value{stack: v.stack, raw: list[i], at: place}
}

// Default gives v, or d where v is missing: a template value or an int.
func (v Value) Default(d any) Value {
	if n, ok := d.(int); ok {
		d = json.Number(strconv.Itoa(n))
	}
	if exists, err := v.Exists(); exists || err != nil {
		return v
	}
	return Value{stack: v.stack, raw: d, at: v.at}
}

// Exists tells whether there is a value: not when the property isn't written, or
// is AWS::NoValue.
func (v Value) Exists() (bool, error) {
	v = v.peel()
	return !v.missing, v.err
}

// String gives a scalar's text, of a number or boolean too, since CloudFormation
// converts between them.
func (v Value) String() (string, error) {
	value, err := v.Resolve()
	if err != nil {
		return "", err
	}
	text, ok := cfn.ScalarText(value)
	if !ok {
		return "", v.errorf("must be a string, not %s", cfn.KindOf(value))
	}
	return text, nil
}

// Bool gives a boolean, also from the strings "true" and "false".
func (v Value) Bool() (bool, error) {
	text, err := v.String()
	if err != nil {
		return false, err
	}
	switch {
	case strings.EqualFold(text, "true"):
		return true, nil
	case strings.EqualFold(text, "false"):
		return false, nil
	}
	return false, v.errorf("must be true or false, not %q", text)
}

// Int gives a whole number, also from a string of digits.
func (v Value) Int() (int, error) {
	text, err := v.String()
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, v.errorf("must be a whole number, not %q", text)
	}
	return n, nil
}

// List gives the elements of a list, without those that are AWS::NoValue. An
// element that can't be resolved says so when it is read.
func (v Value) List() ([]Value, error) {
	list, at, ok := peel[[]any](v, "a list")
	if !ok {
		return nil, at.failure()
	}
	elements := make([]Value, 0, len(list))
	for i, raw := range list {
		element := Value{stack: v.stack, raw: raw, at: at.at.Element(i)}.peel()
		if !element.missing {
			elements = append(elements, element)
		}
	}
	return elements, nil
}

// Strings gives a list of scalars.
func (v Value) Strings() ([]string, error) {
	elements, err := v.List()
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(elements))
	for i, element := range elements {
		if texts[i], err = element.String(); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// Keys gives the keys of a mapping, sorted, without those whose value is
// AWS::NoValue.
func (v Value) Keys() ([]string, error) {
	object, at, ok := peel[map[string]any](v, "a mapping")
	if !ok {
		return nil, at.failure()
	}
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if err := newScope(v.stack).LiteralKey(key, at.at); err != nil {
			return nil, err
		}
		if exists, err := at.Get(key).Exists(); exists || err != nil {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// Resolve gives the value with everything below it resolved.
func (v Value) Resolve() (any, error) {
	v = v.peel()
	if err := v.failure(); err != nil {
		return nil, err
	}
	return newScope(v.stack).Resolve(v.raw, v.at)
}

// peel resolves the function that stands at the place, if one does, and leaves
// what is below as it is.
func (v Value) peel() Value {
	if v.err != nil || v.missing {
		return v
	}
	v.raw, v.at, v.err = newScope(v.stack).Peel(v.raw, v.at)
	_, v.missing = v.raw.(cfn.NoValue)
	return v
}

// peel gives what is at v if it is of type T; else the Value that it returns
// holds the error.
func peel[T any](v Value, kind string) (T, Value, bool) {
	v = v.peel()
	if object, ok := v.raw.(T); ok && v.err == nil && !v.missing {
		return object, v, true
	}
	if v.err == nil && !v.missing {
		v.err = v.errorf("must be %s, not %s", kind, cfn.KindOf(v.raw))
	}
	var zero T
	return zero, v, false
}

// moved is a Value below one that isn't there or can't be resolved.
func (v Value) moved(at *cfn.Path) Value {
	return Value{stack: v.stack, at: at, missing: v.missing, err: v.err}
}

func (v Value) failure() error {
	if v.err == nil && v.missing {
		return fmt.Errorf("%s: %s: %w", v.stack.Name, v.at, ErrMissing)
	}
	return v.err
}

func (v Value) errorf(format string, args ...any) error {
	return newScope(v.stack).Errorf(v.at, format, args...)
}
