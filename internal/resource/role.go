package resource

import (
	"errors"
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// Role is an IAM role with what is attached to it.
type Role struct {
	*template.Resource
	Name, ARN, Account string
	Trust              iam.Source
	Policies           []iam.Source
	// Managed are the ARNs of attached policies that no stack holds, such as
	// AWS managed ones; what they allow is not known here.
	Managed []string
}

// Caller is a session of the role.
func (r *Role) Caller() iam.Caller { return iam.RoleSession(r.ARN, "session") }

func (s *Set) addRole(r *template.Resource) error {
	name, err := r.Ref()
	if err != nil {
		return err
	}
	arn, err := r.Att("Arn")
	if err != nil {
		return err
	}
	trust, err := Document(r.Properties().Get("AssumeRolePolicyDocument"))
	if err != nil {
		return err
	}
	role := &Role{
		Resource: r, Name: name, ARN: arn, Account: r.Stack().Account,
		Trust: iam.Source{Name: "trust policy of role " + name, Document: trust},
	}
	inline, err := r.Properties().Get("Policies").Default([]any{}).List()
	if err != nil {
		return err
	}
	for _, p := range inline {
		if err := role.attach(p); err != nil {
			return err
		}
	}
	read := reader{}
	role.Managed = read.optional(r.Properties().Get("ManagedPolicyArns"))
	if read.err != nil {
		return read.err
	}
	s.Roles = append(s.Roles, role)
	s.roles[arn] = role
	return nil
}

// attach adds a policy given by its PolicyName and PolicyDocument.
func (r *Role) attach(v template.Value) error {
	name, err := v.Get("PolicyName").Default("policy").String()
	if err != nil {
		return err
	}
	document, err := Document(v.Get("PolicyDocument"))
	if err != nil {
		return err
	}
	r.Policies = append(r.Policies, iam.Source{Name: fmt.Sprintf("policy %s of role %s", name, r.Name), Document: document})
	return nil
}

// addRolePolicy attaches a policy that is a resource of its own to its roles.
func (s *Set) addRolePolicy(r *template.Resource) error {
	names, err := r.Properties().Get("Roles").Strings()
	if err != nil && !errors.Is(err, template.ErrMissing) {
		return err
	}
	var missing []string
	for _, name := range names {
		role := s.RoleNamed(name, r.Stack().Account)
		if role == nil {
			missing = append(missing, name)
			continue
		}
		if err := role.attach(r.Properties()); err != nil {
			return err
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("roles %s are in none of the stacks", strings.Join(missing, ", "))
	}
	return nil
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
