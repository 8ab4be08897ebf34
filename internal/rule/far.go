package rule

import (
	"slices"

	"github.com/s3seal/s3seal/internal/template"
)

// far are the types whose resources may open or limit what any stack makes: for
// all of an account, or for whom no template names.
var far = []string{
	"AWS::LakeFormation::Permissions", "AWS::LakeFormation::PrincipalPermissions", "AWS::LakeFormation::Resource",
	"AWS::Organizations::Policy", "AWS::RAM::ResourceShare",
	"AWS::S3::AccessGrant", "AWS::S3::AccessGrantsLocation", "AWS::S3Files::FileSystem",
	"AWS::SSO::Assignment", "AWS::SSO::PermissionSet",
}

// given are the properties by which a resource names what it gives a policy to.
// Where they can't be read, that may be anything of the account.
var given = map[string][]string{
	"AWS::IAM::GroupPolicy":               {"GroupName"},
	"AWS::IAM::ManagedPolicy":             {"Groups", "Roles", "Users"},
	"AWS::IAM::Policy":                    {"Groups", "Roles", "Users"},
	"AWS::IAM::RolePolicy":                {"RoleName"},
	"AWS::IAM::User":                      {"Groups"},
	"AWS::IAM::UserPolicy":                {"UserName"},
	"AWS::IAM::UserToGroupAddition":       {"GroupName", "Users"},
	"AWS::KMS::Alias":                     {"AliasName"},
	"AWS::Lambda::Permission":             {"FunctionName"},
	"AWS::Lambda::Url":                    {"TargetFunctionArn"},
	"AWS::S3::BucketPolicy":               {"Bucket"},
	"AWS::SecretsManager::ResourcePolicy": {"SecretId"},
}

// reachesFar says whether a resource may change what any other stack makes. What
// refers to a resource of its own stack doesn't.
func reachesFar(r *template.Resource) bool {
	if slices.Contains(far, r.Type) {
		return true
	}
	if _, nested := r.Metadata["aws:asset:path"]; nested && r.Type == "AWS::CloudFormation::Stack" {
		return true // its template is read with the stack
	}
	return slices.ContainsFunc(given[r.Type], func(name string) bool {
		v := r.Properties().Get(name)
		if exists, err := v.Exists(); err == nil && !exists {
			return false
		}
		_, err := v.Resolve()
		return err != nil && !ofOwnStack(r, r.RawProperties[name])
	})
}

// ofOwnStack says whether all of a value refers to resources of the stack. A
// reference whose name isn't known is the resource's all the same.
func ofOwnStack(r *template.Resource, v any) bool {
	if list, ok := v.([]any); ok {
		return !slices.ContainsFunc(list, func(e any) bool { return !ofOwnStack(r, e) })
	}
	ref, _ := v.(map[string]any)
	id, ok := ref["Ref"].(string)
	return ok && r.Stack().Resource(id) != nil
}
