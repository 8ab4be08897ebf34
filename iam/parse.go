package iam

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/strictjson"
)

// ParseDocument reads a policy document from JSON. It accepts a single string or
// a single statement for a list of one, and strings, booleans and numbers as the
// values of a condition. Whatever IAM's grammar doesn't have is an error that
// names the place, such as
//
//	Statement[2].Condition.Bool.aws:SecureTransport: want a string, ...
//
// It returns all of them, joined with errors.Join. Two statements may have the
// same Sid here, since each service decides that for its own policies; see
// [Document.DuplicateSid].
//
// Source: IAM user guide, reference_policies_grammar.
func ParseDocument(data []byte) (Document, error) {
	root, err := strictjson.Decode(data, maxDepth, nil) // of two equal keys one would be lost in silence
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

// maxDepth is well above what a policy nests.
const maxDepth = 20

func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

// parser gathers errors while it turns plain JSON values into a Document.
type parser struct{ errs []error }

// fail is about a value in a place where it can't be.
func (p *parser) fail(at, format string, args ...any) { p.wrong(Misplaced, "", at, format, args...) }

// wrong is about what a service may have words of its own for.
func (p *parser) wrong(fault Fault, value, at, format string, args ...any) {
	p.errs = append(p.errs, &SyntaxError{At: at, Fault: fault, Value: value, text: fmt.Sprintf(format, args...)})
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
			p.wrong(UnknownElement, k, join(at, k), "no such element; use one of %s", strings.Join(known, ", "))
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
		p.wrong(UnknownVersion, d.Version, "Version", "%q is no version of the policy language; use %q", d.Version, Version)
	}
	switch s := m["Statement"].(type) {
	case nil:
		fault := StatementMissing
		if _, null := m["Statement"]; null {
			fault = Misplaced
		}
		p.wrong(fault, "", "Statement", "missing; a policy needs at least one statement")
	case []any:
		if len(s) == 0 {
			p.wrong(StatementEmpty, "", "Statement", "empty; a policy needs at least one statement")
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
	s, ok := unquoted(v)
	if !ok {
		p.fail(join(at, key), "want a string, have %s", kind(v))
	}
	return s
}

// unquoted is a string, or a number as it is written: IAM's grammar says of
// values that quotation marks are optional for numbers. YAML makes numbers of a
// Sid and of an account's id.
func unquoted(v any) (string, bool) {
	if n, ok := v.(json.Number); ok {
		return n.String(), true
	}
	s, ok := v.(string)
	return s, ok
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
