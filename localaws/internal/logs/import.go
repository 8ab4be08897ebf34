package logs

import (
	"encoding/json"
	"maps"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

var _ api.Importer = Provider{}

// Identifier implements api.Importer.
func (Provider) Identifier() string { return "LogGroupName" }

// Find implements api.Importer.
func (p Provider) Find(s api.StackContext, name string) (api.Resource, error) {
	if err := p.service.authorize(s.Call, "DescribeLogGroups", "", ""); err != nil {
		return api.Resource{}, err
	}
	p.service.mu.Lock()
	defer p.service.mu.Unlock()
	if _, err := p.service.find(s.Call, name); err != nil {
		return api.Resource{}, err
	}
	return resource(s.Call, name), nil
}

// Import adds the stack's tags to those of the group.
func (p Provider) Import(s api.StackContext, r api.Resource, _ json.RawMessage) error {
	if len(s.Tags) == 0 {
		return nil
	}
	return p.service.onGroup(s.Call, "TagResource", r.PhysicalID, func(g *group) {
		if g.tags == nil {
			g.tags = map[string]string{}
		}
		maps.Copy(g.tags, s.Tags)
	})
}
