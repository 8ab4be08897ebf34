package resource

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/managedpolicy"
	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/template"
)

// PermissionSet is a permission set of IAM Identity Center. In each account to
// which it is assigned it is a role with its policies.
type PermissionSet struct {
	Identity
	Accounts []string // to which the stacks assign it; others may too
}

// Caller is a session of the permission set's role in an account. AWS chooses the
// last part of the role's name, for which noughts stand.
// Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
func (p *PermissionSet) Caller(account string) iam.Caller {
	return iam.RoleSession("arn:"+partition.Of(p.Region).Name+":iam::"+account+":role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_"+p.Name+"_"+strings.Repeat("0", 16), "session")
}

var reservedSSO = regexp.MustCompile(`:role/aws-reserved/sso\.amazonaws\.com/(?:[a-z0-9-]+/)?AWSReservedSSO_(.+)_[0-9a-f]{16}$`)

// permissionSetOf is the permission set whose role somebody asks as, or nil.
func (s *Set) permissionSetOf(c iam.Caller) *PermissionSet {
	if len(s.PermissionSets) == 0 {
		return nil
	}
	m := reservedSSO.FindStringSubmatch(c.RoleARN())
	if m == nil {
		return nil
	}
	i := slices.IndexFunc(s.PermissionSets, func(p *PermissionSet) bool { return p.Name == m[1] })
	if i < 0 {
		return nil
	}
	return s.PermissionSets[i]
}

func (s *Set) addPermissionSet(r *template.Resource) error {
	name, err := r.Properties().Get("Name").String()
	if err != nil {
		return err
	}
	p := &PermissionSet{Identity: Identity{placed: placed{r, name, "", r.Stack().Account, r.Stack().Region}, kind: "permission set"}}
	s.PermissionSets = append(s.PermissionSets, p)
	return nil
}

// readPermissionSets gives the permission sets their policies, and the accounts in
// which they are roles.
func (s *Set) readPermissionSets(stacks []*template.Stack) {
	for _, p := range s.PermissionSets {
		v := p.Properties()
		for _, policy := range s.Policies {
			if policy.Resource == p.Resource {
				p.attach(s, policy)
			}
		}
		arns, err := v.Get("ManagedPolicies").Default([]any{}).Strings()
		if err != nil {
			s.unread(p.Resource, err, &p.Unread)
		}
		for _, arn := range arns {
			s.attachAWSManaged(&p.Identity, arn)
		}
		if !missing(v.Get("CustomerManagedPolicyReferences")) {
			s.unread(p.Resource, errors.New("what the policies of the accounts allow that permission set "+p.Name+" refers to"), &p.Unread)
		}
		s.readSetBoundary(p)
	}
	for _, stack := range stacks {
		for _, r := range stack.ResourcesOfType("AWS::SSO::Assignment") {
			account, err := r.Properties().Get("TargetId").String()
			for _, p := range s.PermissionSets {
				if err == nil && p.Stack() == stack && mentions(r.RawProperties["PermissionSetArn"], p.LogicalID) {
					p.Accounts = append(p.Accounts, account)
				}
			}
		}
	}
}

func (s *Set) readSetBoundary(p *PermissionSet) {
	v := p.Properties().Get("PermissionsBoundary")
	if missing(v) {
		return
	}
	arn, err := v.Get("ManagedPolicyArn").String()
	if policy, known := managedpolicy.Find(arn); err == nil && known {
		p.Boundary = &iam.Source{Name: awsManaged(policy), Document: policy.Document}
		return
	}
	s.unread(p.Resource, fmt.Errorf("what the permissions boundary leaves of permission set %s", p.Name), &p.Limits)
}

// unknownIdentity is why the policies of a caller aren't known whom no stack makes,
// or could not be read.
func (s *Set) unknownIdentity(c iam.Caller) []Unread {
	if u, ok := s.leftOut[c.PrincipalARN()]; ok {
		return []Unread{u}
	}
	// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
	if _, service, ok := strings.Cut(c.RoleARN(), ":role/aws-service-role/"); ok {
		service, _, _ = strings.Cut(service, "/")
		return []Unread{{Err: fmt.Errorf("what AWS allows the service-linked role of %s", service)}}
	}
	return nil
}
