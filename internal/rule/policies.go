package rule

import (
	"errors"

	"github.com/s3seal/s3seal/internal/resource"
)

// eachStatement makes a check of one that looks at a statement of a policy. What
// of the policy can't be read leaves the rule undecided.
func eachStatement(check func(*checker, *resource.Policy, resource.Statement)) func(*checker) {
	return func(c *checker) {
		for _, p := range c.set.Policies {
			for _, s := range p.Statements {
				check(c, p, s)
			}
			c.unreadable(p)
		}
	}
}

// unreadable reports the statements that can't be resolved; what IAM refuses is
// found by a rule of its own.
func (c *checker) unreadable(p *resource.Policy) {
	for _, err := range p.Unread() {
		var refused *resource.RefusedError
		if !errors.As(err, &refused) {
			c.unknown(p.Resource, p.At, err)
		}
	}
}
