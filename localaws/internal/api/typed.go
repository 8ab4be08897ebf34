package api

import (
	"context"
	"encoding/json"
)

// Type is a CloudFormation type whose properties come decoded, as P. P may have
// a method Validate (see Validator).
type Type[P any] interface {
	Create(s StackContext, logicalID string, want P) (Resource, error)
	Update(s StackContext, logicalID string, r Resource, old, want P) (Resource, error)
	Delete(s StackContext, r Resource) error
	// Check is what Checker.Check finds beyond decoding and Validate.
	Check(want P) error
}

// ImportableType is a Type whose resources can be imported.
type ImportableType[P any] interface {
	Type[P]
	Identifier() string
	Find(s StackContext, value string) (Resource, error)
	Import(s StackContext, r Resource, want P) error
}

// Validator are properties that can be wrong in what their types don't say.
// What is not yet known of them is the zero value, or text with NotYetKnown in
// it, which it must let pass.
type Validator interface{ Validate() error }

// NewProvider makes the Provider of a type. It refuses, by name, every property
// that P has no field for.
func NewProvider[P any](t Type[P]) Provider { return typed[P]{t} }

// NewImporter is NewProvider for a type whose resources can be imported.
func NewImporter[P any](t ImportableType[P]) Provider { return importable[P]{typed[P]{t}, t} }

type typed[P any] struct{ t Type[P] }

func decode[P any](raw json.RawMessage) (p P, err error) {
	if err = DecodeProperties(raw, &p); err == nil {
		if v, ok := any(&p).(Validator); ok {
			err = v.Validate()
		}
	}
	return p, err
}

func (t typed[P]) Create(_ context.Context, s StackContext, logicalID string, raw json.RawMessage) (Resource, error) {
	want, err := decode[P](raw)
	if err != nil {
		return Resource{}, err
	}
	return t.t.Create(s, logicalID, want)
}

func (t typed[P]) Update(_ context.Context, s StackContext, logicalID string, r Resource, before, after json.RawMessage) (Resource, error) {
	old, err := decode[P](before)
	if err != nil {
		return Resource{}, err
	}
	want, err := decode[P](after)
	if err != nil {
		return Resource{}, err
	}
	return t.t.Update(s, logicalID, r, old, want)
}

func (t typed[P]) Delete(_ context.Context, s StackContext, _ string, r Resource) error {
	return t.t.Delete(s, r)
}

// Check implements Checker.
func (t typed[P]) Check(raw json.RawMessage) error {
	var p P
	want, err := decode[P](Known(raw, p))
	if err != nil {
		return err
	}
	return t.t.Check(want)
}

type importable[P any] struct {
	typed[P]
	t ImportableType[P]
}

func (t importable[P]) Identifier() string { return t.t.Identifier() }

func (t importable[P]) Find(s StackContext, value string) (Resource, error) {
	return t.t.Find(s, value)
}

func (t importable[P]) Import(s StackContext, r Resource, raw json.RawMessage) error {
	want, err := decode[P](raw)
	if err != nil {
		return err
	}
	return t.t.Import(s, r, want)
}
