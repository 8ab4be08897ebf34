package kms

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

var _ api.Importer = KeyProvider{}

// Identifier implements api.Importer.
func (KeyProvider) Identifier() string { return "KeyId" }

// Find is the account's own key of that id. One that waits for its deletion is
// refused: a stack would take over what is about to be gone.
func (p KeyProvider) Find(s api.StackContext, id string) (api.Resource, error) {
	out, err := p.Service.describeKey(s.Call, keyIDInput{id})
	if err != nil {
		return api.Resource{}, err
	}
	m := out.KeyMetadata
	switch {
	case m.KeyId != id:
		return api.Resource{}, validation("KeyId %s is no key id; the key's is %s", id, m.KeyId)
	case m.AWSAccountId != s.Account || m.KeyManager != "CUSTOMER":
		return api.Resource{}, validation("%s is no customer managed key of account %s", m.Arn, s.Account)
	case m.DeletionDate != 0:
		return api.Resource{}, api.Errorf(400, "KMSInvalidStateException", "%s is pending deletion.", m.Arn)
	}
	return keyResource(m), nil
}

// Import adds the stack's tags to those of the key, and keeps how long its
// deletion is to wait.
func (p KeyProvider) Import(s api.StackContext, r api.Resource, properties json.RawMessage) error {
	want, err := readKeyProperties(properties)
	if err != nil {
		return err
	}
	p.Service.setDeletionWindow(r.PhysicalID, want.PendingWindowInDays)
	if len(s.Tags) == 0 {
		return nil
	}
	in := tagResourceInput{KeyId: r.PhysicalID}
	for _, k := range slices.Sorted(maps.Keys(s.Tags)) {
		in.Tags = append(in.Tags, tag{k, s.Tags[k]})
	}
	_, err = p.Service.tagResource(s.Call, in)
	return err
}
