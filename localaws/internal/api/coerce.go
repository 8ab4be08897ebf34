package api

import (
	"encoding/json"
	"reflect"
	"strings"
)

// coerce rewrites text to the scalar that a Go type asks for, and scalars to
// text, where the other form says the same: "32" and 32, "true" and true. A Ref
// to a parameter of type Number gives text, and CloudFormation's resource types
// take it; YAML and hand-written templates quote as they like.
//
// What can't be coerced is left for the decoder to refuse. Types with a decoder
// of their own are left alone.
//
// Source: CloudFormation user guide, parameters-section-structure ("the
// parameter value becomes a string").
func coerce(v any, t reflect.Type) any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return v
	}
	switch t.Kind() {
	case reflect.Struct:
		if m, ok := v.(map[string]any); ok {
			for name, value := range m {
				if f, ok := jsonField(t, name); ok {
					m[name] = coerce(value, f)
				}
			}
		}
	case reflect.Map:
		if m, ok := v.(map[string]any); ok {
			for name, value := range m {
				m[name] = coerce(value, t.Elem())
			}
		}
	case reflect.Slice, reflect.Array:
		if a, ok := v.([]any); ok {
			for i := range a {
				a[i] = coerce(a[i], t.Elem())
			}
		}
	case reflect.String:
		switch x := v.(type) {
		case json.Number:
			return x.String()
		case bool:
			return map[bool]string{true: "true", false: "false"}[x]
		}
	case reflect.Bool:
		switch v {
		case "true", "True":
			return true
		case "false", "False":
			return false
		}
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Float64:
		digits := "-0123456789."
		if t.Kind() == reflect.Float64 {
			digits += "+eE"
		}
		if s, ok := v.(string); ok && json.Valid([]byte(s)) && strings.Trim(s, digits) == "" {
			return json.Number(s)
		}
	}
	return v
}

// jsonField is the type of the field that encoding/json decodes name into.
func jsonField(t reflect.Type, name string) (reflect.Type, bool) {
	for _, f := range reflect.VisibleFields(t) {
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if tag == "" {
			tag = f.Name
		}
		if f.IsExported() && !f.Anonymous && tag == name {
			return f.Type, true
		}
	}
	return nil, false
}
