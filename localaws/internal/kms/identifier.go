package kms

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// target is a key that a request has named, and how.
type target struct {
	key   *key
	alias string // the alias name it was named by, or ""
}

// find finds the key that id names: key id, key ARN, alias name or alias ARN.
// An id without an account is the caller's. An alias "alias/aws/SERVICE" makes
// the AWS managed key if it isn't there yet. s.mu is held.
//
// Of a key of another account that isn't there the caller is told what AWS
// tells of a key that it may not use, so that nobody can probe for keys.
//
// Source: KMS developer guide, concepts (key identifiers); API reference,
// DescribeKey (predefined aliases).
func (s *Service) find(c api.Call, action, id string) (target, error) {
	s.settle()
	p := c.Place()
	name := id
	if strings.HasPrefix(id, "arn:") {
		a, err := arn.Parse(id)
		isKey, isAlias := strings.HasPrefix(a.Resource, "key/"), strings.HasPrefix(a.Resource, "alias/")
		switch {
		case err != nil || a.Service != "kms" || a.AccountID == "" || !isKey && !isAlias:
			return target{}, notFound("Invalid arn %s", id)
		case a.Region != c.Region:
			return target{}, notFound("Invalid arn %s", a.Region)
		}
		p.Account, name = a.AccountID, strings.TrimPrefix(a.Resource, "key/")
	}
	if strings.HasPrefix(name, "alias/") {
		return s.findAlias(c, action, p, name)
	}
	if !isUUID(name) {
		return target{}, notFound("Invalid keyId '%s'", id)
	}
	if k := s.keys[name]; k != nil && k.place == p {
		return target{key: k}, nil
	}
	where := p.ARN("kms", "key/"+name)
	if p.Account != c.Account {
		return target{}, noSuchResource(c, action, "resource: "+where)
	}
	return target{}, notFound("Key '%s' does not exist", where)
}

func (s *Service) findAlias(c api.Call, action string, p api.Place, name string) (target, error) {
	if k := s.keys[s.aliases[p][name]]; k != nil {
		return target{key: k, alias: name}, nil
	}
	if p.Account != c.Account {
		return target{}, noSuchResource(c, action, "resource: "+p.ARN("kms", name))
	}
	if _, ok := managedServices[name]; ok {
		k, err := s.managedKey(p, name)
		return target{key: k, alias: name}, err
	}
	return target{}, notFound("Alias %s is not found.", p.ARN("kms", name))
}

// findOwn finds a key for an operation that accepts key ids and key ARNs of the
// caller's own account only. s.mu is held.
func (s *Service) findOwn(c api.Call, action, id string) (target, error) {
	if strings.HasPrefix(id, "alias/") || strings.HasPrefix(id, "arn:") && strings.Contains(id, ":alias/") {
		return target{}, notFound("Invalid keyId '%s'", id)
	}
	t, err := s.find(c, action, id)
	if err == nil && t.key.place.Account != c.Account {
		return target{}, noSuchResource(c, action, "resource: "+t.key.arn)
	}
	return t, err
}

func noSuchResource(c api.Call, action, what string) error {
	return api.Errorf(http.StatusBadRequest, "AccessDeniedException",
		"User: %s is not authorized to perform: %s on %s because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access",
		c.Caller, action, what)
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func isUUID(s string) bool { return uuidForm.MatchString(s) }
