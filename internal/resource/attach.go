package resource

import (
	"errors"
	"fmt"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/managedpolicy"
	"github.com/s3seal/s3seal/internal/template"
)

// owners are the types of resources that IAM policies belong to, and the
// properties in which a policy of its own names them.
var owners = []owner{
	{"role", "AWS::IAM::Role", "RoleName", "Roles"},
	{"user", "AWS::IAM::User", "UserName", "Users"},
	{"group", "AWS::IAM::Group", "GroupName", "Groups"},
}

type owner struct{ kind, typ, one, many string }

// readIdentityPolicies attaches the policies of roles, users and groups:
// those inside of them, those that are resources of their own, managed ones by
// ARN, and permissions boundaries.
func (s *Set) readIdentityPolicies() {
	for _, p := range s.Policies {
		if p.Kind != IdentityPolicy {
			continue
		}
		if p.Type == "AWS::IAM::ManagedPolicy" {
			if arn, err := p.Ref(); err == nil {
				s.managed[arn] = p
			}
		}
		for _, o := range owners {
			switch p.Type {
			case o.typ:
				for _, i := range s.kinds[o.kind] {
					if i.Resource == p.Resource {
						i.attach(s, p)
					}
				}
			case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy":
				s.eachNamed(p.Resource, o.many, o.kind, func(i *Identity) { i.attach(s, p) })
			case o.typ + "Policy":
				s.named(p.Resource, p.Properties().Get(o.one), o.kind, func(i *Identity) { i.attach(s, p) })
			}
		}
	}
	for _, o := range owners {
		for _, i := range s.kinds[o.kind] {
			s.readManaged(i)
			s.readBoundary(i)
		}
	}
}

// eachNamed calls f for everyone of a kind whom a list of names means.
func (s *Set) eachNamed(r *template.Resource, property, kind string, f func(*Identity)) {
	names, err := r.Properties().Get(property).List()
	if err != nil && !errors.Is(err, template.ErrMissing) {
		s.unread(r, err, s.doubtful(r, kind)...)
	}
	for _, name := range names {
		s.named(r, name, kind, f)
	}
}

// named calls f for the one of a kind whom a name means. A name that can't be
// read may be anybody's of the account.
func (s *Set) named(r *template.Resource, v template.Value, kind string, f func(*Identity)) {
	name, err := v.String()
	if err != nil {
		s.unread(r, err, s.doubtful(r, kind)...)
		return
	}
	for _, i := range s.kinds[kind] {
		if i.Name == name && i.Account == r.Stack().Account {
			f(i)
			return
		}
	}
	s.unread(r, fmt.Errorf("%s %s is in none of the stacks", kind, name))
}

func (s *Set) doubtful(r *template.Resource, kind string) []*[]Unread {
	var list []*[]Unread
	for _, i := range s.kinds[kind] {
		if i.Account == r.Stack().Account {
			list = append(list, &i.Unread)
		}
	}
	return list
}

// attach adds what could be read of a policy, and notes what could not.
func (i *Identity) attach(s *Set, p *Policy) {
	if s.noteUnread(p, &i.Unread) && len(p.Statements) > 0 {
		i.Policies = append(i.Policies, source("policy "+p.Name+" of "+i.kind+" "+i.Name, p))
	}
}

// readManaged finds the managed policies that an identity names: the stacks' own,
// and AWS's as far as their text is known.
func (s *Set) readManaged(i *Identity) {
	arns, err := i.Properties().Get("ManagedPolicyArns").List()
	if err != nil && !errors.Is(err, template.ErrMissing) {
		s.unread(i.Resource, err, &i.Unread)
	}
	for _, v := range arns {
		arn, err := v.String()
		switch p := s.managed[arn]; {
		case err != nil:
			s.unread(i.Resource, err, &i.Unread)
		case p != nil:
			i.attach(s, p)
		default:
			s.attachAWSManaged(i, arn)
		}
	}
}

func (s *Set) attachAWSManaged(i *Identity, arn string) {
	p, known := managedpolicy.Find(arn)
	if !known {
		s.unread(i.Resource, fmt.Errorf("what the attached policy %s allows", arn), &i.Unread)
		return
	}
	i.Policies = append(i.Policies, iam.Source{Name: awsManaged(p) + " of " + i.kind + " " + i.Name, Document: p.Document})
}

func awsManaged(p managedpolicy.Policy) string {
	return "policy " + p.Name() + " (AWS's " + p.Version + ")"
}

// readBoundary reads the permissions boundary. One that isn't known may only take
// from what the policies allow.
func (s *Set) readBoundary(i *Identity) {
	arn, err := i.Properties().Get("PermissionsBoundary").String()
	if errors.Is(err, template.ErrMissing) {
		return
	}
	if err != nil {
		s.unread(i.Resource, err, &i.Limits)
		return
	}
	if p := s.managed[arn]; p != nil {
		if s.noteUnread(p, &i.Limits) && p.Err == nil {
			i.Boundary = new(source("policy "+p.Name, p))
		}
		return
	}
	if p, known := managedpolicy.Find(arn); known {
		i.Boundary = &iam.Source{Name: awsManaged(p), Document: p.Document}
		return
	}
	s.unread(i.Resource, fmt.Errorf("what the permissions boundary %s leaves of the policies of the %s", arn, i.kind), &i.Limits)
}

// readMemberships gives the policies of groups to the users in them.
func (s *Set) readMemberships(stacks []*template.Stack) {
	for _, u := range s.Users() {
		s.eachNamed(u.Resource, "Groups", "group", u.join)
	}
	for _, stack := range stacks {
		for _, r := range stack.ResourcesOfType("AWS::IAM::UserToGroupAddition") {
			_, unread := r.Created()
			s.named(r, r.Properties().Get("GroupName"), "group", func(g *Identity) {
				s.eachNamed(r, "Users", "user", func(u *Identity) {
					if unread != nil {
						s.unread(r, unread, &u.Unread)
						return
					}
					u.join(g)
				})
			})
		}
	}
}

func (i *Identity) join(group *Identity) {
	i.Policies = append(i.Policies, group.Policies...)
	i.Unread = append(i.Unread, group.Unread...)
}
