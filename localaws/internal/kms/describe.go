package kms

import (
	"maps"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// keyMetadata is KeyMetadata of the API reference.
type keyMetadata struct {
	AWSAccountId, Arn, KeyId       string
	CreationDate                   float64
	CustomerMasterKeySpec, KeySpec string
	DeletionDate                   float64 `json:",omitempty"`
	Description                    string
	Enabled                        bool
	EncryptionAlgorithms           []string
	KeyManager, KeyState, KeyUsage string
	MultiRegion                    bool
	Origin                         string
}

func (k *key) metadata() keyMetadata {
	m := keyMetadata{
		AWSAccountId: k.place.Account, Arn: k.arn, KeyId: k.id,
		CreationDate:          api.EpochSeconds(k.created),
		CustomerMasterKeySpec: keySpec, KeySpec: keySpec,
		Description: k.description, Enabled: k.state() == "Enabled",
		EncryptionAlgorithms: []string{keySpec},
		KeyManager:           k.managedBy, KeyState: k.state(), KeyUsage: keyUsage,
		Origin: keyOrigin,
	}
	if !k.deletion.IsZero() {
		m.DeletionDate = api.EpochSeconds(k.deletion)
	}
	return m
}

type describeKeyOutput struct{ KeyMetadata keyMetadata }

func (s *Service) describeKey(c api.Call, in keyIDInput) (out describeKeyOutput, err error) {
	err = s.onKey(s.find, c, "kms:DescribeKey", in.KeyId, nil, func(k *key) error {
		out.KeyMetadata = k.metadata()
		return nil
	})
	return out, err
}

type pageInput struct {
	Limit  int
	Marker string
}

func page[T any](items []T, in pageInput) ([]T, string, error) {
	cut, next, ok := api.Page(items, in.Limit, in.Marker)
	if !ok {
		return nil, "", api.Errorf(400, "InvalidMarkerException", "Could not deserialize marker '%s'", in.Marker)
	}
	return cut, next, nil
}

type keyListEntry struct{ KeyArn, KeyId string }

type listKeysOutput struct {
	Keys       []keyListEntry
	NextMarker string `json:",omitempty"`
	Truncated  bool
}

func (s *Service) listKeys(c api.Call, in pageInput) (listKeysOutput, error) {
	if err := s.authorizeIdentity(c, "kms:ListKeys", "*", nil); err != nil {
		return listKeysOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	entries := []keyListEntry{}
	for _, id := range slices.Sorted(maps.Keys(s.keys)) {
		if k := s.keys[id]; k.place == c.Place() {
			entries = append(entries, keyListEntry{k.arn, k.id})
		}
	}
	cut, next, err := page(entries, in)
	return listKeysOutput{cut, next, next != ""}, err
}
