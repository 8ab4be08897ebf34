package rule

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// checkPrincipalOrder finds the roles and users of the stacks that a policy
// names and that needn't exist when it is made.
func (c *checker) checkPrincipalOrder(p *resource.Policy) {
	for _, s := range p.Statements {
		if s.Principal == nil {
			continue
		}
		for _, arn := range s.Principal.AWS {
			named := c.set.IdentityOf(question.Caller(arn))
			if named == nil || strings.Contains(arn, ":group/") {
				continue
			}
			switch from, to := p.Resource.Stack(), named.Resource.Stack(); {
			case named.Resource == p.Resource:
				c.find(p.Resource, s.At, "%s names %s, the role itself, which doesn't exist until its policy is accepted", effectOf(s.Statement), arn)
			case from == to && !c.waitsFor(p.Resource, named.Resource):
				c.find(p.Resource, s.At, "%s names %s: %s may be made later", effectOf(s.Statement), arn, named.LogicalID)
			case from != to && c.stackWaitsFor(to, from):
				c.find(p.Resource, s.At, "%s names %s: stack %s, which makes it, is deployed after this one", effectOf(s.Statement), arn, to.Name)
			}
		}
	}
	c.unreadable(p)
}

// stackWaitsFor says whether a stack is deployed after another one: by the
// assembly's dependencies, or since it takes a value from it.
func (d *deployment) stackWaitsFor(s, other *template.Stack) bool {
	seen := []*template.Stack{s}
	for i := 0; i < len(seen); i++ {
		providers, known := d.providers[seen[i]]
		if !known {
			providers = seen[i].Providers()
			d.providers[seen[i]] = providers
		}
		for _, next := range providers {
			if next == other {
				return true
			}
			if !slices.Contains(seen, next) {
				seen = append(seen, next)
			}
		}
	}
	return false
}
