package kms

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

var aliasForm = regexp.MustCompile(`^alias/[a-zA-Z0-9/_-]+$`)

// checkAliasName refuses names that KMS refuses. Those under alias/aws/ are
// AWS's own.
//
// Source: API reference, CreateAlias.
func checkAliasName(name string) error {
	switch {
	case !aliasForm.MatchString(name) || len(name) > 256:
		return validation("1 validation error detected: Value '%s' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: %s", name, aliasForm)
	case strings.HasPrefix(name, "alias/aws/"):
		return api.Errorf(http.StatusBadRequest, "NotAuthorizedException", "the alias %s begins with alias/aws/, which is AWS's own", name)
	}
	return nil
}

// setAlias points an alias at a key. s.mu is held.
func (s *Service) setAlias(p api.Place, name string, k *key) {
	if s.aliases[p] == nil {
		s.aliases[p] = map[string]string{}
	}
	s.aliases[p][name] = k.id
}

type aliasInput struct{ AliasName, TargetKeyId string }

func (s *Service) createAlias(c api.Call, in aliasInput) (empty, error) {
	return s.pointAlias(c, "kms:CreateAlias", in, func() ([]target, error) { return nil, nil })
}

// updateAlias is decided on the key that the alias leaves as well.
func (s *Service) updateAlias(c api.Call, in aliasInput) (empty, error) {
	return s.pointAlias(c, "kms:UpdateAlias", in, func() ([]target, error) {
		old, err := s.findAlias(c, "kms:UpdateAlias", c.Place(), in.AliasName)
		return []target{{key: old.key}}, err
	})
}

func (s *Service) pointAlias(c api.Call, action string, in aliasInput, former func() ([]target, error)) (empty, error) {
	if err := checkAliasName(in.AliasName); err != nil {
		return empty{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	next, err := s.findOwn(c, action, in.TargetKeyId)
	if err != nil {
		return empty{}, err
	}
	keys, err := former()
	if err != nil {
		return empty{}, err
	}
	if err := s.authorizeAlias(c, action, in.AliasName, append(keys, next)...); err != nil {
		return empty{}, err
	}
	if len(keys) == 0 && s.aliases[c.Place()][in.AliasName] != "" {
		return empty{}, api.Errorf(http.StatusBadRequest, "AlreadyExistsException", "An alias with the name %s already exists", c.Place().ARN("kms", in.AliasName))
	}
	if err := next.key.needNotPending(); err != nil {
		return empty{}, err
	}
	s.setAlias(c.Place(), in.AliasName, next.key)
	return empty{}, nil
}

// authorizeAlias asks for the action on the alias, by identity policies, and on
// each of the keys. s.mu is held.
//
// Source: KMS developer guide, alias-access.
func (s *Service) authorizeAlias(c api.Call, action, name string, keys ...target) error {
	if err := s.authorizeIdentity(c, action, c.Place().ARN("kms", name), nil); err != nil {
		return err
	}
	for _, t := range keys {
		if err := s.authorize(c, action, t, nil); err != nil {
			return err
		}
	}
	return nil
}

type deleteAliasInput struct{ AliasName string }

func (s *Service) deleteAlias(c api.Call, in deleteAliasInput) (empty, error) {
	if err := checkAliasName(in.AliasName); err != nil {
		return empty{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	p := c.Place()
	t, err := s.findAlias(c, "kms:DeleteAlias", p, in.AliasName)
	if err != nil {
		return empty{}, err
	}
	if err := s.authorizeAlias(c, "kms:DeleteAlias", in.AliasName, target{key: t.key}); err != nil {
		return empty{}, err
	}
	delete(s.aliases[p], in.AliasName)
	return empty{}, nil
}

type listAliasesInput struct {
	KeyId  string
	Limit  int
	Marker string
}

type aliasListEntry struct{ AliasArn, AliasName, TargetKeyId string }

type listAliasesOutput struct {
	Aliases    []aliasListEntry
	NextMarker string `json:",omitempty"`
	Truncated  bool
}

func (s *Service) listAliases(c api.Call, in listAliasesInput) (listAliasesOutput, error) {
	if err := s.authorizeIdentity(c, "kms:ListAliases", "*", nil); err != nil {
		return listAliasesOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	p, only := c.Place(), ""
	if in.KeyId != "" {
		t, err := s.findOwn(c, "kms:ListAliases", in.KeyId)
		if err != nil {
			return listAliasesOutput{}, err
		}
		only = t.key.id
	}
	entries := []aliasListEntry{}
	for _, name := range slices.Sorted(maps.Keys(s.aliases[p])) {
		if id := s.aliases[p][name]; only == "" || id == only {
			entries = append(entries, aliasListEntry{p.ARN("kms", name), name, id})
		}
	}
	cut, next, err := page(entries, pageInput{in.Limit, in.Marker})
	return listAliasesOutput{cut, next, next != ""}, err
}
