package resource

import (
	"errors"
	"fmt"
)

// Refused is the error of the policies that IAM would refuse: the templates can't
// be deployed, so that nothing is certain of who can do what. It is nil if there is
// none.
func (s *Set) Refused() error {
	var errs []error
	for _, p := range s.Policies {
		for _, err := range p.Unread() {
			var refused *RefusedError
			if errors.As(err, &refused) {
				errs = append(errs, fmt.Errorf("%s: %s: IAM refuses the policy: %w", p.Stack().File, refused.At, err))
			}
		}
	}
	return errors.Join(errs...)
}
