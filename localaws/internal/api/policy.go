package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/s3seal/s3seal/internal/problem"
)

// RefusedPolicy is the answer of a service to a policy that it refuses, in its words
// if err has them. The log says more.
func RefusedPolicy(status int, code string, err error) *Error {
	words := err.Error()
	var r *problem.Refusal
	if errors.As(err, &r) {
		words = r.Words
	}
	e := Errorf(status, code, "%s", words)
	e.Cause = err.Error()
	return e
}

// Policy is a policy document among the properties of a resource, as text. A
// template gives it as an object or as JSON text: the schemas of the types have
// both.
type Policy string

// UnmarshalJSON makes one line of an object, the form in which CloudFormation
// sends it to a service. Text stays as it is, for the service to judge.
func (p *Policy) UnmarshalJSON(property []byte) error {
	var text string // stays "" for null
	if err := json.Unmarshal(property, &text); err == nil {
		*p = Policy(text)
		return nil
	}
	var line bytes.Buffer
	err := json.Compact(&line, property)
	*p = Policy(line.String())
	return err
}

// standIn takes the place of text in a policy document that is not known yet:
// an ARN is right for a principal and for a resource.
const standIn = "arn:aws:iam::000000000000:root"

// Known is a policy document with standIn for text that is not known yet,
// and without the condition keys that are compared with such text. What can be
// said against it can be said against the document, whatever is made later;
// only whom it names is not to be asked.
func (p Policy) Known() string {
	if !strings.Contains(string(p), NotYetKnown) {
		return string(p)
	}
	var given any
	d := json.NewDecoder(strings.NewReader(string(p)))
	d.UseNumber()
	if d.Decode(&given) != nil { // of text, more than the strings in it comes from elsewhere
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}`
	}
	out, err := json.Marshal(knownPolicy(given))
	if err != nil {
		return string(p)
	}
	return string(out)
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

// dropUnknown removes the keys of a Condition: their values must be such as
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
