package kms

import (
	"encoding/json"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

var (
	_ api.Checker = KeyProvider{}
	_ api.Checker = AliasProvider{}
)

// Check implements api.Checker.
func (p KeyProvider) Check(raw json.RawMessage) error {
	want, err := readKeyProperties(api.Known(raw, keyProperties{}))
	if err != nil {
		return err
	}
	in := createKeyInput{KeySpec: want.KeySpec, KeyUsage: want.KeyUsage, MultiRegion: want.MultiRegion}
	if err := in.check(); err != nil {
		return err
	}
	if want.KeyPolicy == nil {
		return nil
	}
	if _, err := readPolicy(string(api.KnownPolicy(want.KeyPolicy))); err != nil {
		return api.At("KeyPolicy", err)
	}
	return nil
}

// Check implements api.Checker.
func (p AliasProvider) Check(raw json.RawMessage) error {
	var want aliasInput
	if err := api.DecodeProperties(api.Known(raw, want), &want); err != nil {
		return err
	}
	if strings.Contains(want.AliasName, api.NotYetKnown) {
		return nil
	}
	return checkAliasName(want.AliasName)
}
