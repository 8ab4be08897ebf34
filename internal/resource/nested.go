package resource

import (
	"path/filepath"

	"github.com/s3seal/s3seal/internal/template"
)

// maxNested is how deep stacks are read in each other. One that names its own
// template would never end.
const maxNested = 8

// withNested adds the nested stacks whose templates are beside those of the stacks
// that hold them, as the CDK writes them into an assembly.
func (s *Set) withNested(stacks []*template.Stack) []*template.Stack {
	all := append([]*template.Stack(nil), stacks...)
	for range maxNested {
		var found []*template.Stack
		for _, stack := range stacks {
			for _, r := range stack.ResourcesOfType("AWS::CloudFormation::Stack") {
				if nested := readNested(r); nested != nil {
					s.nested[r] = true
					found = append(found, nested)
				}
			}
		}
		all, stacks = append(all, found...), found
	}
	return all
}

// readNested reads the template of a nested stack; nil if it isn't there, or if it
// isn't sure that the stack is made, so that what it makes stays unread.
// Source: https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/cx-api/lib/assets.ts
// for the metadata that names it.
func readNested(r *template.Resource) *template.Stack {
	file, ok := r.Metadata["aws:asset:path"].(string)
	if created, err := r.Created(); !ok || !filepath.IsLocal(file) || err != nil || !created {
		return nil
	}
	holder := r.Stack()
	nested, err := template.ReadTemplate(filepath.Join(filepath.Dir(holder.File), file), holder.Account, holder.Region)
	if err != nil {
		return nil
	}
	nested.Name = holder.Name + "-" + r.LogicalID
	nested.Parameters = map[string]string{}
	parameters := r.Properties().Get("Parameters")
	names, err := parameters.Default(map[string]any{}).Keys()
	if err != nil {
		return nil
	}
	for _, name := range names {
		value, err := parameters.Get(name).String()
		p := nested.Template.Parameters[name]
		switch {
		case err == nil:
			nested.Parameters[name] = value
		case p != nil:
			p.Default = nil // it is given, and not known
		}
	}
	return nested
}
