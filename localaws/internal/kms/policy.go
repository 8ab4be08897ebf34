package kms

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/problem"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// policyName is the only name that a key policy can have.
const policyName = "default"

// maxPolicy is the size of a key policy, in bytes.
//
// Source: API reference, PutKeyPolicy.
const maxPolicy = 32768

// defaultPolicy is what a key gets that is made without a policy: all to the
// account, which gives it on by identity policies.
//
// Source: KMS developer guide, key-policy-default.
func defaultPolicy(account string) iam.Document {
	return iam.Document{Version: iam.Version, ID: "key-default-1", Statement: []iam.Statement{{
		Sid: "Enable IAM User Permissions", Effect: iam.Allow,
		Principal: &iam.Principal{AWS: iam.Strings{api.ARN("iam", "", account, "root")}},
		Action:    iam.Strings{"kms:*"}, Resource: iam.Strings{"*"},
	}}}
}

// checkPolicy reads a key policy and refuses what KMS refuses, such as principals
// that don't exist.
//
// Source: API reference, PutKeyPolicy, parameter Policy.
func (s *Service) checkPolicy(text string) (iam.Document, error) {
	policy, err := readPolicy(text)
	if err != nil {
		return iam.Document{}, err
	}
	if p := api.InvalidPrincipal(s.opt.Principals, policy); p != "" {
		return iam.Document{}, api.NoPrincipal(malformedPolicy("Policy contains a statement with one or more invalid principals."), p)
	}
	return policy, nil
}

// readPolicy is checkPolicy without the question who exists. A statement without a
// Resource is accepted, and has no effect. One without an Action is refused here;
// on AWS it has none either.
//
// Source: API reference, PutKeyPolicy, parameter Policy.
func readPolicy(text string) (iam.Document, error) {
	if len(text) > maxPolicy {
		return iam.Document{}, api.Errorf(http.StatusBadRequest, "LimitExceededException", "The key policy is longer than %d bytes.", maxPolicy)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r", r) || r > 'ÿ' }) || text == "" {
		return iam.Document{}, api.Errorf(http.StatusBadRequest, "ValidationException",
			`1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u00FF]+`)
	}
	policy, err := problem.Read([]byte(text), problem.Subject{Kind: problem.Key})
	if err != nil {
		return iam.Document{}, api.RefusedPolicy(http.StatusBadRequest, "MalformedPolicyDocumentException", err)
	}
	policy.Statement = slices.DeleteFunc(policy.Statement, func(s iam.Statement) bool { return len(s.Resource)+len(s.NotResource) == 0 })
	return policy, nil
}

// checkLockout refuses a policy under which the caller could not put the next
// one. The documents ask that "the key policy must allow the caller to make a
// subsequent PutKeyPolicy request" and leave open whether a statement for the
// whole account is enough by itself; here the caller must really be allowed,
// by key policy and identity policies together. s.mu is held.
//
// Source: API reference, PutKeyPolicy, BypassPolicyLockoutSafetyCheck.
func (s *Service) checkLockout(c api.Call, k *key, policy iam.Document) error {
	next := *k
	next.policy = policy
	if s.authorize(c, "kms:PutKeyPolicy", target{key: &next}, bypassKey(false)) != nil {
		return malformedPolicy("The new key policy will not allow you to update the key policy in the future.")
	}
	return nil
}

func bypassKey(bypass bool) map[string]iam.Strings {
	return map[string]iam.Strings{"kms:BypassPolicyLockoutSafetyCheck": boolKey(bypass)}
}

func malformedPolicy(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "MalformedPolicyDocumentException", format, args...)
}

type putKeyPolicyInput struct {
	KeyId, PolicyName, Policy      string
	BypassPolicyLockoutSafetyCheck bool
}

func (s *Service) putKeyPolicy(c api.Call, in putKeyPolicyInput) (empty, error) {
	keys := bypassKey(in.BypassPolicyLockoutSafetyCheck)
	return empty{}, s.onOwnKey(c, "kms:PutKeyPolicy", in.KeyId, keys, func(k *key) error {
		if err := checkPolicyName(in.PolicyName); err != nil {
			return err
		}
		policy, err := s.checkPolicy(in.Policy)
		if err != nil {
			return err
		}
		if !in.BypassPolicyLockoutSafetyCheck {
			if err := s.checkLockout(c, k, policy); err != nil {
				return err
			}
		}
		k.policyText, k.policy = in.Policy, policy
		return nil
	})
}

func checkPolicyName(name string) error {
	if name != "" && name != policyName {
		return notFound("No such policy exists")
	}
	return nil
}

type getKeyPolicyInput struct{ KeyId, PolicyName string }

type getKeyPolicyOutput struct{ Policy, PolicyName string }

func (s *Service) getKeyPolicy(c api.Call, in getKeyPolicyInput) (out getKeyPolicyOutput, err error) {
	err = s.onOwnKey(c, "kms:GetKeyPolicy", in.KeyId, nil, func(k *key) error {
		out = getKeyPolicyOutput{k.policyText, policyName}
		return checkPolicyName(in.PolicyName)
	})
	return out, err
}

// policyJSON is a document as the text that GetKeyPolicy gives.
func policyJSON(d iam.Document) (string, error) {
	b, err := json.Marshal(d)
	return string(b), err
}
