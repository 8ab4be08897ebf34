package kms

import (
	"maps"
	"slices"
	"strconv"

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
		AWSAccountId: k.place.account, Arn: k.arn, KeyId: k.id,
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

func (s *Service) describeKey(c api.Call, in keyIDInput) (describeKeyOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.find(c, "kms:DescribeKey", in.KeyId)
	if err != nil {
		return describeKeyOutput{}, err
	}
	if err := s.authorize(c, "kms:DescribeKey", t, nil); err != nil {
		return describeKeyOutput{}, err
	}
	return describeKeyOutput{t.key.metadata()}, nil
}

type pageInput struct {
	Limit  int
	Marker string
}

// page cuts a list to what was asked for. The marker is the index of the first
// item of the next page.
func page[T any](items []T, in pageInput) (cut []T, next string, err error) {
	start := 0
	if in.Marker != "" {
		start, err = strconv.Atoi(in.Marker)
		if err != nil || start < 0 || start > len(items) {
			return nil, "", api.Errorf(400, "InvalidMarkerException", "Could not deserialize marker '%s'", in.Marker)
		}
	}
	items = items[start:]
	if in.Limit > 0 && in.Limit < len(items) {
		return items[:in.Limit], strconv.Itoa(start + in.Limit), nil
	}
	return items, "", nil
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
		if k := s.keys[id]; k.place == (place{c.Account, c.Region}) {
			entries = append(entries, keyListEntry{k.arn, k.id})
		}
	}
	cut, next, err := page(entries, in)
	return listKeysOutput{cut, next, next != ""}, err
}
