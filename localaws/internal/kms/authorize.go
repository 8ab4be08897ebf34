package kms

import (
	"maps"
	"slices"
	"strconv"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// authorize decides an action on a key by its key policy and the caller's
// policies. extra holds the condition keys of the operation. s.mu is held.
func (s *Service) authorize(c api.Call, action string, t target, extra map[string]iam.Strings) error {
	k := t.key
	keys := map[string]iam.Strings{
		"kms:KeySpec":                {keySpec},
		"kms:KeyUsage":               {keyUsage},
		"kms:KeyOrigin":              {keyOrigin},
		"kms:CustomerMasterKeySpec":  {keySpec},
		"kms:CustomerMasterKeyUsage": {keyUsage},
		"kms:MultiRegion":            {"false"},
		"kms:ResourceAliases":        s.aliasesOf(k),
	}
	if t.alias != "" {
		keys["kms:RequestAlias"] = iam.Strings{t.alias}
	}
	for tag, value := range k.tags {
		keys["aws:ResourceTag/"+tag] = iam.Strings{value}
	}
	maps.Copy(keys, extra)
	return s.opt.Authorizer.Authorize(c, api.Access{
		Action: action, Resource: k.arn, ResourceAccount: k.place.Account, Context: keys,
		Policy: &iam.Source{Name: "key policy of " + k.arn, Document: k.policy},
	})
}

// authorizeIdentity decides an action that no key policy has a say in: on an
// alias, or on no resource at all ("*").
func (s *Service) authorizeIdentity(c api.Call, action, resource string, keys map[string]iam.Strings) error {
	return s.opt.Authorizer.Authorize(c, api.Access{
		Action: action, Resource: resource, ResourceAccount: c.Account, Context: keys,
	})
}

// cryptographicKeys are the condition keys of a cryptographic operation.
//
// Source: KMS developer guide, conditions-kms (kms:EncryptionContext:context-key,
// kms:EncryptionContextKeys, kms:EncryptionAlgorithm).
func cryptographicKeys(context map[string]string) map[string]iam.Strings {
	keys := map[string]iam.Strings{"kms:EncryptionAlgorithm": {keySpec}}
	for k, v := range context {
		keys["kms:EncryptionContext:"+k] = iam.Strings{v}
	}
	if len(context) > 0 {
		keys["kms:EncryptionContextKeys"] = slices.Sorted(maps.Keys(context))
	}
	return keys
}

func boolKey(b bool) iam.Strings { return iam.Strings{strconv.FormatBool(b)} }
