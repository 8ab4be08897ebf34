package identity

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// with authorizes an action on a user or role and then runs f on it under the
// lock. Who may not do the action doesn't learn whether the name exists: the
// permission is asked first, with the ARN that the name would have.
func (s *Service) with(c api.Call, action, kind, name string, keys map[string]iam.Strings, f func(*account, *entity) error) error {
	if err := s.authorize(c, action, s.arnOf(c, kind, name), keys); err != nil {
		return err
	}
	return s.change(c.Account, func(a *account) error {
		e, err := a.lookup(kind, name)
		if err != nil {
			return err
		}
		return f(a, e)
	})
}

// arnOf is the ARN of a user or role by name, as it is or as it would be.
func (s *Service) arnOf(c api.Call, kind, name string) string {
	arn := api.ARN("iam", "", c.Account, strings.ToLower(kind)+"/"+name)
	s.peek(c, kind, name, func(e *entity) { arn = e.arn })
	return arn
}

// boundaryKeys is iam:PermissionsBoundary of the entity that a request changes.
//
// Source: Service authorization reference, IAM.
func (s *Service) boundaryKeys(c api.Call, kind, name string) map[string]iam.Strings {
	keys := map[string]iam.Strings{}
	s.peek(c, kind, name, func(e *entity) {
		if e.boundary != "" {
			keys["iam:PermissionsBoundary"] = iam.Strings{e.boundary}
		}
	})
	return keys
}

// peek runs f on a user or role under the lock, if it is there.
func (s *Service) peek(c api.Call, kind, name string, f func(*entity)) {
	_ = s.change(c.Account, func(a *account) error {
		if e := a.entities(kind)[name]; e != nil {
			f(e)
		}
		return nil
	})
}

// listInput has the page size, which doesn't matter: all come on one page.
type listInput struct{ PathPrefix, MaxItems string }

// list authorizes the listing of the users or roles and runs f on each that is
// under the path, by name.
func (s *Service) list(c api.Call, kind string, in listInput, f func(*entity)) error {
	if err := s.authorize(c, "List"+kind+"s", api.ARN("iam", "", c.Account, strings.ToLower(kind)+"/"), nil); err != nil {
		return err
	}
	return s.change(c.Account, func(a *account) error {
		for _, e := range sorted(a.entities(kind), in.PathPrefix) {
			f(e)
		}
		return nil
	})
}

// sorted are the entities under a path, by name.
func sorted(m map[string]*entity, pathPrefix string) []*entity {
	var list []*entity
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if e := m[name]; strings.HasPrefix(e.path, pathPrefix) {
			list = append(list, e)
		}
	}
	return list
}
