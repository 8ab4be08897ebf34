package resource

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// guarded is a resource that can have a policy of its own.
type guarded struct {
	placed
	Policy *iam.Source // nil: none in the stacks
	Unread []Unread    // of the policy
	called string      // in explanations: "bucket data"
	given  []*Policy
}

// guard notes a resource by the id that requests have: its ARN or, of a
// bucket, its name.
func (s *Set) guard(g *guarded, id, called string) {
	g.called = called
	s.guarded = append(s.guarded, g)
	s.byID[id] = g
}

// guardedBy is the resource of an id, or nil. A secret's ARN ends in six characters
// that AWS chooses, so that one with others, or without, is of the same name.
func (s *Set) guardedBy(id string) *guarded {
	if g := s.byID[id]; g != nil || ARN(id).Service != "secretsmanager" {
		return g
	}
	for _, secret := range s.Secrets {
		name := secret.ARN[:len(secret.ARN)-len("-xxxxxx")]
		if id == name || len(id) == len(secret.ARN) && strings.HasPrefix(id, name+"-") {
			return &secret.guarded
		}
	}
	return nil
}

// readResourcePolicies gives the policies to what they are of.
func (s *Set) readResourcePolicies() {
	of := map[*template.Resource][]*guarded{}
	for _, g := range s.guarded {
		of[g.Resource] = append(of[g.Resource], g)
	}
	for _, p := range s.Policies {
		switch p.Kind {
		case KeyPolicy, AccessPointPolicy:
			for _, g := range of[p.Resource] {
				g.given = append(g.given, p)
			}
		case BucketPolicy:
			s.give(p, "Bucket", "AWS::S3::Bucket")
		case SecretPolicy:
			s.give(p, "SecretId", "AWS::SecretsManager::Secret")
		}
	}
	for _, g := range s.guarded {
		g.settle(s)
	}
	for _, g := range s.outside {
		g.settle(s)
	}
	for _, k := range s.Keys {
		if len(k.given) == 0 {
			k.Policy = new(DefaultKeyPolicy(k.ARN))
		}
	}
}

// give finds what a policy names as what it is of. A name that can't be read may
// be any of the account, unless it is a reference to another resource.
func (s *Set) give(p *Policy, property, typ string) {
	id, err := p.Properties().Get(property).String()
	var concerned []*[]Unread
	found := err == nil && s.LeftOut(id) != nil
	for _, g := range s.candidates(typ, id, err) {
		switch {
		case err != nil && mayRefer(p.Resource, property, g.Resource):
			concerned = append(concerned, &g.Unread)
		case err == nil && g.isNamed(id, p.Resource.Stack()):
			g.given, found = append(g.given, p), true
		}
	}
	switch {
	case err != nil:
		s.unread(p.Resource, err, concerned...)
	case !found:
		s.unread(p.Resource, fmt.Errorf("%s is in none of the stacks", id))
		if p.Kind == BucketPolicy {
			s.giveOutside(p, id)
		}
	}
}

// candidates are the resources of a type that an id may be of: all of them, where err
// says why the id isn't known.
func (s *Set) candidates(typ, id string, err error) []*guarded {
	if s.byName == nil { // not sooner: guard notes all of them first
		s.byName = map[[2]string][]*guarded{}
		add := func(g *guarded, name string) {
			s.byName[[2]string{g.Type, name}] = append(s.byName[[2]string{g.Type, name}], g)
		}
		for _, g := range s.guarded {
			add(g, g.ARN)
			if g.Name != g.ARN {
				add(g, g.Name)
			}
		}
	}
	if err == nil {
		return s.byName[[2]string{typ, id}]
	}
	return slices.DeleteFunc(slices.Clone(s.guarded), func(g *guarded) bool { return g.Type != typ })
}

// isNamed says whether an id that a stack writes is the resource's: its ARN, or
// its name, which but for a bucket means one of the same account and Region.
func (g *guarded) isNamed(id string, from *template.Stack) bool {
	near := g.Type == "AWS::S3::Bucket" || g.Account == from.Account && g.Region == from.Region
	return id == g.ARN || id != "" && id == g.Name && near
}

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
func (g *guarded) settle(s *Set) {
	for _, p := range g.given {
		if !s.noteUnread(p, &g.Unread) {
			return
		}
	}
	switch len(g.given) {
	case 0:
	case 1:
		g.Policy = new(source("policy of "+g.called, g.given[0]))
	default:
		s.unread(g.given[1].Resource, fmt.Errorf("%s has two policies: of two, the last one given holds", g.called), &g.Unread)
	}
}
