package cfn

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
)

// Template is one CloudFormation template as it is written: nothing in it is
// resolved.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
type Template struct {
	Description string
	Parameters  map[string]*Parameter
	Mappings    map[string]any // map name -> top-level key -> second-level key -> value
	Conditions  map[string]any
	Rules       map[string]any
	Resources   map[string]*Resource // by logical id
	Outputs     map[string]*Output
	Metadata    map[string]any

	// Transforms are the macros that rewrite the whole template before
	// CloudFormation reads it, such as "AWS::Serverless-2016-10-31".
	Transforms []string

	// Unexpanded are the paths of what stands where resources, outputs or
	// attributes should, and which only CloudFormation can expand:
	// Fn::ForEach, Fn::Transform, an intrinsic in DeletionPolicy. A consumer
	// that claims something about all resources must look here.
	Unexpanded []string

	// Others are the paths of sections and attributes that have no field here. A
	// consumer that deploys a template must refuse them.
	Others []string

	// Duplicates are the keys that a mapping has twice; the last value stands.
	Duplicates []Duplicate
}

// Parameter is an input of a template.
type Parameter struct {
	Type                  string // "String", "Number", "CommaDelimitedList", "List<...>", "AWS::..."
	Description           string
	Default               any // nil: none
	AllowedValues         []any
	AllowedPattern        string
	ConstraintDescription string
	MinLength, MaxLength  any // nil: none
	MinValue, MaxValue    any
	NoEcho                bool
}

// Allows tells whether a value is among the AllowedValues.
func (p *Parameter) Allows(value string) bool {
	return slices.ContainsFunc(p.AllowedValues, func(allowed any) bool {
		text, _ := ScalarText(allowed)
		return text == value
	})
}

// Resource is one resource of a template.
type Resource struct {
	LogicalID           string
	Type                string         // e.g. "AWS::S3::Bucket"
	RawProperties       map[string]any // as written
	DeletionPolicy      string         // "" when the template has none: see Deletion
	UpdateReplacePolicy string
	DependsOn           []string // logical ids
	Condition           string   // name of the condition, or ""
	Metadata            map[string]any
}

// Deletion is what happens to the resource when it leaves the stack.
func (r *Resource) Deletion() string { return cmp.Or(r.DeletionPolicy, "Delete") }

// Replacement is what happens to the old resource when a new one replaces it.
func (r *Resource) Replacement() string { return cmp.Or(r.UpdateReplacePolicy, "Delete") }

// Output is a value that a stack shows.
type Output struct {
	Description string
	Value       any
	ExportName  any // nil: not exported
	Condition   string
}

var logicalID = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// Parse reads a template in JSON or YAML. The error joins all that is wrong with
// its form, one line each.
func Parse(data []byte) (*Template, error) {
	document, err := Decode(data)
	if err != nil {
		return nil, err
	}
	body, ok := document.Value.(map[string]any)
	if !ok {
		return nil, errors.New("not a CloudFormation template: it is no mapping")
	}
	t, err := build(body)
	t.Duplicates = document.Duplicates
	return t, err
}
