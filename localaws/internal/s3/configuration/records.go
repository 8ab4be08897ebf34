package configuration

import (
	"encoding/xml"
	"maps"
)

// Metrics is one metrics configuration.
type Metrics struct {
	XMLName xml.Name       `xml:"MetricsConfiguration"`
	ID      string         `xml:"Id"`
	Filter  *metricsFilter `xml:",omitempty"`
}

type metricsFilter struct {
	Prefix string          `xml:",omitempty"`
	Tag    *Tag            `xml:",omitempty"`
	And    *replicationAnd `xml:",omitempty"`
}

// Identifier is what tells it from others of the bucket.
func (m *Metrics) Identifier() string { return m.ID }

// Apply implements Setting.
func (m *Metrics) Apply(b *Bucket) error {
	b.Metrics = with(b.Metrics, m.ID, *m)
	return nil
}

// with is the map with a value. It makes a new one: a copy of the configuration
// may hold the old.
func with[V any](m map[string]V, id string, v V) map[string]V {
	m = maps.Clone(m)
	if m == nil {
		m = map[string]V{}
	}
	m[id] = v
	return m
}
