package identity

import (
	"net/url"
	"strconv"
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

func (s *Service) opCreateRole(c api.Call, f *api.Form) (any, error) {
	n := newRole{
		newEntity: newEntity{name: f.Text("RoleName"), path: f.Text("Path"), boundary: f.Text("PermissionsBoundary"), tags: f.Tags()},
		trust:     f.Text("AssumeRolePolicyDocument"), description: f.Text("Description"),
	}
	if text := f.Text("MaxSessionDuration"); text != "" {
		seconds, err := strconv.Atoi(text)
		if err != nil {
			return nil, invalid("MaxSessionDuration %q: want a number of seconds", text)
		}
		n.maxSession = time.Duration(seconds) * time.Second
	}
	if err := f.Done(); err != nil {
		return nil, err
	}
	e, err := s.createRole(c, n)
	if err != nil {
		return nil, err
	}
	return struct{ Role roleShape }{e}, nil
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

func (s *Service) opGetRole(c api.Call, f *api.Form) (any, error) {
	name := f.Text("RoleName")
	if err := f.Done(); err != nil {
		return nil, err
	}
	var out struct{ Role roleShape }
	err := s.with(c, "GetRole", "Role", name, nil, func(_ *account, e *entity) error {
		out.Role = e.role()
		return nil
	})
	return out, err
}

func (s *Service) opListRoles(c api.Call, f *api.Form) (any, error) {
	prefix, err := listParameters(f)
	if err != nil {
		return nil, err
	}
	if err := s.authorize(c, "ListRoles", api.ARN("iam", "", c.Account, "role/"), nil); err != nil {
		return nil, err
	}
	var out struct {
		Roles       []roleShape `xml:"Roles>member"`
		IsTruncated bool
	}
	err = s.change(c.Account, func(a *account) error {
		for _, e := range sorted(a.roles, prefix) {
			r := e.role()
			r.Tags, r.PermissionsBoundary = nil, nil // ListRoles leaves them out
			out.Roles = append(out.Roles, r)
		}
		return nil
	})
	return out, err
}

func (s *Service) opDeleteRole(c api.Call, f *api.Form) (any, error) {
	name := f.Text("RoleName")
	if err := f.Done(); err != nil {
		return nil, err
	}
	return nil, s.deleteRole(c, name)
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

func (s *Service) opUpdateAssumeRolePolicy(c api.Call, f *api.Form) (any, error) {
	name, text := f.Text("RoleName"), f.Text("PolicyDocument")
	if err := f.Done(); err != nil {
		return nil, err
	}
	return nil, s.updateTrust(c, name, text)
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
