package api

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxFormDepth is more than any structure of a query request needs.
const maxFormDepth = 16

// decodeTree reads the parameters into a structure, by the names of its members
// in JSON: "A.member.1.B" is a member B of the first item of the list A,
// "A.entry.1.key" and "A.entry.1.value" are a key of the map A and its value. A
// parameter that nothing reads is refused by name.
//
// Source: Smithy, AWS query protocol, "Request serialization".
func (f *Form) decodeTree(v any) error {
	tree := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		if f.read[name] {
			continue
		}
		parts := strings.Split(name, ".")
		if !utf8.ValidString(f.values.Get(name)) {
			return Errorf(http.StatusBadRequest, "MalformedInput", "the parameter %s is not text in UTF-8", name)
		}
		if len(parts) > maxFormDepth || !plant(tree, parts, f.values.Get(name)) {
			return Errorf(http.StatusBadRequest, "MalformedInput", "the parameter %s contradicts another, or is none of %s", name, f.Action())
		}
	}
	grown, ok := grow(tree)
	if !ok {
		return Errorf(http.StatusBadRequest, "MalformedInput", "the parameters of %s have a list or map with a gap, or of another form than member.N and entry.N", f.Action())
	}
	dropEmptyLists(tree, reflect.TypeOf(v).Elem())
	body, err := json.Marshal(coerce(grown, reflect.TypeOf(v)))
	if err != nil {
		return Errorf(http.StatusBadRequest, "MalformedInput", "%v", err)
	}
	return DecodeJSON(bytes.NewReader(body), v)
}

// dropEmptyLists removes "Name=", which is how botocore writes an empty list.
func dropEmptyLists(tree map[string]any, t reflect.Type) {
	for name, value := range tree {
		if field, ok := jsonField(t, name); ok && field.Kind() == reflect.Slice && value == "" {
			delete(tree, name)
		}
	}
}

// plant puts a value at its place in a tree of maps.
func plant(tree map[string]any, path []string, value string) bool {
	for _, part := range path[:len(path)-1] {
		next, ok := tree[part].(map[string]any)
		if tree[part] == nil {
			next, ok = map[string]any{}, true
			tree[part] = next
		}
		if !ok {
			return false
		}
		tree = next
	}
	last := path[len(path)-1]
	if tree[last] != nil {
		return false
	}
	tree[last] = value
	return true
}

// grow makes lists of the maps "member", and maps of the maps "entry".
func grow(v any) (any, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		return v, true
	}
	for _, kind := range []string{"member", "entry"} {
		items, ok := m[kind].(map[string]any)
		if !ok || len(m) != 1 {
			continue
		}
		list := make([]any, len(items))
		for index, item := range items {
			i, err := strconv.Atoi(index)
			grown, ok := grow(item)
			if err != nil || i < 1 || i > len(list) || list[i-1] != nil || !ok {
				return nil, false
			}
			list[i-1] = grown
		}
		if kind == "member" {
			return list, true
		}
		return pairs(list)
	}
	for name, value := range m {
		if m[name], ok = grow(value); !ok {
			return nil, false
		}
	}
	return m, true
}

// pairs makes a map of key and value pairs. SNS names those of message
// attributes Name and Value.
func pairs(list []any) (any, bool) {
	out := map[string]any{}
	for _, item := range list {
		pair, _ := item.(map[string]any)
		for _, names := range [][2]string{{"key", "value"}, {"Name", "Value"}} {
			if key, ok := pair[names[0]].(string); ok && len(pair) <= 2 {
				value, there := pair[names[1]]
				if _, twice := out[key]; twice || !there {
					return nil, false
				}
				out[key] = value
			}
		}
	}
	return out, len(out) == len(list)
}
