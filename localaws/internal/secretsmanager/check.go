package secretsmanager

import (
	"encoding/json"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

var (
	_ api.Checker = SecretProvider{}
	_ api.Checker = ResourcePolicyProvider{}
	_ api.Checker = RotationScheduleProvider{}
)

// Check implements api.Checker. A password is made and thrown away: rules that
// none can fulfil are found so.
func (p SecretProvider) Check(raw json.RawMessage) error {
	want, err := readSecretProperties(api.Known(raw, secretProperties{}))
	if err != nil {
		return err
	}
	if want.Name != "" && !unknown(&want.Name) && !nameForm.MatchString(want.Name) {
		return api.At("Name", invalidName())
	}
	rules := want.GenerateSecretString
	if rules == nil || unknown(rules.SecretStringTemplate) || unknown(rules.GenerateStringKey) {
		return nil
	}
	if _, err := rules.generate(); err != nil {
		return api.At("GenerateSecretString", err)
	}
	return nil
}

// Check implements api.Checker.
func (p ResourcePolicyProvider) Check(raw json.RawMessage) error {
	var want policyProperties
	if err := api.DecodeProperties(api.Known(raw, want), &want); err != nil {
		return err
	}
	if _, err := readPolicy(string(api.KnownPolicy(want.ResourcePolicy))); err != nil {
		return api.At("ResourcePolicy", err)
	}
	return nil
}

// Check implements api.Checker.
func (p RotationScheduleProvider) Check(raw json.RawMessage) error {
	var want scheduleProperties
	if err := api.DecodeProperties(api.Known(raw, want), &want); err != nil {
		return err
	}
	if r := want.RotationRules; r != nil && !unknown(r.ScheduleExpression) && !unknown(r.Duration) {
		if err := r.check(); err != nil {
			return api.At("RotationRules", err)
		}
	}
	return nil
}

func unknown(text *string) bool {
	return text != nil && strings.Contains(*text, api.NotYetKnown)
}
