package execution

import (
	"strings"

	"github.com/s3seal/s3seal/internal/handler"
	"github.com/s3seal/s3seal/internal/template"
)

// longest is how much of a stack's name the name of a resource surely begins with:
// CloudFormation cuts it where the type's limit asks for that, and no page says
// how. The shortest limit of a name with the stack's is 63, of which the random end
// has 13.
const longest = 24

// named are the names of a resource, or what they may be, with wildcards.
func (x resource) named() ([]string, error) {
	if x.kind.Name == "" {
		return []string{"*"}, nil
	}
	v := x.Properties().Get(x.kind.Name)
	if exists, err := v.Exists(); exists || err != nil {
		text, err := v.String()
		if err != nil {
			return nil, err
		}
		return patterns(text, x.names), nil
	}
	if prefix := x.Properties().Get(x.kind.Name + "Prefix"); x.set(x.kind.Name + "Prefix") {
		text, err := prefix.String()
		return []string{text + "*"}, err
	}
	return x.generated(), nil
}

// generated is what a name that CloudFormation makes up begins with.
//
// Source: CloudFormation template reference, aws-properties-name.
func (x resource) generated() []string {
	stack := x.Stack().Name + "-"
	if x.Type == "AWS::S3::Bucket" {
		stack = strings.ToLower(stack)
	}
	names := []string{stack[:min(len(stack), longest)] + "*"}
	if x.kind.ByLogicalID {
		names = append(names, x.LogicalID+"-*")
	}
	return names
}

// standIns are, by the texts that package template has for names which
// CloudFormation will make up, what these may be.
func standIns(stacks []*template.Stack) map[string][]string {
	names := map[string][]string{}
	for _, s := range stacks {
		for _, made := range s.Resources() {
			kind := handler.Of(made.Type)
			if kind == nil || !strings.Contains(kind.Own[0], "{name}") {
				continue // it is made on another resource, or nothing is known of it
			}
			x := resource{made, kind, nil}
			if kind.Name != "" && x.set(kind.Name) {
				continue
			}
			text, err := made.Ref()
			if err != nil {
				continue // it stands in no text
			}
			if may, err := x.named(); err == nil {
				names[lastOf(text)] = may
			}
		}
	}
	return names
}

// lastOf is the name in what Ref gives: a name, an ARN or the address of a queue.
func lastOf(text string) string {
	if strings.HasPrefix(text, "https://") {
		return text[strings.LastIndex(text, "/")+1:]
	}
	return text[strings.LastIndex(text, ":")+1:]
}

// patterns is a text with what names may be in the place of their stand-ins.
func patterns(text string, names map[string][]string) []string {
	for standIn, may := range names {
		before, after, found := strings.Cut(text, standIn)
		if !found {
			continue
		}
		var texts []string
		for _, name := range may {
			texts = append(texts, patterns(before+name+after, names)...)
		}
		return texts
	}
	return []string{text}
}
