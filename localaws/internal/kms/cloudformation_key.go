package kms

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// keyProperties are the properties of AWS::KMS::Key.
type keyProperties struct {
	Description                    string
	KeyPolicy                      json.RawMessage
	EnableKeyRotation              bool
	RotationPeriodInDays           *int
	KeySpec, KeyUsage              string
	Enabled                        *bool
	PendingWindowInDays            *int
	MultiRegion                    bool
	BypassPolicyLockoutSafetyCheck bool
	Tags                           []struct{ Key, Value string }
}

func (p keyProperties) enabled() bool { return p.Enabled == nil || *p.Enabled }

// tagsOf are the tags of the resource with those of the stack.
func (p keyProperties) tagsOf(s api.StackContext) map[string]string {
	tags := maps.Clone(s.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	for _, t := range p.Tags {
		tags[t.Key] = t.Value
	}
	return tags
}

func readKeyProperties(raw json.RawMessage) (p keyProperties, err error) {
	if err = api.DecodeProperties(raw, &p); err != nil {
		return p, err
	}
	if string(p.KeyPolicy) == "null" {
		p.KeyPolicy = nil
	}
	if p.PendingWindowInDays != nil {
		err = checkDeletionWindow(*p.PendingWindowInDays)
	}
	if err == nil && p.RotationPeriodInDays != nil {
		err = checkRotationPeriod(*p.RotationPeriodInDays)
	}
	return p, err
}

// KeyProvider makes AWS::KMS::Key. Ref is the key id; Arn and KeyId are the
// attributes.
//
// Source: CloudFormation template reference, AWS::KMS::Key.
type KeyProvider struct{ Service *Service }

var _ api.Provider = KeyProvider{}

// Create makes the key and then rotation and state; if a step fails, the key
// goes again at once, for nothing can have been encrypted under it.
func (p KeyProvider) Create(_ context.Context, s api.StackContext, _ string, properties json.RawMessage) (api.Resource, error) {
	want, err := readKeyProperties(properties)
	if err != nil {
		return api.Resource{}, err
	}
	in := createKeyInput{
		Description: want.Description, KeySpec: want.KeySpec, KeyUsage: want.KeyUsage, Policy: string(want.KeyPolicy),
		MultiRegion: want.MultiRegion, BypassPolicyLockoutSafetyCheck: want.BypassPolicyLockoutSafetyCheck,
	}
	tags := want.tagsOf(s)
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		in.Tags = append(in.Tags, tag{k, tags[k]})
	}
	out, err := p.Service.createKey(s.Call, in)
	if err != nil {
		return api.Resource{}, err
	}
	id := out.KeyMetadata.KeyId
	p.Service.setDeletionWindow(id, want.PendingWindowInDays)
	if want.EnableKeyRotation {
		_, err = p.Service.enableKeyRotation(s.Call, enableKeyRotationInput{id, want.RotationPeriodInDays})
	}
	if err == nil && !want.enabled() {
		_, err = p.Service.disableKey(s.Call, keyIDInput{id})
	}
	if err != nil {
		p.Service.mu.Lock()
		delete(p.Service.keys, id)
		p.Service.mu.Unlock()
		return api.Resource{}, err
	}
	return keyResource(out.KeyMetadata), nil
}

func keyResource(m keyMetadata) api.Resource {
	return api.Resource{PhysicalID: m.KeyId, Attributes: map[string]string{"Arn": m.Arn, "KeyId": m.KeyId}}
}

// Update changes the key in place. What can't be changed fails the update, so
// that a key is never replaced by mistake.
func (p KeyProvider) Update(_ context.Context, s api.StackContext, _ string, r api.Resource, before, after json.RawMessage) (api.Resource, error) {
	old, err := readKeyProperties(before)
	if err != nil {
		return api.Resource{}, err
	}
	want, err := readKeyProperties(after)
	if err != nil {
		return api.Resource{}, err
	}
	if err := p.Service.update(s, r.PhysicalID, old, want); err != nil {
		return api.Resource{}, err
	}
	return r, nil
}

