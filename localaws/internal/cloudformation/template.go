package cloudformation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
)

// template is a template whose parameters can be checked.
type template struct {
	*cfn.Template
	body       string // as it was given
	parameters map[string]parameterDeclaration
}

// parseTemplate reads JSON or YAML and refuses every section and attribute
// that the engine does not carry out.
//
// Source: CloudFormation user guide, template-anatomy; template reference,
// product-attribute-reference (resource attributes).
func parseTemplate(body string) (*template, error) {
	parsed, err := cfn.Parse([]byte(body))
	if err != nil {
		return nil, malformed(err)
	}
	// What CloudFormation makes of a key that stands twice is undefined
	// ("template-formats"): whatever were kept, AWS could keep the other.
	var twice []string
	for _, d := range parsed.Duplicates {
		twice = append(twice, fmt.Sprintf("%s is given twice, again at line %d, column %d; keep one", d.Path, d.Line, d.Column))
	}
	if len(twice) > 0 {
		return nil, invalid("Template format error: %s", some(twice, "; "))
	}
	if len(parsed.Transforms) > 0 {
		return nil, invalid("the local AWS does not carry out the template section Transform")
	}
	if err := checkAttributes(parsed); err != nil {
		return nil, err
	}
	if err := checkQuotas(parsed); err != nil {
		return nil, err
	}
	t := &template{Template: parsed, body: body, parameters: map[string]parameterDeclaration{}}
	patterns := 0
	for _, name := range slices.Sorted(maps.Keys(parsed.Parameters)) {
		if t.parameters[name], err = declareParameter("Parameters."+name, parsed.Parameters[name], &patterns); err != nil {
			return nil, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(parsed.Resources)) {
		r, path := parsed.Resources[id], "Resources."+id
		if err := oneOf(path+".DeletionPolicy", r.Deletion(), "Delete", "Retain", "RetainExceptOnCreate"); err != nil {
			return nil, err
		}
		if err := oneOf(path+".UpdateReplacePolicy", r.Replacement(), "Delete", "Retain"); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func oneOf(path, s string, allowed ...string) error {
	if !slices.Contains(allowed, s) {
		return invalid("the local AWS does not carry out %s at %s; it knows %s", s, path, strings.Join(allowed, ", "))
	}
	return nil
}

func object(name string, v any) (map[string]any, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, invalid("Template format error: [%s] must be an object.", name)
	}
	return m, nil
}
