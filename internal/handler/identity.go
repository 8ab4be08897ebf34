package handler

// Sources: IAM API reference, of each operation; user guide,
// access_policies_boundaries (delegating).
var identityKinds = []Kind{{
	Type: "AWS::IAM::Role", Own: []string{"arn:{partition}:iam::{account}:role{Path}{name}"}, Name: "RoleName",
	conditions: []condition{{
		Condition{"StringEquals", "iam:PermissionsBoundary", "{PermissionsBoundary}"},
		[]string{"iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"},
	}},
	uses: map[string]use{
		"iam:AttachRolePolicy":              {when: "ManagedPolicyArns"},
		"iam:DetachRolePolicy":              {when: "ManagedPolicyArns"},
		"iam:PutRolePolicy":                 {when: "Policies"},
		"iam:DeleteRolePolicy":              {when: "Policies"},
		"iam:PutRolePermissionsBoundary":    {when: "PermissionsBoundary"},
		"iam:TagRole":                       {when: tags},
		"iam:UntagRole":                     {when: tags},
		"iam:UpdateRole":                    {when: "Description MaxSessionDuration"},
		"iam:UpdateRoleDescription":         {when: "Description"},
		"iam:DeleteRolePermissionsBoundary": {except: "a role must not be let out of its boundary"},
	},
}, {
	Type: "AWS::IAM::Policy", Own: []string{"arn:{partition}:iam::{account}:role/{Roles}"},
	uses: map[string]use{
		"iam:GetRolePolicy":     {when: "Roles"},
		"iam:PutRolePolicy":     {when: "Roles"},
		"iam:DeleteRolePolicy":  {when: "Roles"},
		"iam:GetUserPolicy":     {when: "Users", on: "arn:{partition}:iam::{account}:user/{Users}"},
		"iam:PutUserPolicy":     {when: "Users", on: "arn:{partition}:iam::{account}:user/{Users}"},
		"iam:DeleteUserPolicy":  {when: "Users", on: "arn:{partition}:iam::{account}:user/{Users}"},
		"iam:GetGroupPolicy":    {when: "Groups", on: "arn:{partition}:iam::{account}:group/{Groups}"},
		"iam:PutGroupPolicy":    {when: "Groups", on: "arn:{partition}:iam::{account}:group/{Groups}"},
		"iam:DeleteGroupPolicy": {when: "Groups", on: "arn:{partition}:iam::{account}:group/{Groups}"},
	},
}}
