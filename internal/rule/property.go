package rule

import (
	"github.com/s3seal/s3seal/internal/resourcetype"
	"github.com/s3seal/s3seal/internal/template"
)

var propertyRules = []Rule{{
	ID:       "property-refused",
	Severity: Error,
	Reason:   "CloudFormation has a schema of each type: it refuses types, properties, values and attributes that aren't in it, and resources without the required ones.",
	Source:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html",
	Fix:      "Write it as the type's page has it. It is a warning where AWS may have added the word after the date that the message gives.",
	check: func(c *checker) {
		for _, s := range c.stacks {
			if len(s.Template.Transforms) > 0 || len(s.Template.Unexpanded) > 0 {
				continue // a macro may make something else of it
			}
			said := c.refusedPlaces(s)
			for _, r := range s.Resources() {
				c.checkProperties(r, said)
			}
			c.checkAttributes(s)
		}
	},
}}

func (c *checker) checkProperties(r *template.Resource, said map[string]bool) {
	t := resourcetype.Named(r.Type)
	if meant := resourcetype.Meant(r.Type); meant != "" {
		c.find(r, r.Path()+".Type", "there is no resource type %q; %q is meant", r.Type, meant)
	}
	properties, known := knownOf(r.Properties()).(map[string]any)
	if t == nil || !known {
		return
	}
	for _, p := range t.Check(properties) {
		if at := r.Properties().Path() + p.At; !said[at] {
			c.findAs(severityOf(p.Recent), r, at, "%s", p.Reason)
		}
	}
}

// severityOf is a warning for what may be right by now.
func severityOf(recent bool) Severity {
	if recent {
		return Warning
	}
	return Error
}

// knownOf is what of a value can be known, with Unknown in the places of what
// can't.
func knownOf(v template.Value) any {
	if plain, err := v.Resolve(); err == nil {
		return plain
	}
	if keys, err := v.Keys(); err == nil {
		mapping := map[string]any{}
		for _, key := range keys {
			mapping[key] = knownOf(v.Get(key))
		}
		return mapping
	}
	if elements, err := v.List(); err == nil {
		list := make([]any, len(elements))
		for i, e := range elements {
			list[i] = knownOf(e)
		}
		return list
	}
	return resourcetype.Unknown{}
}

// checkAttributes looks at what Fn::GetAtt and Fn::Sub ask of the stack's
// resources.
func (c *checker) checkAttributes(s *template.Stack) {
	for _, m := range s.Mentions() {
		r := s.Resource(m.Name)
		if r == nil || m.Attribute == "" {
			continue
		}
		if t := resourcetype.Named(r.Type); t != nil {
			for _, p := range t.CheckAttribute(m.Attribute) {
				c.findPlace(severityOf(p.Recent), s, m.At.String(), "of %s (%s): %s", r.LogicalID, r.Type, p.Reason)
			}
		}
	}
}
