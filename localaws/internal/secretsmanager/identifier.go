package secretsmanager

import (
	"regexp"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// suffixed is a name with what looks like the random end of an ARN.
var suffixed = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)

// find finds a secret by its name, ARN, or ARN without the 6 random
// characters, and asks for the action on it. An ARN that ends like a full one
// is taken for a full one. Of a secret that isn't there only those are told who
// would be let in. s.mu is held.
//
// Source: Secrets Manager user guide, troubleshoot (ARN_secretnamehyphen).
func (s *Service) find(c api.Call, action, id string, extra map[string]iam.Strings) (*secret, error) {
	s.settle()
	if id == "" || len(id) > 2048 {
		return nil, validation("1 validation error detected: Value at 'secretId' failed to satisfy constraint: Member must have length between 1 and 2048")
	}
	p, x := s.lookup(c, id)
	if x != nil {
		return x, s.authorize(c, action, x, extra)
	}
	resource := id
	if !strings.HasPrefix(id, "arn:") {
		resource = arnPrefix(p) + id
	}
	if err := s.deps.Authorizer.Authorize(c, api.Access{Action: "secretsmanager:" + action, Resource: resource, ResourceAccount: p.account, Context: extra}); err != nil {
		return nil, err
	}
	return nil, notFound("Secrets Manager can't find the specified secret.")
}

// lookup finds the secret that id names, and the place where it should be.
func (s *Service) lookup(c api.Call, id string) (place, *secret) {
	p := place{c.Account, c.Region}
	if !strings.HasPrefix(id, "arn:") {
		return p, s.secrets[p][id]
	}
	a := strings.SplitN(id, ":", 7)
	if len(a) != 7 || a[2] != "secretsmanager" || a[5] != "secret" || a[3] != c.Region || a[4] == "" {
		return p, nil
	}
	p.account = a[4]
	if suffixed.MatchString(a[6]) {
		x := s.secrets[p][a[6][:len(a[6])-7]]
		if x != nil && x.arn == id {
			return p, x
		}
		return p, nil
	}
	return p, s.secrets[p][a[6]]
}

// settle removes the secrets whose recovery window is over. s.mu is held.
func (s *Service) settle() {
	now := s.deps.Clock()
	for _, secrets := range s.secrets {
		for name, x := range secrets {
			if !x.deletion.IsZero() && !now.Before(x.deletion) {
				delete(secrets, name)
			}
		}
	}
}
