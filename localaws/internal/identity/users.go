package identity

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// userShape is a user as the API shows it.
type userShape struct {
	Path, UserName, UserId, Arn, CreateDate string
	PermissionsBoundary                     *boundaryShape `xml:",omitempty"`
	Tags                                    []api.Tag      `xml:"Tags>member,omitempty"`
}

type boundaryShape struct{ PermissionsBoundaryType, PermissionsBoundaryArn string }

func (e *entity) user() userShape {
	return userShape{
		Path: e.path, UserName: e.name, UserId: e.id, Arn: e.arn, CreateDate: timestamp(e.created),
		PermissionsBoundary: e.boundaryShape(), Tags: api.TagList(e.tags),
	}
}

func (e *entity) boundaryShape() *boundaryShape {
	if e.boundary == "" {
		return nil
	}
	return &boundaryShape{"Policy", e.boundary}
}

func userARN(c api.Call, path, name string) string {
	return api.ARN("iam", "", c.Account, "user"+path+name)
}

// creationKeys are the condition keys of a request that makes a user or role.
func creationKeys(boundary string, tags map[string]string) map[string]iam.Strings {
	keys := api.TagKeys(tags)
	if boundary != "" {
		keys["iam:PermissionsBoundary"] = iam.Strings{boundary}
	}
	return keys
}

func (s *Service) opCreateUser(c api.Call, f *api.Form) (any, error) {
	n := newEntity{name: f.Text("UserName"), path: f.Text("Path"), boundary: f.Text("PermissionsBoundary"), tags: f.Tags()}
	if err := f.Done(); err != nil {
		return nil, err
	}
	path, err := checkPath(n.path)
	if err != nil {
		return nil, err
	}
	if err := s.authorize(c, "CreateUser", userARN(c, path, n.name), creationKeys(n.boundary, n.tags)); err != nil {
		return nil, err
	}
	var out struct{ User userShape }
	err = s.change(c.Account, func(a *account) error {
		e, err := s.opt.Directory.addUser(c.Account, a, n)
		if err == nil {
			out.User = e.user()
		}
		return err
	})
	return out, err
}

func (s *Service) opGetUser(c api.Call, f *api.Form) (any, error) {
	name := f.Text("UserName")
	if err := f.Done(); err != nil {
		return nil, err
	}
	if name == "" { // the caller itself
		if c.Caller.RoleARN() != "" {
			return nil, invalid("Must specify userName when calling with non-User credentials")
		}
		name = sessionName(c.Caller)
	}
	var out struct{ User userShape }
	err := s.with(c, "GetUser", "User", name, nil, func(_ *account, e *entity) error {
		out.User = e.user()
		return nil
	})
	return out, err
}

func (s *Service) opListUsers(c api.Call, f *api.Form) (any, error) {
	prefix, err := listParameters(f)
	if err != nil {
		return nil, err
	}
	if err := s.authorize(c, "ListUsers", api.ARN("iam", "", c.Account, "user/"), nil); err != nil {
		return nil, err
	}
	var out struct {
		Users       []userShape `xml:"Users>member"`
		IsTruncated bool
	}
	err = s.change(c.Account, func(a *account) error {
		for _, e := range sorted(a.users, prefix) {
			u := e.user()
			u.Tags, u.PermissionsBoundary = nil, nil // ListUsers leaves them out
			out.Users = append(out.Users, u)
		}
		return nil
	})
	return out, err
}

func (s *Service) opDeleteUser(c api.Call, f *api.Form) (any, error) {
	name := f.Text("UserName")
	if err := f.Done(); err != nil {
		return nil, err
	}
	return nil, s.with(c, "DeleteUser", "User", name, nil, func(a *account, e *entity) error {
		if err := e.removable(); err != nil {
			return err
		}
		for _, k := range s.opt.Directory.keys {
			if k.ownerID == e.id {
				return conflict("Cannot delete entity, must delete access keys first.")
			}
		}
		delete(a.users, name)
		return nil
	})
}
