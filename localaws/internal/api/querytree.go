package api

import (
	"encoding/xml"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// queryTree writes a structure as the query protocol does, by the names of its
// members in JSON: a list as elements member, a map as elements entry.
//
// Source: Smithy, AWS query protocol, "Response serialization".
type queryTree struct{ v any }

// MarshalXML implements xml.Marshaler.
func (q queryTree) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return writeTree(e, start.Name.Local, reflect.ValueOf(q.v))
}

func writeTree(e *xml.Encoder, name string, v reflect.Value) error {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	start := element(name)
	if t, ok := v.Interface().(Timestamp); ok {
		return e.EncodeElement(t.text(), start)
	}
	switch v.Kind() {
	case reflect.Struct, reflect.Slice, reflect.Map:
	case reflect.Float64:
		return e.EncodeElement(strconv.FormatFloat(v.Float(), 'f', -1, 64), start)
	default:
		return e.EncodeElement(fmt.Sprint(v.Interface()), start)
	}
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	if err := writeParts(e, v); err != nil {
		return err
	}
	return e.EncodeToken(start.End())
}

func writeParts(e *xml.Encoder, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			if err := writeTree(e, "member", v.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		values := v.Interface().(map[string]string)
		for _, key := range slices.Sorted(maps.Keys(values)) {
			pair := struct {
				Key   string `json:"key"`
				Value string `json:"value"`
			}{key, values[key]}
			if err := writeTree(e, "entry", reflect.ValueOf(pair)); err != nil {
				return err
			}
		}
	default:
		return writeFields(e, v)
	}
	return nil
}

func writeFields(e *xml.Encoder, v reflect.Value) error {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			if err := writeFields(e, v.Field(i)); err != nil {
				return err
			}
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" {
			name = field.Name
		}
		if strings.Contains(options, "omitempty") && v.Field(i).IsZero() {
			continue
		}
		if err := writeTree(e, name, v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}
