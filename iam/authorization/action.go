package authorization

import (
	"slices"
	"strings"
)

// Action is an action of a service.
type Action struct {
	Service string // its prefix: "s3"
	Name    string // "GetObject"

	// Of services that the data has whole:

	Access    string        // "List", "Read", "Write", "Tagging" or "Permissions management"
	Resources []ResourceUse // none: a policy must say Resource "*"
	Keys      []string      // condition keys of its requests; "s3:ExistingObjectTag/${key}" stands for all such keys
}

// ResourceUse is a type of resource that an action works on.
type ResourceUse struct {
	Type     string   // "object": see Type
	Required bool     // each request has one
	Keys     []string // condition keys of requests with such a resource
}

// String is the action as policies say it: "s3:GetObject".
func (a Action) String() string { return a.Service + ":" + a.Name }

// Whole is false if the data has only the name: of what it works on, and of which
// keys its requests carry, nothing is known then.
func (a Action) Whole() bool { return a.Access != "" }

// Services are the prefixes of all services: "s3", "kms".
func Services() []string {
	var all []string
	for prefix := range sections() {
		if prefix != global {
			all = append(all, prefix)
		}
	}
	slices.Sort(all)
	return all
}

// Known tells whether there is a service with a prefix.
func Known(service string) bool {
	_, ok := sections()[strings.ToLower(service)]
	return ok && service != global
}

// Title is the name of a service: "Amazon S3".
func Title(service string) string {
	if s := serviceOf(service); s != nil {
		return s.title
	}
	return ""
}

// Lookup finds an action such as "s3:GetObject". IAM ignores the case of actions.
func Lookup(action string) (Action, bool) {
	prefix, name, _ := strings.Cut(action, ":")
	s := serviceOf(prefix)
	if s == nil {
		return Action{}, false
	}
	a, ok := s.byName[strings.ToLower(name)]
	if !ok {
		return Action{}, false
	}
	return *a, true
}

// Matching gives the actions that a pattern such as "s3:Get*" stands for, in any
// case, in the order of their names. "*" stands for all of all services.
func Matching(pattern string) []Action {
	prefix, name, ok := strings.Cut(strings.ToLower(pattern), ":")
	prefixes := []string{prefix}
	switch {
	case !ok && prefix == "*":
		prefixes, name = Services(), "*"
	case !ok:
		return nil
	case strings.ContainsAny(prefix, "*?"):
		prefixes = slices.DeleteFunc(Services(), func(p string) bool { return !matches(prefix, p) })
	case !strings.ContainsAny(name, "*?"):
		if a, ok := Lookup(pattern); ok {
			return []Action{a}
		}
		return nil
	}
	var all []Action
	for _, prefix := range prefixes {
		s := serviceOf(prefix)
		if s == nil {
			continue
		}
		if name == "*" {
			all = append(all, s.actions...)
			continue
		}
		for i, lower := range s.lower {
			if matches(name, lower) {
				all = append(all, s.actions[i])
			}
		}
	}
	return all
}
