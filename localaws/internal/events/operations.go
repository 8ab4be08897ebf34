package events

import "github.com/s3seal/s3seal/localaws/internal/api"

// operations are all that there are; any other is refused by name.
//
// Source: Amazon EventBridge API reference, the pages of these names.
func (s *Service) operations() map[string]api.JSONOperation {
	return map[string]api.JSONOperation{
		"DeleteRule":        api.JSON(s.deleteRule),
		"DescribeRule":      api.JSON(s.describeRule),
		"DisableRule":       api.JSON(s.disableRule),
		"EnableRule":        api.JSON(s.enableRule),
		"ListRules":         api.JSON(s.listRules),
		"ListTargetsByRule": api.JSON(s.listTargets),
		"PutRule":           api.JSON(s.putRule),
		"PutTargets":        api.JSON(s.putTargets),
		"RemoveTargets":     api.JSON(s.removeTargets),
	}
}
