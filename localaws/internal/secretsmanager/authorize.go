package secretsmanager

import (
	"maps"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// authorize decides an action on a secret by its resource policy and the
// caller's policies. extra holds the condition keys of the operation.
//
// Source: service authorization reference, list_awssecretsmanager.
func (s *Service) authorize(c api.Call, action string, x *secret, extra map[string]iam.Strings) error {
	keys := map[string]iam.Strings{
		"secretsmanager:SecretId":            {x.arn},
		"secretsmanager:SecretPrimaryRegion": {x.place.Region},
	}
	if x.rotation.function != "" {
		keys["secretsmanager:resource/AllowRotationLambdaArn"] = iam.Strings{x.rotation.function}
	}
	for k, v := range x.tags {
		keys["aws:ResourceTag/"+k] = iam.Strings{v}
		keys["secretsmanager:ResourceTag/"+k] = iam.Strings{v}
	}
	maps.Copy(keys, extra)
	return s.opt.Authorizer.Authorize(c, api.Access{
		Action: "secretsmanager:" + action, Resource: x.arn, ResourceAccount: x.place.Account, Context: keys, Policy: x.policy,
	})
}

// authorizeNoSecret decides an action that is on no secret in particular.
func (s *Service) authorizeNoSecret(c api.Call, action string) error {
	return s.opt.Authorizer.Authorize(c, api.Access{Action: "secretsmanager:" + action, Resource: "*", ResourceAccount: c.Account})
}

// given are the condition keys of parameters, each a name with a value; those
// that the request doesn't have, whose value is empty, are left out.
func given(pairs ...string) map[string]iam.Strings {
	keys := map[string]iam.Strings{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			keys["secretsmanager:"+pairs[i]] = iam.Strings{pairs[i+1]}
		}
	}
	return keys
}
