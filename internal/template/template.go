package template

import (
	"errors"
	"regexp"

	"github.com/s3seal/s3seal/internal/cfn"
)

// Template is one CloudFormation template as it is written: nothing in it is
// resolved.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
type Template struct {
	Description string
	Parameters  map[string]*Parameter
	Mappings    map[string]any // map name -> top-level key -> second-level key -> value
	Conditions  map[string]any
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

	// Duplicates are the keys that a mapping has twice; the last value stands.
	Duplicates []cfn.Duplicate
}

// Parameter is an input of a template.
type Parameter struct {
	Type          string // "String", "Number", "CommaDelimitedList", "List<...>", "AWS::..."
	Default       any    // nil: none
	AllowedValues []any
	NoEcho        bool
}

// Resource is one resource of a template.
type Resource struct {
	LogicalID           string
	Type                string         // e.g. "AWS::S3::Bucket"
	RawProperties       map[string]any // as written; see Properties
	DeletionPolicy      string         // "" when the template has none (CloudFormation: Delete)
	UpdateReplacePolicy string
	DependsOn           []string // logical ids
	Condition           string   // name of the condition, or ""
	Metadata            map[string]any
	ConstructPath       string // path in the construct tree, e.g. "Dev/Source/Data/Resource", or ""

	stack *Stack
	kind  *resourceType // nil: a type that this program doesn't know
}

// Output is a value that a stack shows.
type Output struct {
	Value      any
	ExportName any // nil: not exported
	Condition  string
}

var logicalID = regexp.MustCompile(`^[A-Za-z0-9]+$`)

var sections = []string{"AWSTemplateFormatVersion", "Conditions", "Description", "Globals", "Hooks", "Mappings",
	"Metadata", "Outputs", "Parameters", "Resources", "Rules", "Transform"}

// Parse reads a template in JSON or YAML. The error joins all that is wrong with
// its form, one line each.
func Parse(data []byte) (*Template, error) {
	document, err := cfn.Decode(data)
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

// Errors of templates; see the package comment.
type (
	Error        = cfn.Error
	UnknownError = cfn.UnknownError
)

// IsUnknown tells whether err is, or wraps, an UnknownError.
func IsUnknown(err error) bool { return cfn.IsUnknown(err) }
