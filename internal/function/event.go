package function

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/s3seal/s3seal/internal/strictjson"
)

// ReadEvent reads one JSON object with the fields of *event, or null, or nothing,
// and overwrites the payload meanwhile. A field's name is that of its tag json,
// in the same case. A field that is not a string, a Text, a bool or a struct of
// such is read as encoding/json does. Errors are *Error.
//
// Nothing is changed silently, as encoding/json would: of two equal names it
// keeps the last, and it replaces what is not UTF-8, or half of a surrogate pair,
// so that two object keys become one.
func ReadEvent(payload []byte, event any) error {
	s := &scanner{data: payload}
	s.space()
	switch {
	case s.at == len(payload):
		return nil
	case !utf8.Valid(payload):
		return Errorf(BadRequest, nil, "the event is not UTF-8")
	}
	e := reflect.ValueOf(event).Elem()
	if payload[s.at] != '{' {
		switch raw, ok := s.value(); {
		case !ok || !json.Valid(raw):
			return eventError(errNotJSON, "")
		case string(raw) != "null":
			return Errorf(BadRequest, nil, "the event is a JSON %s: want an object with the fields %s", jsonType(raw), names(e.Type()))
		}
	} else if err := readFields(s, e); err != nil {
		return err
	}
	if s.space(); s.at != len(payload) {
		return Errorf(BadRequest, nil, "the event is more than one JSON value")
	}
	return nil
}

func readFields(s *scanner, event reflect.Value) error {
	given := make([]bool, event.NumField())
	for more := s.open(); more; {
		name, err := s.text()
		if err != nil {
			return eventError(err, "the event")
		}
		i := 0
		for i < len(given) && event.Type().Field(i).Tag.Get("json") != string(name) {
			i++
		}
		switch {
		case !s.colon():
			return eventError(errNotJSON, "")
		case i == len(given):
			return Errorf(BadRequest, nil, "the event has an unknown field: want %s", names(event.Type()))
		case given[i]:
			return Errorf(BadRequest, nil, "the event has %q twice: keep one", name)
		}
		given[i] = true
		if err := readField(s, string(name), event.Field(i)); err != nil {
			return err
		}
		if more, err = s.next(); err != nil {
			return eventError(err, "")
		}
	}
	return nil
}

func readField(s *scanner, name string, field reflect.Value) error {
	_, isText := field.Interface().(Text)
	isString := field.Kind() == reflect.String
	if s.at < len(s.data) && s.data[s.at] == '"' && (isText || isString) {
		text, err := s.text()
		if err != nil {
			return eventError(err, "\""+name+"\"")
		}
		if isText {
			field.SetBytes(text)
		} else {
			field.SetString(string(text))
		}
		return nil
	}
	if s.at < len(s.data) && s.data[s.at] == '{' && field.Kind() == reflect.Struct {
		return readFields(s, field)
	}
	raw, ok := s.value()
	if !ok {
		return eventError(errNotJSON, "")
	}
	// Bounds the depth, and finds a name that is given twice.
	_, err := strictjson.Decode(raw, maxDepth, nil)
	var fault *strictjson.Error
	switch {
	case errors.As(err, &fault) && fault.Fault == strictjson.Twice:
		return Errorf(BadRequest, err, "%q: %s", name, fault)
	case errors.As(err, &fault) && fault.Fault == strictjson.TooDeep:
		return Errorf(BadRequest, err, "%q is %s", name, fault)
	case err != nil:
		return eventError(errNotJSON, "")
	case string(raw) == "null":
		return nil
	case loneSurrogate(raw):
		return eventError(errSurrogate, "\""+name+"\"")
	}
	if !isText {
		err = json.Unmarshal(raw, field.Addr().Interface())
	}
	if isText || err != nil {
		return Errorf(BadRequest, err, "%q is a JSON %s: want %s", name, jsonType(raw), wanted(field.Type()))
	}
	return nil
}

// maxDepth is how deep the value of a field may nest.
const maxDepth = 8

func eventError(err error, what string) error {
	if err == errSurrogate {
		return Errorf(BadRequest, err, "%s has half of a surrogate pair, such as \\ud800: it is no character, and can't be kept as it is", what)
	}
	return Errorf(BadRequest, err, "the event is not JSON")
}

// jsonType names the type of a JSON value.
func jsonType(raw []byte) string {
	switch raw[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	}
	return "number"
}

func wanted(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Bool:
		return "a boolean"
	case reflect.Map:
		return "an object of strings"
	case reflect.Slice:
		if t != reflect.TypeFor[Text]() {
			return "an array of strings"
		}
	case reflect.Int, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.Struct:
		return "an object with the fields " + names(t)
	}
	return "a string"
}

// names lists the names of the event's fields.
func names(event reflect.Type) string {
	all := make([]string, event.NumField())
	for i := range all {
		all[i] = event.Field(i).Tag.Get("json")
	}
	return strings.Join(all, ", ")
}
