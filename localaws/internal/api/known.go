package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
)

// Known is properties without the numbers, truth values, lists and objects that
// are not known yet: null stands for them, as if they were left out. The rest,
// and text that isn't known, stays, so that a decoder of v's type refuses what
// it would refuse anyway. It is for Checker.Check.
//
// Numbers come this way from another stack, by Fn::ImportValue and
// Fn::GetStackOutput.
func Known(properties json.RawMessage, v any) json.RawMessage {
	var given any
	d := json.NewDecoder(bytes.NewReader(properties))
	d.UseNumber()
	if d.Decode(&given) != nil {
		return properties // the decoder says what is wrong
	}
	out, err := json.Marshal(known(given, reflect.TypeOf(v)))
	if err != nil {
		return properties
	}
	return out
}

func known(v any, t reflect.Type) any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == reflect.TypeFor[Policy]() {
		return v // see Policy.Known
	}
	switch x := v.(type) {
	case string:
		if strings.Contains(x, NotYetKnown) && (t.Kind() != reflect.String || t == reflect.TypeFor[json.Number]()) {
			return nil
		}
	case map[string]any:
		for name, value := range x {
			switch t.Kind() {
			case reflect.Struct:
				if f, ok := jsonField(t, name); ok {
					x[name] = known(value, f)
				}
			case reflect.Map:
				x[name] = known(value, t.Elem())
			}
		}
	case []any:
		if t.Kind() == reflect.Slice {
			for i := range x {
				x[i] = known(x[i], t.Elem())
			}
		}
	}
	return v
}
