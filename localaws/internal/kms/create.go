package kms

import (
	"maps"
	"strconv"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

type createKeyInput struct {
	Description, KeySpec, CustomerMasterKeySpec, KeyUsage, Origin, Policy string
	MultiRegion, BypassPolicyLockoutSafetyCheck                           bool
	Tags                                                                  []tag
}

type createKeyOutput struct{ KeyMetadata keyMetadata }

// check refuses, by name, the kinds of keys that are not kept here.
func (in createKeyInput) check() error {
	for _, p := range []struct{ name, value, only string }{
		{"KeySpec", in.KeySpec, keySpec},
		{"CustomerMasterKeySpec", in.CustomerMasterKeySpec, keySpec},
		{"KeyUsage", in.KeyUsage, keyUsage},
		{"Origin", in.Origin, keyOrigin},
	} {
		if p.value != "" && p.value != p.only {
			return validation("the local AWS makes keys with %s %s only, not %s", p.name, p.only, p.value)
		}
	}
	if in.MultiRegion {
		return validation("the local AWS makes no keys with MultiRegion true")
	}
	return nil
}

func (s *Service) createKey(c api.Call, in createKeyInput) (createKeyOutput, error) {
	tags, err := newTags(in.Tags)
	if err != nil {
		return createKeyOutput{}, err
	}
	conditions := api.TagKeys(tags)
	maps.Copy(conditions, bypassKey(in.BypassPolicyLockoutSafetyCheck))
	maps.Copy(conditions, map[string]iam.Strings{
		"kms:KeySpec": {keySpec}, "kms:KeyUsage": {keyUsage}, "kms:KeyOrigin": {keyOrigin},
		"kms:CustomerMasterKeySpec": {keySpec}, "kms:CustomerMasterKeyUsage": {keyUsage},
		"kms:MultiRegion": {"false"},
	})
	if err := in.check(); err != nil {
		return createKeyOutput{}, err
	}
	if err := s.authorizeIdentity(c, "kms:CreateKey", "*", conditions); err != nil {
		return createKeyOutput{}, err
	}
	if len(tags) > 0 {
		if err := s.mayTagNew(c, conditions); err != nil {
			return createKeyOutput{}, err
		}
	}
	if in.Policy == "" {
		if in.Policy, err = policyJSON(defaultPolicy(c.Account)); err != nil {
			return createKeyOutput{}, err
		}
	}
	policy, err := s.checkPolicy(in.Policy)
	if err != nil {
		return createKeyOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.addKey(c.Place(), "CUSTOMER", in.Description, in.Policy, policy, tags)
	if !in.BypassPolicyLockoutSafetyCheck {
		if err := s.checkLockout(c, k, policy); err != nil {
			delete(s.keys, k.id)
			return createKeyOutput{}, err
		}
	}
	return createKeyOutput{k.metadata()}, nil
}

// mayTagNew asks for the tags of a key that isn't there yet: an identity policy must
// allow them, and not on particular keys only.
//
// Source: KMS developer guide, tag-permissions.
func (s *Service) mayTagNew(c api.Call, conditions map[string]iam.Strings) error {
	return s.opt.Authorizer.Authorize(c, api.Access{
		Action: "kms:TagResource", Resource: c.Place().ARN("kms", "key/"+api.UUID()), ResourceAccount: c.Account, Context: conditions,
		Policy: &iam.Source{Name: "no key policy yet", Document: defaultPolicy(c.Account)},
	})
}

func intKey(name string, n int) map[string]iam.Strings {
	return map[string]iam.Strings{name: {strconv.Itoa(n)}}
}
