package cfn

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// sections are those that a Template has fields for.
var sections = []string{"AWSTemplateFormatVersion", "Conditions", "Description", "Mappings", "Metadata", "Outputs", "Parameters",
	"Resources", "Rules", "Transform"}

// NoSection is the reason against a section that a template can't have.
const NoSection = "not a section of a CloudFormation template"

// MaxName is the longest name of a parameter, mapping, resource or output.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const MaxName = 255

func build(body map[string]any) (*Template, error) {
	b := &builder{Template: Template{
		Parameters: map[string]*Parameter{},
		Resources:  map[string]*Resource{},
		Outputs:    map[string]*Output{},
	}}
	for _, name := range slices.Sorted(maps.Keys(body)) {
		switch {
		case strings.HasPrefix(name, "Fn::"):
			b.Unexpanded = append(b.Unexpanded, name)
		case name == "Globals", name == "Hooks":
			b.Others = append(b.Others, name)
		case !slices.Contains(sections, name):
			b.errorf(Root(name), NoSection)
		}
	}
	b.Description, _ = body["Description"].(string)
	b.Metadata = b.object(body["Metadata"], Root("Metadata"))
	b.Mappings = b.object(body["Mappings"], Root("Mappings"))
	b.Conditions = b.object(body["Conditions"], Root("Conditions"))
	b.Rules = b.object(body["Rules"], Root("Rules"))
	b.transforms(body["Transform"])
	b.each(body, "Parameters", b.parameter, "Type", "Description", "Default", "AllowedValues", "AllowedPattern", "ConstraintDescription", "NoEcho", "MinLength", "MaxLength", "MinValue", "MaxValue")
	b.each(body, "Resources", b.resource, "Type", "Properties", "Metadata", "Condition", "DeletionPolicy", "UpdateReplacePolicy", "DependsOn")
	b.each(body, "Outputs", b.output, "Description", "Value", "Export", "Condition")
	return &b.Template, errors.Join(b.errs...)
}

// builder fills a Template from its JSON form and collects what is wrong.
type builder struct {
	Template
	errs []error
}

func (b *builder) errorf(at *Path, format string, args ...any) {
	b.errs = append(b.errs, &Error{Path: at.String(), Reason: fmt.Sprintf(format, args...)})
}

// each calls add for every entry of a section, which reads the attributes.
func (b *builder) each(body map[string]any, section string, add func(name string, entry map[string]any, at *Path), attributes ...string) {
	entries := b.object(body[section], Root(section))
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		at := Root(section, name)
		if strings.HasPrefix(name, "Fn::") {
			b.Unexpanded = append(b.Unexpanded, at.String())
			continue
		}
		entry, ok := entries[name].(map[string]any)
		switch {
		case !logicalID.MatchString(name):
			b.errorf(at, "a name here has letters and digits only")
		case len(name) > MaxName: // what is below would say the name again and again
			b.errorf(at, "a name here has at most %d characters", MaxName)
		case !ok:
			b.errorf(at, "must be a mapping, not %s", KindOf(entries[name]))
		default:
			add(name, entry, at)
			for _, key := range slices.Sorted(maps.Keys(entry)) {
				if !slices.Contains(attributes, key) {
					b.Others = append(b.Others, at.Child(key).String())
				}
			}
		}
	}
}

func (b *builder) parameter(name string, entry map[string]any, at *Path) {
	p := &Parameter{
		Default: entry["Default"], MinLength: entry["MinLength"], MaxLength: entry["MaxLength"],
		MinValue: entry["MinValue"], MaxValue: entry["MaxValue"],
	}
	if p.Type = b.text(entry, "Type", at); p.Type == "" {
		b.errorf(at, "a parameter needs a Type")
	}
	p.AllowedValues, _ = entry["AllowedValues"].([]any)
	p.Description, _ = entry["Description"].(string)
	p.AllowedPattern, _ = entry["AllowedPattern"].(string)
	p.ConstraintDescription, _ = entry["ConstraintDescription"].(string)
	noEcho, _ := ScalarText(entry["NoEcho"])
	p.NoEcho = strings.EqualFold(noEcho, "true")
	b.Parameters[name] = p
}

func (b *builder) resource(name string, entry map[string]any, at *Path) {
	r := &Resource{LogicalID: name}
	if r.Type = b.text(entry, "Type", at); r.Type == "" {
		b.errorf(at, "a resource needs a Type")
	}
	r.RawProperties = b.object(entry["Properties"], at.Child("Properties"))
	r.Metadata = b.object(entry["Metadata"], at.Child("Metadata"))
	r.Condition = b.text(entry, "Condition", at)
	r.DeletionPolicy = b.policy(entry, "DeletionPolicy", at)
	r.UpdateReplacePolicy = b.policy(entry, "UpdateReplacePolicy", at)
	switch dep := entry["DependsOn"].(type) {
	case nil:
	case string:
		r.DependsOn = []string{dep}
	case []any:
		for i, one := range dep {
			id, ok := one.(string)
			if !ok {
				b.errorf(at.Child("DependsOn").Element(i), "must be a logical id, not %s", KindOf(one))
				continue
			}
			r.DependsOn = append(r.DependsOn, id)
		}
	default:
		b.errorf(at.Child("DependsOn"), "must be a logical id or a list of them, not %s", KindOf(dep))
	}
	b.Resources[name] = r
}

func (b *builder) output(name string, entry map[string]any, at *Path) {
	o := &Output{Value: entry["Value"], Condition: b.text(entry, "Condition", at)}
	o.Description, _ = entry["Description"].(string)
	if o.Value == nil {
		b.errorf(at, "an output needs a Value")
	}
	if export := b.object(entry["Export"], at.Child("Export")); export != nil {
		if o.ExportName = export["Name"]; o.ExportName == nil {
			b.errorf(at.Child("Export"), "an export needs a Name")
		}
	}
	b.Outputs[name] = o
}

// policy reads an attribute that is a word, or, under the transform
// AWS::LanguageExtensions, an intrinsic.
func (b *builder) policy(entry map[string]any, key string, at *Path) string {
	if _, intrinsic := entry[key].(map[string]any); intrinsic {
		b.Unexpanded = append(b.Unexpanded, at.Child(key).String())
		return ""
	}
	return b.text(entry, key, at)
}

func (b *builder) transforms(value any) {
	list, ok := value.([]any)
	if !ok && value != nil {
		list = []any{value}
	}
	for i, one := range list {
		switch t := one.(type) {
		case string:
			b.Transforms = append(b.Transforms, t)
		case map[string]any: // {"Name": "AWS::Include", "Parameters": {...}}
			b.Transforms = append(b.Transforms, b.text(t, "Name", Root("Transform").Element(i)))
		default:
			b.errorf(Root("Transform").Element(i), "must be the name of a macro, not %s", KindOf(one))
		}
	}
}

// text reads a string of an entry; "" when it has none.
func (b *builder) text(entry map[string]any, key string, at *Path) string {
	value, ok := entry[key].(string)
	if !ok && entry[key] != nil {
		b.errorf(at.Child(key), "must be a string, not %s", KindOf(entry[key]))
	}
	return value
}

// object reads an optional mapping; nil when there is none.
func (b *builder) object(value any, at *Path) map[string]any {
	object, ok := value.(map[string]any)
	if !ok && value != nil {
		b.errorf(at, "must be a mapping, not %s", KindOf(value))
	}
	return object
}
