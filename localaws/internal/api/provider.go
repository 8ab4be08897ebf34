package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Provider makes, changes and deletes the resources of one CloudFormation
// type. A service's provider refuses every property that the service does not
// carry out or record on purpose: DecodeProperties sees to it.
type Provider interface {
	// Create makes the resource. Properties are JSON with every intrinsic
	// resolved. If it fails it leaves nothing behind, and gives no Resource:
	// CloudFormation can't remove what it doesn't know of.
	Create(ctx context.Context, s StackContext, logicalID string, properties json.RawMessage) (Resource, error)
	// Update changes it in place, or, where CloudFormation documents
	// "Update requires: Replacement", makes a new one and returns its
	// physical id; the old one is deleted later by Delete.
	Update(ctx context.Context, s StackContext, logicalID string, r Resource, before, after json.RawMessage) (Resource, error)
	// Delete removes it; a resource that is already gone is no error.
	Delete(ctx context.Context, s StackContext, logicalID string, r Resource) error
}

// StackContext says for which stack, and on whose behalf, a Provider works.
type StackContext struct {
	Call      Call // of the role that CloudFormation uses for this stack
	StackID   string
	StackName string
	Account   string
	Region    string
	Partition string            // "aws"
	Tags      map[string]string // of the stack, for every resource that can have tags
}

// Resource is what the rest of a template can know of a resource.
type Resource struct {
	PhysicalID string            // what Ref gives
	Attributes map[string]string // what Fn::GetAtt gives, by attribute name
}

// DecodeProperties reads properties into v and fails, naming it, on any
// property that v has no field for. A number or truth value may be given as
// text, and the other way round.
func DecodeProperties(properties json.RawMessage, v any) error {
	var given any
	numbers := json.NewDecoder(bytes.NewReader(properties))
	numbers.UseNumber()
	if err := numbers.Decode(&given); err != nil {
		return Errorf(400, "ValidationError", "properties: %v", err)
	}
	coerced, err := json.Marshal(coerce(given, reflect.TypeOf(v)))
	if err != nil {
		return Errorf(400, "ValidationError", "properties: %v", err)
	}
	d := json.NewDecoder(bytes.NewReader(coerced))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return Errorf(400, "ValidationError", "the local AWS does not know the property %s; it never drops one silently", name)
		}
		return Errorf(400, "ValidationError", "%v", fmt.Errorf("properties: %w", err))
	}
	return nil
}
