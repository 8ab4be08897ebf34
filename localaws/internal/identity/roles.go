package identity

import (
	"net/url"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// roleShape is a role as the API shows it. Documents are URL-encoded.
type roleShape struct {
	Path, RoleName, RoleId, Arn, CreateDate string
	AssumeRolePolicyDocument                string
	Description                             string `xml:",omitempty"`
	MaxSessionDuration                      int
	PermissionsBoundary                     *boundaryShape `xml:",omitempty"`
	Tags                                    []api.Tag      `xml:"Tags>member,omitempty"`
}

func (e *entity) role() roleShape {
	return roleShape{
		Path: e.path, RoleName: e.name, RoleId: e.id, Arn: e.arn, CreateDate: timestamp(e.created),
		AssumeRolePolicyDocument: urlEncoded(e.trust.text), Description: e.description,
		MaxSessionDuration:  int(e.maxSession / time.Second),
		PermissionsBoundary: e.boundaryShape(), Tags: api.TagList(e.tags),
	}
}

// urlEncoded is RFC 3986: a space is %20.
func urlEncoded(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func roleARN(c api.Call, path, name string) string {
	return api.ARN("iam", "", c.Account, "role"+path+name)
}

// newRole is a CreateRole request.
type newRole struct {
	newEntity
	trust       string
	description string
	maxSession  time.Duration
}

type createRoleInput struct {
	RoleName, Path, PermissionsBoundary, AssumeRolePolicyDocument, Description string
	MaxSessionDuration                                                         int // seconds
	Tags                                                                       map[string]string
}

func (s *Service) opCreateRole(c api.Call, in createRoleInput) (any, error) {
	role, err := s.createRole(c, newRole{
		newEntity{in.RoleName, in.Path, in.PermissionsBoundary, in.Tags},
		in.AssumeRolePolicyDocument, in.Description, time.Duration(in.MaxSessionDuration) * time.Second,
	})
	return struct{ Role roleShape }{role}, err
}

// createRole is CreateRole for the API and for CloudFormation.
func (s *Service) createRole(c api.Call, n newRole) (roleShape, error) {
	path, err := checkPath(n.path)
	if err != nil {
		return roleShape{}, err
	}
	if err := s.authorize(c, "CreateRole", roleARN(c, path, n.name), creationKeys(n.boundary, n.tags)); err != nil {
		return roleShape{}, err
	}
	trust, err := s.opt.Directory.trustPolicy(n.trust)
	if err != nil {
		return roleShape{}, err
	}
	var shape roleShape
	err = s.change(c.Account, func(a *account) error {
		e, err := s.opt.Directory.addRole(c.Account, a, n.newEntity, trust, n.description, n.maxSession)
		if err == nil {
			shape = e.role()
		}
		return err
	})
	return shape, err
}

func (s *Service) getRole(c api.Call, in struct{ RoleName string }) (any, error) {
	var out struct{ Role roleShape }
	return &out, s.with(c, "GetRole", "Role", in.RoleName, nil, func(_ *account, e *entity) error {
		out.Role = e.role()
		return nil
	})
}

func (s *Service) listRoles(c api.Call, in listInput) (any, error) {
	var out struct {
		Roles       []roleShape `xml:"Roles>member"`
		IsTruncated bool
	}
	return &out, s.list(c, "Role", in, func(e *entity) {
		r := e.role()
		r.Tags, r.PermissionsBoundary = nil, nil // ListRoles leaves them out
		out.Roles = append(out.Roles, r)
	})
}

func (s *Service) opDeleteRole(c api.Call, in struct{ RoleName string }) (any, error) {
	return nil, s.deleteRole(c, in.RoleName)
}

func (s *Service) deleteRole(c api.Call, name string) error {
	return s.with(c, "DeleteRole", "Role", name, nil, func(a *account, e *entity) error {
		if err := e.removable(); err != nil {
			return err
		}
		delete(a.roles, name)
		return nil
	})
}

func (s *Service) updateAssumeRolePolicy(c api.Call, in struct{ RoleName, PolicyDocument string }) (any, error) {
	return nil, s.updateTrust(c, in.RoleName, in.PolicyDocument)
}

func (s *Service) updateTrust(c api.Call, name, text string) error {
	trust, err := s.opt.Directory.trustPolicy(text)
	if err != nil {
		return err
	}
	return s.with(c, "UpdateAssumeRolePolicy", "Role", name, nil, func(_ *account, e *entity) error {
		e.trust = trust
		return nil
	})
}
