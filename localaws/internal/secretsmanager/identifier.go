package secretsmanager

import (
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

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
		resource = p.ARN("secretsmanager", "secret:"+id)
	}
	if err := s.opt.Authorizer.Authorize(c, api.Access{Action: "secretsmanager:" + action, Resource: resource, ResourceAccount: p.Account, Context: extra}); err != nil {
		return nil, err
	}
	return nil, notFound("Secrets Manager can't find the specified secret.")
}

// lookup finds the secret that id names, and the place where it should be.
func (s *Service) lookup(c api.Call, id string) (api.Place, *secret) {
	p := c.Place()
	if !strings.HasPrefix(id, "arn:") {
		return p, s.secrets[p][id]
	}
	a, err := arn.Parse(id)
	name, ok := strings.CutPrefix(a.Resource, "secret:")
	if err != nil || !ok || a.Service != "secretsmanager" || a.Region != c.Region || a.AccountID == "" {
		return p, nil
	}
	p.Account = a.AccountID
	if suffixed.MatchString(name) {
		x := s.secrets[p][name[:len(name)-7]]
		if x != nil && x.arn == id {
			return p, x
		}
		return p, nil
	}
	return p, s.secrets[p][name]
}

// change finds a secret that is not about to be deleted, asks, and runs f on
// it; what it gives is how most operations answer.
func (s *Service) change(c api.Call, action, id string, keys map[string]iam.Strings, f func(*secret) error) (nameOutput, error) {
	return s.look(c, action, id, keys, func(x *secret) error {
		if err := x.needNotDeleted(); err != nil {
			return err
		}
		return f(x)
	})
}

// look is change for a secret that may be about to be deleted.
func (s *Service) look(c api.Call, action, id string, keys map[string]iam.Strings, f func(*secret) error) (nameOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, err := s.find(c, action, id, keys)
	if err != nil {
		return nameOutput{}, err
	}
	return nameOutput{x.arn, x.name}, f(x)
}

// settle removes the secrets whose recovery window is over. s.mu is held.
func (s *Service) settle() {
	now := s.opt.Now()
	for _, secrets := range s.secrets {
		for name, x := range secrets {
			if !x.deletion.IsZero() && !now.Before(x.deletion) {
				delete(secrets, name)
			}
		}
	}
}
