package kms

import (
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// aliasType makes AWS::KMS::Alias. Ref is the alias name.
//
// Source: CloudFormation template reference, AWS::KMS::Alias.
type aliasType struct{ *Service }

func (t aliasType) Create(s api.StackContext, _ string, want aliasInput) (api.Resource, error) {
	if _, err := t.createAlias(s.Call, want); err != nil {
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: want.AliasName}, nil
}

// Update points the alias at another key, or makes a new alias for a new name.
func (t aliasType) Update(s api.StackContext, logicalID string, r api.Resource, _, want aliasInput) (api.Resource, error) {
	if want.AliasName != r.PhysicalID {
		return t.Create(s, logicalID, want)
	}
	if _, err := t.updateAlias(s.Call, want); err != nil {
		return api.Resource{}, err
	}
	return r, nil
}

// Delete removes the alias; its key stays.
func (t aliasType) Delete(s api.StackContext, r api.Resource) error {
	_, err := t.deleteAlias(s.Call, deleteAliasInput{r.PhysicalID})
	return api.Ignore(err, "NotFoundException")
}

func (t aliasType) Check(want aliasInput) error {
	if strings.Contains(want.AliasName, api.NotYetKnown) {
		return nil
	}
	return checkAliasName(want.AliasName)
}
