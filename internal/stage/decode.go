package stage

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"github.com/s3seal/s3seal/internal/spelling"
)

// entry is one "key: value" of a mapping.
type entry struct {
	key, path string
	value     *yaml.Node
}

// mapping returns n's entries and records their places. It reports what isn't a
// mapping, what isn't text as a key, and keys that come twice.
func (d *document) mapping(n *yaml.Node, path string) ([]entry, bool) {
	if n.Kind != yaml.MappingNode {
		d.wrongType(n, path, "fields, each as key: value")
		return nil, false
	}
	var entries []entry
	for i := 0; i < len(n.Content); i += 2 {
		node := n.Content[i]
		key, at := node.Value, d.placeOf(node)
		e := entry{key: key, path: join(path, key), value: n.Content[i+1]}
		if !isText(node) {
			d.places[e.path] = at
			d.report(e.path, "the key %s isn't text to YAML: put it in quotes: %q", quote(key), key)
			continue
		}
		if d.has(e.path) {
			first := d.where(e.path)
			twice := e.path + "[again]"
			d.places[twice] = at
			d.report(twice, "the key %s comes twice, first at %s: rename or remove one", quote(key), first)
			continue
		}
		d.places[e.path] = at
		entries = append(entries, e)
	}
	return entries, true
}

// decode sets v, of one of the types of this package, to the value of n, and
// reports what doesn't fit.
func (d *document) decode(n *yaml.Node, v reflect.Value, path string) {
	if isNull(n) {
		d.report(path, "%s has no value: write one, or remove the line", lastName(path))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.decode(n, v.Elem(), path)
	case reflect.Struct:
		d.decodeStruct(n, v, path)
	case reflect.Map:
		d.decodeMap(n, v, path)
	case reflect.Slice:
		d.decodeList(n, v, path)
	case reflect.String:
		d.places[path] = d.placeOf(n)
		if s, ok := d.text(n, path); ok {
			v.SetString(s)
		}
	case reflect.Int:
		d.places[path] = d.placeOf(n)
		if i, ok := d.number(n, path); ok {
			v.SetInt(int64(i))
		}
	case reflect.Bool:
		d.places[path] = d.placeOf(n)
		if n.ShortTag() == "!!bool" {
			v.SetBool(strings.EqualFold(n.Value, "true"))
		} else {
			d.wrongType(n, path, "true or false")
		}
	}
}

func (d *document) decodeStruct(n *yaml.Node, v reflect.Value, path string) {
	entries, ok := d.mapping(n, path)
	if !ok {
		return
	}
	fields := map[string]reflect.Value{}
	known := collectFields(v, fields, nil)
	for _, e := range entries {
		if field, ok := fields[e.key]; ok {
			d.decode(e.value, field, e.path)
			continue
		}
		if near := spelling.Similar(e.key, known); len(near) > 0 {
			d.report(e.path, "unknown field %s: did you mean %s?", quote(e.key), oneOf(near))
		} else {
			d.report(e.path, "unknown field %s: the fields here are %s", quote(e.key), strings.Join(known, ", "))
		}
	}
}

// collectFields adds v's fields to byKey under their keys in the file, those of
// inlined structs too, and returns the keys in order, appended to keys.
func collectFields(v reflect.Value, byKey map[string]reflect.Value, keys []string) []string {
	for _, f := range fieldsOf(v.Type()) {
		byKey[f.key] = v.FieldByIndex(f.index)
		keys = append(keys, f.key)
	}
	return keys
}

// structField is a field as the file calls it.
type structField struct {
	key   string
	index []int
}

// knownFields are those of types that have been read: a file has a few types and
// thousands of values.
var knownFields sync.Map

func fieldsOf(t reflect.Type) []structField {
	if known, ok := knownFields.Load(t); ok {
		return known.([]structField)
	}
	var list []structField
	for f := range t.Fields() {
		key, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case options == "inline":
			for _, below := range fieldsOf(f.Type) {
				list = append(list, structField{below.key, slices.Concat(f.Index, below.index)})
			}
		case key != "-":
			list = append(list, structField{key, f.Index})
		}
	}
	knownFields.Store(t, list)
	return list
}

