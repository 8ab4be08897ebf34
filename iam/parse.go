package iam

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// ParseDocument reads a policy document from JSON. Single strings stand for
// lists of one, and a single statement for a list of one; conditions take
// strings, booleans and numbers. All else that IAM's grammar doesn't have is an
// error that names the place, such as
//
//	Statement[2].Condition.Bool.aws:SecureTransport: want a string, ...
//
// and all of them are returned, joined with errors.Join. Two statements may
// have the same Sid here, for it is the service that takes the policy which
// decides on that; see [Document.DuplicateSid].
//
// Source: IAM user guide, reference_policies_grammar.
func ParseDocument(data []byte) (Document, error) {
	root, err := decode(data)
	if err != nil {
		return Document{}, fmt.Errorf("policy document: %w", err)
	}
	p := &parser{}
	d := p.document(root)
	if err := errors.Join(p.errs...); err != nil {
		return Document{}, err
	}
	return d, nil
}

// UnmarshalJSON is ParseDocument for documents inside other JSON.
func (d *Document) UnmarshalJSON(data []byte) error {
	parsed, err := ParseDocument(data)
	if err == nil {
		*d = parsed
	}
	return err
}

// decode reads one JSON value. Unlike encoding/json it refuses an object that
// has a key twice: one of the two would be lost in silence.
func decode(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	v, err := decodeValue(dec, "", 0)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("more follows after the JSON value; remove it")
	}
	return v, nil
}

// maxDepth is well above what a policy nests; without a limit a long run of
// brackets would use up the stack.
const maxDepth = 20

func decodeValue(dec *json.Decoder, at string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("%s: nested more than %d deep; no policy is", at, maxDepth)
	}
	t, err := dec.Token()
	if err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	switch t {
	case json.Delim('{'):
		m := map[string]any{}
		for dec.More() {
			k, err := dec.Token()
			if err != nil {
				return nil, fmt.Errorf("not JSON: %w", err)
			}
			key := k.(string)
			if _, ok := m[key]; ok {
				return nil, fmt.Errorf("%s is given twice; keep one", join(at, key))
			}
			if m[key], err = decodeValue(dec, join(at, key), depth+1); err != nil {
				return nil, err
			}
		}
		_, err = dec.Token()
		return m, err
	case json.Delim('['):
		l := []any{}
		for dec.More() {
			v, err := decodeValue(dec, fmt.Sprintf("%s[%d]", at, len(l)), depth+1)
			if err != nil {
				return nil, err
			}
			l = append(l, v)
		}
		_, err = dec.Token()
		return l, err
	}
	return t, nil
}

func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

// parser gathers errors while it turns plain JSON values into a Document.
type parser struct{ errs []error }

func (p *parser) fail(at, format string, args ...any) {
	if at == "" {
		at = "policy document"
	}
	p.errs = append(p.errs, fmt.Errorf("%s: %s", at, fmt.Sprintf(format, args...)))
}

// fields checks that v is an object of known fields only.
func (p *parser) fields(v any, at string, known ...string) map[string]any {
	m, ok := v.(map[string]any)
	if !ok {
		p.fail(at, "want an object, have %s", kind(v))
		return nil
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(known, k) {
			p.fail(join(at, k), "no such element; use one of %s", strings.Join(known, ", "))
		}
	}
	return m
}

func (p *parser) document(v any) Document {
	m := p.fields(v, "", "Version", "Id", "Statement")
	if m == nil {
		return Document{}
	}
	d := Document{Version: p.text(m, "Version", ""), ID: p.text(m, "Id", "")}
	switch d.Version {
	case "", "2008-10-17", Version:
	default:
		p.fail("Version", "%q is no version of the policy language; use %q", d.Version, Version)
	}
	switch s := m["Statement"].(type) {
	case nil:
		p.fail("Statement", "missing; a policy needs at least one statement")
	case []any:
		if len(s) == 0 {
			p.fail("Statement", "empty; a policy needs at least one statement")
		}
		for i, one := range s {
			d.Statement = append(d.Statement, p.statement(one, fmt.Sprintf("Statement[%d]", i)))
		}
	default:
		d.Statement = []Statement{p.statement(s, "Statement[0]")}
	}
	return d
}

// text is an optional string field.
func (p *parser) text(m map[string]any, key, at string) string {
	v, ok := m[key]
	if !ok {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		p.fail(join(at, key), "want a string, have %s", kind(v))
	}
	return s
}

// kind names a JSON value's type for errors.
func kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case json.Number:
		return "a number"
	case string:
		return "a string"
	case []any:
		return "a list"
	}
	return "an object"
}