func (s *Service) update(st api.StackContext, id string, old, want keyProperties) error {
	c := st.Call
	if err := (createKeyInput{KeySpec: want.KeySpec, KeyUsage: want.KeyUsage, MultiRegion: want.MultiRegion}).check(); err != nil {
		return err
	}
	rotationChanges := old.EnableKeyRotation != want.EnableKeyRotation || !equal(old.RotationPeriodInDays, want.RotationPeriodInDays)
	if rotationChanges && !want.enabled() {
		return validation("You cannot modify the EnableKeyRotation property when the Enabled property is set to false. Set Enabled to true to modify the EnableKeyRotation property.")
	}
	var steps []func() error
	step := func(f func() error) { steps = append(steps, f) }
	if want.enabled() && !old.enabled() {
		step(func() error { _, err := s.enableKey(c, keyIDInput{id}); return err })
	}
	switch {
	case rotationChanges && want.EnableKeyRotation:
		step(func() error {
			_, err := s.enableKeyRotation(c, enableKeyRotationInput{id, want.RotationPeriodInDays})
			return err
		})
	case rotationChanges && old.EnableKeyRotation:
		step(func() error { _, err := s.disableKeyRotation(c, keyIDInput{id}); return err })
	}
	if old.Description != want.Description {
		step(func() error {
			_, err := s.updateKeyDescription(c, updateKeyDescriptionInput{id, want.Description})
			return err
		})
	}
	if string(old.KeyPolicy) != string(want.KeyPolicy) {
		step(func() error { return s.updatePolicy(c, id, want) })
	}
	step(func() error { return s.updateTags(c, id, want.tagsOf(st)) })
	if !want.enabled() && old.enabled() {
		step(func() error { _, err := s.disableKey(c, keyIDInput{id}); return err })
	}
	for _, f := range steps {
		if err := f(); err != nil {
			return err
		}
	}
	s.setDeletionWindow(id, want.PendingWindowInDays)
	return nil
}

func (s *Service) updatePolicy(c api.Call, id string, want keyProperties) error {
	text := string(want.KeyPolicy)
	if text == "" {
		var err error
		if text, err = policyJSON(defaultPolicy(c.Account)); err != nil {
			return err
		}
	}
	_, err := s.putKeyPolicy(c, putKeyPolicyInput{KeyId: id, Policy: text, BypassPolicyLockoutSafetyCheck: want.BypassPolicyLockoutSafetyCheck})
	return err
}

// updateTags makes the tags of the key those that are wanted.
func (s *Service) updateTags(c api.Call, id string, want map[string]string) error {
	s.mu.Lock()
	var have map[string]string
	if k := s.keys[id]; k != nil {
		have = maps.Clone(k.tags)
	}
	s.mu.Unlock()
	var gone []string
	for k := range have {
		if _, ok := want[k]; !ok {
			gone = append(gone, k)
		}
	}
	if len(gone) > 0 {
		slices.Sort(gone)
		if _, err := s.untagResource(c, untagResourceInput{id, gone}); err != nil {
			return err
		}
	}
	var changed []tag
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if v, ok := have[k]; !ok || v != want[k] {
			changed = append(changed, tag{k, want[k]})
		}
	}
	if len(changed) == 0 {
		return nil
	}
	_, err := s.tagResource(c, tagResourceInput{id, changed})
	return err
}

// Delete schedules the deletion of the key, after the PendingWindowInDays of
// its stack.
func (p KeyProvider) Delete(_ context.Context, s api.StackContext, _ string, r api.Resource) error {
	p.Service.mu.Lock()
	p.Service.settle()
	k := p.Service.keys[r.PhysicalID]
	var in scheduleKeyDeletionInput
	gone := k == nil || !k.deletion.IsZero()
	if !gone && k.deletionWindow > 0 {
		days := k.deletionWindow
		in.PendingWindowInDays = &days
	}
	p.Service.mu.Unlock()
	if gone {
		return nil
	}
	in.KeyId = r.PhysicalID
	_, err := p.Service.scheduleKeyDeletion(s.Call, in)
	return err
}

func (s *Service) setDeletionWindow(id string, days *int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := s.keys[id]; k != nil {
		k.deletionWindow = 0
		if days != nil {
			k.deletionWindow = *days
		}
	}
}

func equal(a, b *int) bool { return a == b || a != nil && b != nil && *a == *b }
