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
	if t == reflect.TypeFor[json.RawMessage]() {
		return v // a policy document: KnownPolicy
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

// standIn takes the place of text in a policy document that is not known yet:
// an ARN is right for a principal and for a resource.
const standIn = "arn:aws:iam::000000000000:root"

// KnownPolicy is a policy document with standIn for text that is not known yet,
// and without the condition keys that are compared with such text. What can be
// said against it can be said against the document, whatever is made later;
// only whom it names is not to be asked.
func KnownPolicy(document json.RawMessage) json.RawMessage {
	if !bytes.Contains(document, []byte(NotYetKnown)) {
		return document
	}
	var given any
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	if d.Decode(&given) != nil {
		return document
	}
	if _, ok := given.(string); ok { // the whole document comes from elsewhere
		return json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}`)
	}
	out, err := json.Marshal(knownPolicy(given))
	if err != nil {
		return document
	}
	return out
}

func knownPolicy(v any) any {
	switch x := v.(type) {
	case string:
		if strings.Contains(x, NotYetKnown) {
			return standIn
		}
	case map[string]any:
		for name, value := range x {
			if operators, ok := value.(map[string]any); ok && name == "Condition" {
				dropUnknown(operators)
				continue
			}
			x[name] = knownPolicy(value)
		}
	case []any:
		for i := range x {
			x[i] = knownPolicy(x[i])
		}
	}
	return v
}

// dropUnknown takes away the keys of a Condition: their values must be such as
// the operator compares, which no stand-in is for all.
func dropUnknown(operators map[string]any) {
	for operator, v := range operators {
		keys, ok := v.(map[string]any)
		if !ok {
			continue
		}
		for key, values := range keys {
			text, err := json.Marshal(values)
			if err == nil && bytes.Contains(text, []byte(NotYetKnown)) {
				delete(keys, key)
				if len(keys) == 0 {
					delete(operators, operator)
				}
			}
		}
	}
}
