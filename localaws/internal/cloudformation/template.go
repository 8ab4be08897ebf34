package cloudformation

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
)

// template is a template's text as values: maps, lists, strings, json.Number,
// bool and nil, with the intrinsic functions still in them.
type template struct {
	body        string // as it was given
	description string
	parameters  map[string]parameterDeclaration
	mappings    map[string]any
	conditions  map[string]any
	rules       map[string]any
	resources   map[string]resourceDeclaration
	outputs     map[string]outputDeclaration
}

type resourceDeclaration struct {
	typ                 string
	properties          map[string]any
	dependsOn           []string
	condition           string
	deletionPolicy      string // Delete, Retain, RetainExceptOnCreate
	updateReplacePolicy string // Delete, Retain
	metadata            any

	explicitDeletionPolicy bool // the template has the attribute
}

type outputDeclaration struct {
	description string
	value       any
	export      any // the name; nil without export
	condition   string
}

// parseTemplate reads JSON or YAML and refuses every section and attribute
// that the engine does not carry out.
//
// Source: CloudFormation user guide, template-anatomy; template reference,
// product-attribute-reference (resource attributes).
func parseTemplate(body string) (*template, error) {
	document, err := cfn.Decode([]byte(body))
	if err != nil {
		return nil, invalid("Template format error: %v", err)
	}
	// What CloudFormation makes of a key that stands twice is undefined
	// ("template-formats"): whatever were kept, AWS could keep the other.
	for _, twice := range document.Duplicates {
		return nil, invalid("Template format error: %s is given twice, again at line %d, column %d; keep one", twice.Path, twice.Line, twice.Column)
	}
	root, ok := document.Value.(map[string]any)
	if !ok {
		return nil, invalid("Template format error: unsupported structure.")
	}
	t := &template{body: body}
	for name, v := range root {
		switch name {
		case "AWSTemplateFormatVersion", "Metadata":
		case "Description":
			t.description, _ = v.(string)
		case "Parameters":
			t.parameters, err = sectionOf(name, v, parseParameter)
		case "Mappings":
			t.mappings, err = object(name, v)
		case "Conditions":
			t.conditions, err = object(name, v)
		case "Rules":
			t.rules, err = object(name, v)
		case "Resources":
			t.resources, err = sectionOf(name, v, parseResource)
		case "Outputs":
			t.outputs, err = sectionOf(name, v, parseOutput)
		case "Transform", "Hooks":
			err = invalid("the local AWS does not carry out the template section %s", name)
		default:
			err = invalid("Template format error: Invalid template property or properties [%s]", name)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(t.resources) == 0 {
		return nil, invalid("Template format error: At least one Resources member must be defined.")
	}
	if n := len(t.resources); n > maxResources {
		return nil, invalid("Template format error: Number of resources, %d, is greater than maximum allowed, %d", n, maxResources)
	}
	return t, nil
}

func object(name string, v any) (map[string]any, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, invalid("Template format error: [%s] must be an object.", name)
	}
	return m, nil
}

func sectionOf[T any](name string, v any, parse func(path string, m map[string]any) (T, error)) (map[string]T, error) {
	m, err := object(name, v)
	if err != nil {
		return nil, err
	}
	out := make(map[string]T, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		path := "/" + name + "/" + k
		member, err := object(path, m[k])
		if err != nil {
			return nil, err
		}
		if out[k], err = parse(path, member); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func parseResource(path string, m map[string]any) (resourceDeclaration, error) {
	r := resourceDeclaration{properties: map[string]any{}, deletionPolicy: "Delete", updateReplacePolicy: "Delete"}
	var err error
	for name, v := range m {
		switch name {
		case "Type":
			r.typ, _ = v.(string)
		case "Properties":
			r.properties, err = object(path+"/Properties", v)
		case "DependsOn":
			r.dependsOn, err = oneOrMore(path+"/DependsOn", v)
		case "Condition":
			r.condition, _ = v.(string)
		case "DeletionPolicy":
			r.deletionPolicy, err = oneOf(path+"/DeletionPolicy", v, "Delete", "Retain", "RetainExceptOnCreate")
			r.explicitDeletionPolicy = true
		case "UpdateReplacePolicy":
			r.updateReplacePolicy, err = oneOf(path+"/UpdateReplacePolicy", v, "Delete", "Retain")
		case "Metadata":
			r.metadata = v
		case "CreationPolicy", "UpdatePolicy":
			err = invalid("the local AWS does not carry out the attribute %s/%s", path, name)
		default:
			err = invalid("Invalid template resource property '%s' at %s", name, path)
		}
		if err != nil {
			return r, err
		}
	}
	if r.typ == "" {
		return r, invalid("Template format error: [%s] Every Resources object must contain a Type member.", path)
	}
	return r, nil
}

func parseOutput(path string, m map[string]any) (outputDeclaration, error) {
	var o outputDeclaration
	for name, v := range m {
		switch name {
		case "Description":
			o.description, _ = v.(string)
		case "Value":
			o.value = v
		case "Condition":
			o.condition, _ = v.(string)
		case "Export":
			export, err := object(path+"/Export", v)
			if err != nil {
				return o, err
			}
			o.export = export["Name"]
		default:
			return o, invalid("Template format error: [%s] Invalid output property %s", path, name)
		}
	}
	if o.value == nil {
		return o, invalid("Template format error: [%s] Every Outputs member must contain a Value object", path)
	}
	return o, nil
}

func oneOrMore(path string, v any) ([]string, error) {
	switch v := v.(type) {
	case string:
		return []string{v}, nil
	case []any:
		var l []string
		for _, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, invalid("Template format error: [%s] must be a list of strings", path)
			}
			l = append(l, s)
		}
		return l, nil
	}
	return nil, invalid("Template format error: [%s] must be a string or a list of strings", path)
}

func oneOf(path string, v any, allowed ...string) (string, error) {
	s, _ := v.(string)
	if !slices.Contains(allowed, s) {
		return "", invalid("the local AWS does not carry out %v at %s; it knows %s", v, path, strings.Join(allowed, ", "))
	}
	return s, nil
}

// canonical is a value as JSON with sorted keys, to compare values by.
func canonical(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // the values come from JSON or YAML and can be written
	return bytes.TrimSpace(b.Bytes())
}
