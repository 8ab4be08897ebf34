package authorization

import (
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

// On tells whether the Resource of a statement can be one that the action works on.
// An action that works on no resource needs one that ends in a wildcard for all.
// It is true if the data doesn't tell.
func (a Action) On(resource string) bool {
	if !a.Whole() {
		return true
	}
	if len(a.Resources) == 0 {
		// AWS's own examples give s3:ListAllMyBuckets "arn:aws:s3:::*".
		return resource == "*" || strings.HasSuffix(resource, ":*") || strings.Contains(resource, "${")
	}
	return slices.ContainsFunc(a.Resources, func(u ResourceUse) bool {
		t, ok := Type(a.Service, u.Type)
		return !ok || t.Fits(resource)
	})
}

// Uses tells whether the action works on a type of resource.
func (a Action) Uses(resourceType string) bool {
	return slices.ContainsFunc(a.Resources, func(u ResourceUse) bool { return u.Type == resourceType })
}
