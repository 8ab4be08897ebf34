package identity

import (
	"maps"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Changes of a role that only CloudFormation makes here. Each asks for the
// permission of the API operation that CloudFormation would call.

func (s *Service) updateRole(c api.Call, name, description string, maxSession time.Duration) error {
	maxSession, err := roleSession(maxSession)
	if err != nil {
		return err
	}
	return s.with(c, "UpdateRole", "Role", name, nil, func(_ *account, e *entity) error {
		e.description, e.maxSession = description, maxSession
		return nil
	})
}

func (s *Service) setBoundary(c api.Call, name, arn string) error {
	if arn == "" {
		return s.with(c, "DeleteRolePermissionsBoundary", "Role", name, s.boundaryKeys(c, "Role", name), func(_ *account, e *entity) error {
			e.boundary = ""
			return nil
		})
	}
	keys := map[string]iam.Strings{"iam:PermissionsBoundary": {arn}}
	return s.with(c, "PutRolePermissionsBoundary", "Role", name, keys, func(_ *account, e *entity) error {
		if err := s.opt.Directory.attachable(e, arn); err != nil {
			return err
		}
		e.boundary = arn
		return nil
	})
}

func (s *Service) setRoleTags(c api.Call, name string, tags map[string]string) error {
	return s.with(c, "TagRole", "Role", name, creationKeys("", tags), func(_ *account, e *entity) error {
		e.tags = maps.Clone(tags)
		return nil
	})
}
