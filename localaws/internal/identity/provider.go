package identity

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// What the CloudFormation providers of this package share.

func checkGiven(document api.Policy) error {
	if document == "" {
		return malformed("the policy document is missing")
	}
	return nil
}

// gone turns "it isn't there" into success, for deletions.
func gone(err error) error { return api.Ignore(err, "NoSuchEntity") }

// minus are the elements of a that b doesn't have.
func minus[T comparable](a, b []T) []T {
	return slices.DeleteFunc(slices.Clone(a), func(x T) bool { return slices.Contains(b, x) })
}

// holders are the roles and users that a template gives a policy to. It has no
// Groups: there are none here.
type holders struct{ Roles, Users []string }

// holder is one of them; kind is "Role" or "User".
type holder struct{ kind, name string }

func (h holders) all() []holder {
	var all []holder
	for _, name := range h.Roles {
		all = append(all, holder{"Role", name})
	}
	for _, name := range h.Users {
		all = append(all, holder{"User", name})
	}
	return all
}

// checkKnownName takes a name that may be left out or not known yet.
func checkKnownName(property, name string, longest int) error {
	if name == "" || strings.Contains(name, api.NotYetKnown) {
		return nil
	}
	return checkName(property, name, longest)
}
