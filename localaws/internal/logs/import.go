package logs

import (
	"maps"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Identifier implements api.ImportableType.
func (logGroupType) Identifier() string { return "LogGroupName" }

// Find implements api.ImportableType.
func (t logGroupType) Find(s api.StackContext, name string) (api.Resource, error) {
	if err := t.authorize(s.Call, "DescribeLogGroups", "", ""); err != nil {
		return api.Resource{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, err := t.find(s.Call, name); err != nil {
		return api.Resource{}, err
	}
	return resource(s.Call, name), nil
}

// Import adds the stack's tags to those of the group.
func (t logGroupType) Import(s api.StackContext, r api.Resource, _ properties) error {
	if len(s.Tags) == 0 {
		return nil
	}
	return t.onGroup(s.Call, "TagResource", r.PhysicalID, func(g *group) {
		if g.tags == nil {
			g.tags = map[string]string{}
		}
		maps.Copy(g.tags, s.Tags)
	})
}
