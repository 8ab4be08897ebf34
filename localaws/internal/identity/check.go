package identity

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// What CloudFormation can know of a resource to be wrong before it makes
// anything: properties, names, and the grammar of the policies.

var (
	_ api.Checker = RoleProvider{}
	_ api.Checker = PolicyProvider{}
	_ api.Checker = ManagedPolicyProvider{}
)

// Check implements api.Checker.
func (p RoleProvider) Check(raw json.RawMessage) error {
	t, err := decodeRole(api.StackContext{}, api.Known(raw, roleProperties{}))
	if err != nil {
		return err
	}
	if err := checkKnownName("RoleName", t.name, 64); err != nil {
		return err
	}
	if _, err := readTrust(knownText(t.trust)); err != nil {
		return api.At("AssumeRolePolicyDocument", err)
	}
	for _, name := range slices.Sorted(maps.Keys(t.inline)) {
		if _, err := identityPolicy(knownText(t.inline[name])); err != nil {
			return api.At("Policies, "+name, err)
		}
	}
	return nil
}

// Check implements api.Checker.
func (p PolicyProvider) Check(raw json.RawMessage) error {
	want, text, err := decodePolicy(api.Known(raw, policyProperties{}))
	if err != nil {
		return err
	}
	if err := checkKnownName("PolicyName", want.PolicyName, 128); err != nil {
		return err
	}
	if _, err := identityPolicy(knownText(text)); err != nil {
		return api.At("PolicyDocument", err)
	}
	return nil
}

// Check implements api.Checker.
func (p ManagedPolicyProvider) Check(raw json.RawMessage) error {
	want, text, err := decodeManaged(api.Known(raw, managedProperties{}))
	if err != nil {
		return err
	}
	if err := checkKnownName("ManagedPolicyName", want.ManagedPolicyName, 128); err != nil {
		return err
	}
	if _, err := managedDocument(knownText(text)); err != nil {
		return api.At("PolicyDocument", err)
	}
	return nil
}

func knownText(document string) string {
	return string(api.KnownPolicy(json.RawMessage(document)))
}

// checkKnownName takes a name that may be left out or not known yet.
func checkKnownName(property, name string, longest int) error {
	if name == "" || strings.Contains(name, api.NotYetKnown) {
		return nil
	}
	return checkName(property, name, longest)
}
