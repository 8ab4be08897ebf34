package kms

import (
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// keyProperties are the properties of AWS::KMS::Key.
type keyProperties struct {
	Description                    string
	KeyPolicy                      api.Policy
	EnableKeyRotation              bool
	RotationPeriodInDays           *int
	KeySpec, KeyUsage              string
	Enabled                        *bool
	PendingWindowInDays            *int
	MultiRegion                    bool
	BypassPolicyLockoutSafetyCheck bool
	Tags                           []api.Tag
}

func (p keyProperties) enabled() bool { return p.Enabled == nil || *p.Enabled }

// input is the CreateKey request for the properties, without policy and tags.
func (p keyProperties) input() createKeyInput {
	return createKeyInput{
		Description: p.Description, KeySpec: p.KeySpec, KeyUsage: p.KeyUsage, MultiRegion: p.MultiRegion,
		BypassPolicyLockoutSafetyCheck: p.BypassPolicyLockoutSafetyCheck,
	}
}

// Validate implements api.Validator.
func (p *keyProperties) Validate() error {
	if p.PendingWindowInDays != nil {
		if err := checkDeletionWindow(*p.PendingWindowInDays); err != nil {
			return err
		}
	}
	if p.RotationPeriodInDays != nil {
		if err := checkRotationPeriod(*p.RotationPeriodInDays); err != nil {
			return err
		}
	}
	return p.input().check()
}

// keyType makes AWS::KMS::Key. Ref is the key id; Arn and KeyId are the
// attributes.
//
// Source: CloudFormation template reference, AWS::KMS::Key.
type keyType struct{ *Service }

func (t keyType) Check(want keyProperties) error {
	if want.KeyPolicy == "" {
		return nil
	}
	if _, err := readPolicy(want.KeyPolicy.Known()); err != nil {
		return api.At("KeyPolicy", err)
	}
	return nil
}

// Create makes the key and then rotation and state; if a step fails, the key
// goes again at once, for nothing can have been encrypted under it.
func (t keyType) Create(s api.StackContext, _ string, want keyProperties) (api.Resource, error) {
	in := want.input()
	in.Policy, in.Tags = string(want.KeyPolicy), kmsTags(api.TagList(s.WithTags(want.Tags)))
	out, err := t.createKey(s.Call, in)
	if err != nil {
		return api.Resource{}, err
	}
	id := out.KeyMetadata.KeyId
	t.setDeletionWindow(id, want.PendingWindowInDays)
	if want.EnableKeyRotation {
		_, err = t.enableKeyRotation(s.Call, enableKeyRotationInput{id, want.RotationPeriodInDays})
	}
	if err == nil && !want.enabled() {
		_, err = t.disableKey(s.Call, keyIDInput{id})
	}
	if err != nil {
		t.mu.Lock()
		delete(t.keys, id)
		t.mu.Unlock()
		return api.Resource{}, err
	}
	return keyResource(out.KeyMetadata), nil
}

func keyResource(m keyMetadata) api.Resource {
	return api.Resource{PhysicalID: m.KeyId, Attributes: map[string]string{"Arn": m.Arn, "KeyId": m.KeyId}}
}

// Update changes the key in place. What can't be changed fails the update, so
// that a key is never replaced by mistake.
func (t keyType) Update(s api.StackContext, _ string, r api.Resource, old, want keyProperties) (api.Resource, error) {
	c, id := s.Call, r.PhysicalID
	rotationChanges := old.EnableKeyRotation != want.EnableKeyRotation || !equal(old.RotationPeriodInDays, want.RotationPeriodInDays)
	if rotationChanges && !want.enabled() {
		return api.Resource{}, validation("You cannot modify the EnableKeyRotation property when the Enabled property is set to false. Set Enabled to true to modify the EnableKeyRotation property.")
	}
	var err error
	step := func(wanted bool, f func() (empty, error)) {
		if wanted && err == nil {
			_, err = f()
		}
	}
	step(want.enabled() && !old.enabled(), func() (empty, error) { return t.enableKey(c, keyIDInput{id}) })
	step(rotationChanges && want.EnableKeyRotation, func() (empty, error) {
		return t.enableKeyRotation(c, enableKeyRotationInput{id, want.RotationPeriodInDays})
	})
	step(rotationChanges && old.EnableKeyRotation && !want.EnableKeyRotation, func() (empty, error) {
		return t.disableKeyRotation(c, keyIDInput{id})
	})
	step(old.Description != want.Description, func() (empty, error) {
		return t.updateKeyDescription(c, updateKeyDescriptionInput{id, want.Description})
	})
	step(old.KeyPolicy != want.KeyPolicy, func() (empty, error) { return t.updatePolicy(c, id, want) })
	step(true, func() (empty, error) { return empty{}, t.updateTags(c, id, s.WithTags(want.Tags)) })
	step(!want.enabled() && old.enabled(), func() (empty, error) { return t.disableKey(c, keyIDInput{id}) })
	if err != nil {
		return api.Resource{}, err
	}
	t.setDeletionWindow(id, want.PendingWindowInDays)
	return r, nil
}

func (t keyType) updatePolicy(c api.Call, id string, want keyProperties) (empty, error) {
	text := string(want.KeyPolicy)
	if text == "" {
		var err error
		if text, err = policyJSON(defaultPolicy(c.Account)); err != nil {
			return empty{}, err
		}
	}
	return t.putKeyPolicy(c, putKeyPolicyInput{KeyId: id, Policy: text, BypassPolicyLockoutSafetyCheck: want.BypassPolicyLockoutSafetyCheck})
}

// updateTags makes the tags of the key those that are wanted.
func (t keyType) updateTags(c api.Call, id string, want map[string]string) error {
	var have map[string]string
	t.mu.Lock()
	if k := t.keys[id]; k != nil {
		have = k.tags
	}
	t.mu.Unlock()
	return api.Retag(have, want,
		func(tags []api.Tag) error {
			_, err := t.tagResource(c, tagResourceInput{id, kmsTags(tags)})
			return err
		},
		func(keys []string) error { _, err := t.untagResource(c, untagResourceInput{id, keys}); return err })
}

// Delete schedules the deletion of the key, after the PendingWindowInDays of
// its stack.
func (t keyType) Delete(s api.StackContext, r api.Resource) error {
	in := scheduleKeyDeletionInput{KeyId: r.PhysicalID}
	t.mu.Lock()
	t.settle()
	k := t.keys[r.PhysicalID]
	gone := k == nil || !k.deletion.IsZero()
	if !gone && k.deletionWindow > 0 {
		days := k.deletionWindow
		in.PendingWindowInDays = &days
	}
	t.mu.Unlock()
	if gone {
		return nil
	}
	_, err := t.scheduleKeyDeletion(s.Call, in)
	return err
}

func (t keyType) setDeletionWindow(id string, days *int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if k := t.keys[id]; k != nil {
		k.deletionWindow = 0
		if days != nil {
			k.deletionWindow = *days
		}
	}
}

func equal(a, b *int) bool { return a == b || a != nil && b != nil && *a == *b }
