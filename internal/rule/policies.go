package rule

import (
	"errors"

	"github.com/s3seal/s3seal/internal/resource"
)

// eachPolicy calls f for every policy. What of it can't be read leaves the rule
// undecided.
func (c *checker) eachPolicy(f func(*resource.Policy)) {
	for _, p := range c.set.Policies {
		f(p)
		c.unreadable(p)
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
