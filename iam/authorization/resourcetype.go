package authorization

import (
	"regexp"
	"slices"
	"strings"
)

// ResourceType is a type of resource that a service's actions work on.
type ResourceType struct {
	Service string // whose actions
	Name    string // "object"
	ARN     string // "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
	Keys    []string
}

// Type finds a type of resource of a service by its name.
func Type(service, name string) (ResourceType, bool) {
	s := serviceOf(service)
	if s == nil {
		return ResourceType{}, false
	}
	i := slices.IndexFunc(s.types, func(t ResourceType) bool { return t.Name == name })
	if i < 0 {
		return ResourceType{}, false
	}
	return s.types[i], true
}

// Fits tells whether the Resource of a statement can be one of the type: an ARN, or
// a pattern with wildcards and policy variables.
func (t ResourceType) Fits(resource string) bool { return overlapARN(resource, t.ARN) }

// Types are the types of resources of a service; none if the data has only the names
// of its actions.
func Types(service string) []ResourceType {
	if s := serviceOf(service); s != nil {
		return slices.Clone(s.types)
	}
	return nil
}

// On tells whether the Resource of a statement can be one that the action works on.
// It is true if the data doesn't tell.
func (a Action) On(resource string) bool {
	if !a.Whole() {
		return true
	}
	if len(a.Resources) == 0 {
		parts := strings.SplitN(resource, ":", 6)
		return len(parts) < 6 || ofAll.MatchString(parts[5])
	}
	return slices.ContainsFunc(a.Resources, func(u ResourceUse) bool {
		t, ok := Type(a.Service, u.Type)
		return !ok || t.Fits(resource)
	})
}

// ofAll matches the last part of an ARN that can stand for all resources of a type.
// The reference says that an action which works on none needs "*"; in its answers
// AWS then names all of a type, such as "arn:aws:s3:::*" for s3:ListAllMyBuckets.
var ofAll = regexp.MustCompile(`^([\w-]+[:/]{1,2}([\w-]+:)?)?\*|\$\{`)

// Uses tells whether the action works on a type of resource.
func (a Action) Uses(resourceType string) bool {
	return slices.ContainsFunc(a.Resources, func(u ResourceUse) bool { return u.Type == resourceType })
}
