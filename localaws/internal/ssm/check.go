package ssm

import (
	"encoding/json"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

var _ api.Checker = Provider{}

// Check implements api.Checker. A name that is not given or not known yet is
// left to Create.
func (p Provider) Check(raw json.RawMessage) error {
	var want properties
	if err := api.DecodeProperties(api.Known(raw, want), &want); err != nil {
		return err
	}
	if err := want.input().check(); err != nil {
		return err
	}
	name := want.Name
	if name == "" || strings.Contains(name, api.NotYetKnown) {
		name = "CFN"
	}
	return check(name, want.Type, want.Value)
}
