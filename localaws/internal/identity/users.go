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

type createUserInput struct {
	UserName, Path, PermissionsBoundary string
	Tags                                map[string]string
}

func (s *Service) createUser(c api.Call, in createUserInput) (any, error) {
	path, err := checkPath(in.Path)
	if err != nil {
		return nil, err
	}
	if err := s.authorize(c, "CreateUser", userARN(c, path, in.UserName), creationKeys(in.PermissionsBoundary, in.Tags)); err != nil {
		return nil, err
	}
	var out struct{ User userShape }
	return &out, s.change(c.Account, func(a *account) error {
		e, err := s.opt.Directory.addUser(c.Account, a, newEntity{in.UserName, path, in.PermissionsBoundary, in.Tags})
		if err == nil {
			out.User = e.user()
		}
		return err
	})
}

func (s *Service) getUser(c api.Call, in struct{ UserName string }) (any, error) {
	name, err := userOr(c, in.UserName)
	if err != nil {
		return nil, err
	}
	var out struct{ User userShape }
	return &out, s.with(c, "GetUser", "User", name, nil, func(_ *account, e *entity) error {
		out.User = e.user()
		return nil
	})
}

func (s *Service) listUsers(c api.Call, in listInput) (any, error) {
	var out struct {
		Users       []userShape `xml:"Users>member"`
		IsTruncated bool
	}
	return &out, s.list(c, "User", in, func(e *entity) {
		u := e.user()
		u.Tags, u.PermissionsBoundary = nil, nil // ListUsers leaves them out
		out.Users = append(out.Users, u)
	})
}

func (s *Service) deleteUser(c api.Call, in struct{ UserName string }) (any, error) {
	return nil, s.with(c, "DeleteUser", "User", in.UserName, nil, func(a *account, e *entity) error {
		if err := e.removable(); err != nil {
			return err
		}
		if len(s.opt.Directory.keysOf(e)) > 0 {
			return conflict("Cannot delete entity, must delete access keys first.")
		}
		delete(a.users, in.UserName)
		return nil
	})
}