func (d *document) decodeMap(n *yaml.Node, v reflect.Value, path string) {
	entries, ok := d.mapping(n, path)
	if !ok {
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, e := range entries {
		value := reflect.New(v.Type().Elem()).Elem()
		d.decode(e.value, value, e.path)
		v.SetMapIndex(reflect.ValueOf(e.key), value)
	}
}

func (d *document) decodeList(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.SequenceNode {
		d.wrongType(n, path, "a list, such as [a, b]")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		at := fmt.Sprintf("%s[%d]", path, i)
		d.places[at] = d.placeOf(item)
		d.decode(item, v.Index(i), at)
	}
}

var accountDigits = regexp.MustCompile(`^[0-9][0-9_]*$`)

// text returns n's text. Numbers and the like are refused, although they could
// be printed again: 012345678901 is not the account id that it looks like to
// every reader of YAML.
func (d *document) text(n *yaml.Node, path string) (string, bool) {
	raw := n.Value
	if lastName(path) == "account" && (isNumber(n) || isPlain(n) && accountDigits.MatchString(raw)) {
		if !accountID.MatchString(raw) {
			raw = "111122223333"
			d.report(path, "account %s is a number to YAML, not an account id: write the id's 12 digits in quotes, such as %q",
				quote(n.Value), raw)
			return "", false
		}
		d.report(path, "account %s is a number to YAML, which can lose a leading zero: write it in quotes: %q", raw, raw)
		return "", false
	}
	switch {
	case isText(n):
		return n.Value, true
	case n.Kind != yaml.ScalarNode:
	case isNumber(n):
		d.report(path, "%s %s is a number to YAML: write it in quotes: %q", lastName(path), quote(raw), raw)
		return "", false
	default: // true, .inf
		d.report(path, "%s %s isn't text to YAML: write it in quotes: %q", lastName(path), quote(raw), raw)
		return "", false
	}
	d.wrongType(n, path, "text")
	return "", false
}

var decimal = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

func (d *document) number(n *yaml.Node, path string) (int, bool) {
	raw := n.Value
	digits := decimal.MatchString(raw)
	if !isNumber(n) && !(digits && isPlain(n)) { // to the lexer, very large numbers are text
		if digits && isText(n) {
			d.report(path, "%s %s is text: write the number without quotes", lastName(path), quote(raw))
			return 0, false
		}
		d.wrongType(n, path, "a whole number")
		return 0, false
	}
	// 012 is ten to one YAML and twelve to another; 1_000 and 0x10 have no use here.
	if !digits {
		d.report(path, "%s %s isn't a plain whole number: write it in decimal digits", lastName(path), quote(raw))
		return 0, false
	}
	i, err := strconv.ParseInt(raw, 10, 32)
	if err != nil {
		d.report(path, "%s %s is too large: write a smaller number", lastName(path), quote(raw))
		return 0, false
	}
	return int(i), true
}

// wrongType reports that n isn't of the type that path has.
func (d *document) wrongType(n *yaml.Node, path, want string) {
	if isNull(n) {
		d.report(path, "%s has no value: write %s", lastName(path), want)
		return
	}
	if n.Kind == yaml.MappingNode && want == "text" && len(n.Content) == 2 && isNull(n.Content[1]) { // as {stage}
		d.report(path, "%s begins with a brace, which to YAML begins a mapping: write it in quotes: %q", lastName(path), "{"+n.Content[0].Value+"}")
		return
	}
	is := quote(n.Value)
	switch n.Kind {
	case yaml.MappingNode:
		is = "a mapping"
	case yaml.SequenceNode:
		is = "a list"
	}
	d.report(path, "%s is %s: write %s", lastName(path), is, want)
}

func isNull(n *yaml.Node) bool { return n.ShortTag() == "!!null" }

// isNumber reports whether n is a number; infinity and the like are none.
func isNumber(n *yaml.Node) bool {
	tag := n.ShortTag()
	return tag == "!!int" || tag == "!!float" && strings.ContainsAny(n.Value, "0123456789")
}

// isText reports whether n is text; a date is, to this format.
func isText(n *yaml.Node) bool {
	tag := n.ShortTag()
	return tag == "!!str" || tag == "!!timestamp"
}

// isPlain reports whether n is text without quotes.
func isPlain(n *yaml.Node) bool { return isText(n) && n.Style == 0 }

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// lastName returns what a message calls the field at path: "account" for
// "stages.dev.source.account", "patterns[0]" for "stages.dev.patterns[0]".
func lastName(path string) string {
	if path == "" {
		return "the file"
	}
	return path[strings.LastIndexByte(path, '.')+1:]
}
