package logs

import (
	"encoding/json"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

var _ api.Checker = Provider{}

// Check implements api.Checker. A name that is not given or not known yet is
// left to Create.
func (p Provider) Check(raw json.RawMessage) error {
	want, days, err := decode(api.Known(raw, properties{}))
	if err != nil {
		return err
	}
	if name := want.LogGroupName; name != "" && !strings.Contains(name, api.NotYetKnown) {
		if _, err := groupName(api.Call{}, name, ""); err != nil {
			return err
		}
	}
	if days != 0 {
		if err := checkRetention(days); err != nil {
			return err
		}
	}
	return checkClass(want.LogGroupClass)
}
