package resource

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// Identity is what IAM policies can be attached to, with those that are.
type Identity struct {
	placed
	kind     string       // "role", "user", "group" or "permission set"
	Policies []iam.Source // of a user also those of its groups
	Boundary *iam.Source  // permissions boundary; nil: none that is known
	Unread   []Unread     // may allow or deny more than is known
	Limits   []Unread     // may only take from what is known: a boundary
}

// Role is an IAM role.
type Role struct {
	Identity
	Trust iam.Source
}

// Caller is a session of the role.
func (r *Role) Caller() iam.Caller { return iam.RoleSession(r.ARN, "session") }

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

// addIdentity is for users, and for groups, which give their policies to the
// users in them.
func (s *Set) addIdentity(kind string) func(*template.Resource) error {
	return func(r *template.Resource) error {
		p, err := place(r)
		if err == nil {
			s.know(&Identity{placed: p, kind: kind})
		}
		return err
	}
}

func (s *Set) know(i *Identity) {
	s.identities[i.ARN] = i
	s.kinds[i.kind] = append(s.kinds[i.kind], i)
}

// Users are the IAM users.
func (s *Set) Users() []*Identity { return s.kinds["user"] }

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

// IdentityOf is the role, user or permission set as which somebody asks, or nil.
func (s *Set) IdentityOf(c iam.Caller) *Identity {
	if p := s.permissionSetOf(c); p != nil {
		return &p.Identity
	}
	return s.identities[c.PrincipalARN()]
}
