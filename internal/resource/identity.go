package resource

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// Identity is what IAM policies can be attached to, with those that are.
type Identity struct {
	placed
	kind     string       // "role", "user" or "group"
	Policies []iam.Source // of a user also those of its groups
	Boundary *iam.Source  // permissions boundary; nil: none that is known
	Unread   []Unread
}

// Role is an IAM role.
type Role struct {
	Identity
	Trust iam.Source
}

// Caller is a session of the role.
func (r *Role) Caller() iam.Caller { return iam.RoleSession(r.ARN, "session") }

// User is an IAM user.
type User struct{ Identity }

// Caller is the user.
func (u *User) Caller() iam.Caller { return iam.User(u.ARN) }

// Group is an IAM group, which gives its policies to the users in it.
type Group struct{ Identity }

// addRole leaves a role out whose trust can't be read: nobody would know who
// may use it.
func (s *Set) addRole(r *template.Resource) error {
	p, err := place(r)
	if err != nil {
		return err
	}
	role := &Role{Identity: Identity{placed: p, kind: "role"}}
	trust := readPolicy(r, TrustPolicy, r.Properties(), "AssumeRolePolicyDocument")
	if trust.Err != nil {
		return trust.Err
	}
	role.Trust = source("trust policy of role "+role.Name, trust)
	s.Roles = append(s.Roles, role)
	s.roles[role.ARN] = role
	s.know(&role.Identity)
	return nil
}

func (s *Set) addUser(r *template.Resource) error {
	p, err := place(r)
	if err == nil {
		u := &User{Identity{placed: p, kind: "user"}}
		s.Users = append(s.Users, u)
		s.know(&u.Identity)
	}
	return err
}

func (s *Set) addGroup(r *template.Resource) error {
	p, err := place(r)
	if err == nil {
		g := &Group{Identity{placed: p, kind: "group"}}
		s.Groups = append(s.Groups, g)
		s.know(&g.Identity)
	}
	return err
}

func (s *Set) know(i *Identity) {
	s.identities[i.ARN] = i
	s.kinds[i.kind] = append(s.kinds[i.kind], i)
}

// RoleNamed is the role of a name in an account, or nil.
func (s *Set) RoleNamed(name, account string) *Role {
	for _, r := range s.Roles {
		if r.Name == name && r.Account == account {
			return r
		}
	}
	return nil
}

// RoleWithARN is the role of an ARN, or nil.
func (s *Set) RoleWithARN(arn string) *Role { return s.roles[arn] }

// IdentityOf is the role or user as which somebody asks, or nil.
func (s *Set) IdentityOf(c iam.Caller) *Identity { return s.identities[c.PrincipalARN()] }
