package identity

import "github.com/s3seal/s3seal/localaws/internal/api"

// operations are all that there are; any other is refused by name. Those on the
// policies of roles and of users are the same but for the word.
func (s *Service) operations() map[string]api.QueryOperation {
	return map[string]api.QueryOperation{
		"CreateRole":             s.opCreateRole,
		"GetRole":                s.opGetRole,
		"ListRoles":              s.opListRoles,
		"DeleteRole":             s.opDeleteRole,
		"UpdateAssumeRolePolicy": s.opUpdateAssumeRolePolicy,

		"CreateUser":      s.opCreateUser,
		"GetUser":         s.opGetUser,
		"ListUsers":       s.opListUsers,
		"DeleteUser":      s.opDeleteUser,
		"CreateAccessKey": s.opCreateAccessKey,
		"ListAccessKeys":  s.opListAccessKeys,
		"DeleteAccessKey": s.opDeleteAccessKey,

		"PutRolePolicy":            s.opPutInlinePolicy("Role"),
		"GetRolePolicy":            s.opGetInlinePolicy("Role"),
		"ListRolePolicies":         s.opListInlinePolicies("Role"),
		"DeleteRolePolicy":         s.opDeleteInlinePolicy("Role"),
		"AttachRolePolicy":         s.opAttach("Role"),
		"DetachRolePolicy":         s.opDetach("Role"),
		"ListAttachedRolePolicies": s.opListAttached("Role"),
		"PutUserPolicy":            s.opPutInlinePolicy("User"),
		"GetUserPolicy":            s.opGetInlinePolicy("User"),
		"ListUserPolicies":         s.opListInlinePolicies("User"),
		"DeleteUserPolicy":         s.opDeleteInlinePolicy("User"),
		"AttachUserPolicy":         s.opAttach("User"),
		"DetachUserPolicy":         s.opDetach("User"),
		"ListAttachedUserPolicies": s.opListAttached("User"),

		"CreatePolicy":     s.opCreatePolicy,
		"GetPolicy":        s.opGetPolicy,
		"GetPolicyVersion": s.opGetPolicyVersion,
		"DeletePolicy":     s.opDeletePolicy,
	}
}
