package query

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam/authorization"
	"github.com/s3seal/s3seal/internal/reach"
	"github.com/s3seal/s3seal/internal/spelling"
)

// uses are what stands beside the actions of AWS.
var uses = []string{string(reach.Get), string(reach.Put)}

// isAction tells an action of AWS from a use of an object.
func isAction(action string) bool { return strings.Contains(action, ":") }

// actionNamed is an action in AWS's spelling.
func actionNamed(action string) (string, error) {
	if action == "" || slices.Contains(uses, action) {
		return action, nil
	}
	service, name, ok := strings.Cut(action, ":")
	switch {
	case !ok || service == "" || name == "" || strings.ContainsAny(action, "*? "):
		return "", fmt.Errorf("--action %q: write one action, such as s3:GetObject, or a use of an object, get or put", action)
	case !authorization.Known(strings.ToLower(service)):
		return "", fmt.Errorf("--action %s: AWS has no service %q: did you mean %s?", action, service, spelling.Nearest(service, authorization.Services()))
	}
	if a, ok := authorization.Lookup(action); ok {
		if a.Whole() && len(a.Resources) == 0 {
			return "", fmt.Errorf("--action %s: it is about no resource, and the answers are about those of the stacks: ask for an action on one", a)
		}
		return a.String(), nil
	}
	var names []string
	for _, a := range authorization.Matching(service + ":*") {
		names = append(names, a.String())
	}
	return "", fmt.Errorf("--action %s: AWS had no such action on %s: did you mean %s?", action, authorization.Date(), spelling.Nearest(action, names))
}

// actionOf is the action of a request's headers that are given with a use.
func actionOf(action string) string {
	switch action {
	case string(reach.Get):
		return "s3:GetObject"
	case string(reach.Put):
		return "s3:PutObject"
	}
	return action
}

// takes says whether an action is about a target, or about an object of it.
func (t target) takes(action string) bool {
	a, ok := authorization.Lookup(action)
	return ok && (a.On(t.resource.ARN) || t.hasObjects() && a.On(t.object()))
}

func ofObjects(action string) bool { return on(action, "object") }
func ofBuckets(action string) bool { return on(action, "bucket") }

func on(action, resourceType string) bool {
	a, ok := authorization.Lookup(action)
	return ok && a.Uses(resourceType)
}

// subjects are the kinds of resources that an action is about, in words.
func subjects(action string) string {
	a, _ := authorization.Lookup(action)
	var types []string
	for _, r := range a.Resources {
		types = append(types, r.Type)
	}
	return strings.Join(types, ", ")
}
