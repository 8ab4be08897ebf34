package resource

import (
	"fmt"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// guarded is a resource that can have a policy of its own.
type guarded struct {
	placed
	Policy *iam.Source // nil: none in the stacks
	Unread []Unread    // of the policy
	given  []*Policy
}

// readResourcePolicies gives the policies to what they are of.
func (s *Set) readResourcePolicies() {
	holders := map[*template.Resource]*guarded{}
	for _, k := range s.Keys {
		holders[k.Resource] = &k.guarded
	}
	for _, a := range s.AccessPoints {
		holders[a.Resource] = &a.guarded
	}
	for _, p := range s.Policies {
		switch p.Kind {
		case KeyPolicy, AccessPointPolicy:
			if g := holders[p.Resource]; g != nil {
				g.given = append(g.given, p)
			}
		case BucketPolicy:
			s.giveTo(p, "Bucket", "bucket", s.bucketsLike)
		case SecretPolicy:
			s.giveTo(p, "SecretId", "secret", s.secretsLike)
		}
	}
	for _, b := range s.Buckets {
		b.settle(s, "bucket "+b.Name)
	}
	for _, a := range s.AccessPoints {
		a.settle(s, "access point "+a.Name)
	}
	for _, k := range s.Keys {
		k.settle(s, "key "+k.LogicalID)
		if len(k.given) == 0 {
			k.Policy = new(DefaultKeyPolicy(k.ARN))
		}
	}
	for _, secret := range s.Secrets {
		secret.settle(s, "secret "+secret.LogicalID)
	}
}

// giveTo finds what a policy names as what it is of. like is what has an id, or
// without one, what a reference that can't be resolved may mean.
func (s *Set) giveTo(p *Policy, property, kind string, like func(r *template.Resource, id string) []*guarded) {
	id, err := p.Properties().Get(property).String()
	if err != nil {
		var concerned []*[]Unread
		for _, g := range like(p.Resource, "") {
			if mayRefer(p.Resource, property, g.Resource) {
				concerned = append(concerned, &g.Unread)
			}
		}
		s.unread(p.Resource, err, concerned...)
		return
	}
	found := like(p.Resource, id)
	for _, g := range found {
		g.given = append(g.given, p)
	}
	if len(found) == 0 && s.LeftOut(id) == nil {
		s.unread(p.Resource, fmt.Errorf("%s %s is in none of the stacks", kind, id))
	}
}

// mayRefer says whether a property that can't be resolved may mean r: it is no
// reference to another resource of the same stack.
func mayRefer(from *template.Resource, property string, r *template.Resource) bool {
	if ref, ok := from.RawProperties[property].(map[string]any); ok {
		if id, ok := ref["Ref"].(string); ok && from.Stack().Resource(id) != nil {
			return from.Stack() == r.Stack() && id == r.LogicalID
		}
	}
	return from.Stack().Account == r.Stack().Account
}

// settle makes the policy of the one that was given. Of two, the service keeps
// the one that comes last, and the templates don't tell which that is.
func (g *guarded) settle(s *Set, whose string) {
	for _, p := range g.given {
		if created, err := p.Created(); !created {
			s.unread(p.Resource, err, &g.Unread)
			return
		}
		for _, err := range p.Unread() {
			s.unread(p.Resource, err, &g.Unread)
		}
	}
	switch len(g.given) {
	case 0:
	case 1:
		g.Policy = new(source("policy of "+whose, g.given[0]))
	default:
		s.unread(g.given[1].Resource, fmt.Errorf("%s has two policies: of two, the last one given holds", whose), &g.Unread)
	}
}

// ResourcePolicies are the policies of all resources that have one, but for the
// trust of roles.
func (s *Set) ResourcePolicies() []*iam.Source {
	var list []*iam.Source
	add := func(g *guarded) {
		if g.Policy != nil {
			list = append(list, g.Policy)
		}
	}
	for _, b := range s.Buckets {
		add(&b.guarded)
	}
	for _, k := range s.Keys {
		add(&k.guarded)
	}
	for _, secret := range s.Secrets {
		add(&secret.guarded)
	}
	for _, a := range s.AccessPoints {
		add(&a.guarded)
	}
	return list
}
