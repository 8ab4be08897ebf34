package execution

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/handler"
	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/template"
)

// resource is a resource of a template with what is known of its type.
type resource struct {
	*template.Resource
	kind  *handler.Kind
	names map[string][]string // see standIns
}

// set tells whether a property is set. What can't be known may be.
func (x resource) set(property string) bool {
	if property == "Tags" && len(x.Stack().Tags) > 0 {
		return true
	}
	values := x.at(property)
	return slices.ContainsFunc(values, func(v template.Value) bool {
		exists, err := v.Exists()
		return exists || err != nil
	})
}

// at are the values at a property path, of each element of lists.
func (x resource) at(path string) []template.Value {
	values := []template.Value{x.Properties()}
	for _, name := range strings.Split(path, ".") {
		var next []template.Value
		for _, v := range values {
			next = append(next, elements(v.Get(name))...)
		}
		values = next
	}
	return values
}

// elements are those of a list, or a value that is none.
func elements(v template.Value) []template.Value {
	if exists, err := v.Exists(); !exists && err == nil {
		return nil
	}
	if list, err := v.List(); err == nil {
		return list
	}
	return []template.Value{v}
}

// values are what stands for a name of an ARN: see handler.Kind.
func (x resource) values(name string) ([]string, error) {
	s := x.Stack()
	switch name {
	case "partition":
		return []string{partition.Of(s.Region).Name}, nil
	case "region":
		return []string{s.Region}, nil
	case "account":
		return []string{s.Account}, nil
	case "name":
		return x.named()
	}
	var texts []string
	for i, v := range x.at(name) {
		if made := x.referred(name, i); made != nil {
			for _, own := range made.kind.Own {
				arns, err := handler.Fill(own, made.values)
				if err != nil {
					return nil, err
				}
				texts = append(texts, arns...)
			}
			continue
		}
		text, err := v.String()
		if err != nil {
			return nil, err
		}
		texts = append(texts, patterns(text, x.names)...)
	}
	if name == "Path" && len(texts) == 0 {
		return []string{"/"}, nil
	}
	return texts, nil
}

// referred is the resource of the same template that a property is a reference to,
// and nothing else; nil: it is more, or another.
func (x resource) referred(path string, index int) *resource {
	v := raw(x.RawProperties, strings.Split(path, "."))
	if index >= len(v) {
		return nil
	}
	given, ok := v[index].(map[string]any)
	if !ok || len(given) != 1 {
		return nil
	}
	id, _ := given["Ref"].(string)
	switch att := given["Fn::GetAtt"].(type) {
	case []any:
		if len(att) > 0 {
			id, _ = att[0].(string)
		}
	case string:
		id, _, _ = strings.Cut(att, ".")
	}
	made := x.Stack().Resource(id)
	if made == nil {
		return nil
	}
	kind := handler.Of(made.Type)
	if kind == nil {
		return nil
	}
	return &resource{made, kind, x.names}
}

// raw is what stands at a path, unresolved.
func raw(v any, path []string) []any {
	if list, ok := v.([]any); ok {
		var all []any
		for _, element := range list {
			all = append(all, raw(element, path)...)
		}
		return all
	}
	if len(path) == 0 {
		return []any{v}
	}
	object, ok := v.(map[string]any)
	if !ok || object[path[0]] == nil {
		return nil
	}
	return raw(object[path[0]], path[1:])
}
