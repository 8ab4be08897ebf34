package kms

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// AliasProvider makes AWS::KMS::Alias. Ref is the alias name.
//
// Source: CloudFormation template reference, AWS::KMS::Alias.
type AliasProvider struct{ Service *Service }

var _ api.Provider = AliasProvider{}

// Create makes the alias.
func (p AliasProvider) Create(_ context.Context, s api.StackContext, _ string, properties json.RawMessage) (api.Resource, error) {
	var in aliasInput
	if err := api.DecodeProperties(properties, &in); err != nil {
		return api.Resource{}, err
	}
	if _, err := p.Service.createAlias(s.Call, in); err != nil {
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: in.AliasName}, nil
}

// Update points the alias at another key, or makes a new alias for a new name.
func (p AliasProvider) Update(ctx context.Context, s api.StackContext, logicalID string, r api.Resource, _, after json.RawMessage) (api.Resource, error) {
	var in aliasInput
	if err := api.DecodeProperties(after, &in); err != nil {
		return api.Resource{}, err
	}
	if in.AliasName != r.PhysicalID {
		return p.Create(ctx, s, logicalID, after)
	}
	if _, err := p.Service.updateAlias(s.Call, in); err != nil {
		return api.Resource{}, err
	}
	return r, nil
}

// Delete removes the alias; its key stays.
func (p AliasProvider) Delete(_ context.Context, s api.StackContext, _ string, r api.Resource) error {
	_, err := p.Service.deleteAlias(s.Call, deleteAliasInput{r.PhysicalID})
	var e *api.Error
	if errors.As(err, &e) && e.Code == "NotFoundException" {
		return nil
	}
	return err
}
