package identity

import (
	"maps"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// operations are all that there are; any other is refused by name.
func (s *Service) operations() map[string]api.QueryOperation {
	all := map[string]api.QueryOperation{
		"CreateRole":             api.Query(s.opCreateRole),
		"GetRole":                api.Query(s.getRole),
		"ListRoles":              api.Query(s.listRoles),
		"DeleteRole":             api.Query(s.opDeleteRole),
		"UpdateAssumeRolePolicy": api.Query(s.updateAssumeRolePolicy),

		"CreateUser":      api.Query(s.createUser),
		"GetUser":         api.Query(s.getUser),
		"ListUsers":       api.Query(s.listUsers),
		"DeleteUser":      api.Query(s.deleteUser),
		"CreateAccessKey": api.Query(s.createAccessKey),
		"ListAccessKeys":  api.Query(s.listAccessKeys),
		"DeleteAccessKey": api.Query(s.deleteAccessKey),

		"CreatePolicy":     api.Query(s.createPolicy),
		"GetPolicy":        api.Query(s.getPolicy),
		"GetPolicyVersion": api.Query(s.getPolicyVersion),
		"DeletePolicy":     api.Query(s.opDeletePolicy),
	}
	maps.Copy(all, s.entityPolicies("Role"))
	maps.Copy(all, s.entityPolicies("User"))
	return all
}
