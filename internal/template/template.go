package template

import "github.com/s3seal/s3seal/internal/cfn"

// Template is one CloudFormation template as it is written: nothing in it is
// resolved.
type Template struct {
	*cfn.Template
	Resources map[string]*Resource // by logical id
}

// Resource is one resource of a template.
type Resource struct {
	*cfn.Resource
	ConstructPath string // path in the construct tree, e.g. "Dev/Source/Data/Resource", or ""

	stack *Stack
	kind  *resourceType // nil: a type that this program doesn't know
}

// Parse reads a template in JSON or YAML. The error joins all that is wrong with
// its form, one line each.
func Parse(data []byte) (*Template, error) {
	parsed, err := cfn.Parse(data)
	if err != nil {
		return nil, err
	}
	t := &Template{parsed, map[string]*Resource{}}
	for id, written := range parsed.Resources {
		r := &Resource{Resource: written}
		r.ConstructPath, _ = r.Metadata["aws:cdk:path"].(string)
		if kind, ok := resourceTypes[r.Type]; ok {
			r.kind = &kind
		}
		t.Resources[id] = r
	}
	return t, nil
}

// Errors of templates; see the package comment.
type (
	Error        = cfn.Error
	UnknownError = cfn.UnknownError
)

// ScalarText gives the text of a scalar that a template has; false for what is
// none.
func ScalarText(value any) (string, bool) { return cfn.ScalarText(value) }

// IsUnknown tells whether err is, or wraps, an UnknownError.
func IsUnknown(err error) bool { return cfn.IsUnknown(err) }
