package configuration

import (
	"encoding/xml"
	"maps"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// Notification knows EventBridge only; topics, queues and functions are elements
// that it doesn't know, and are refused by name.
type Notification struct {
	XMLName     xml.Name  `xml:"NotificationConfiguration" json:"-"`
	EventBridge *struct{} `xml:"EventBridgeConfiguration,omitempty" json:"-"`
}

// Apply implements Setting.
func (n *Notification) Apply(b *Bucket) error {
	b.Notification = n
	return nil
}

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
	b.Metrics = With(b.Metrics, m.ID, *m)
	return nil
}

// With is the map with a value. It makes a new one: a copy of the configuration
// may hold the old.
func With[V any](m map[string]V, id string, v V) map[string]V {
	m = maps.Clone(m)
	if m == nil {
		m = map[string]V{}
	}
	m[id] = v
	return m
}

// Without is the map without a value.
func Without[V any](m map[string]V, id string) (map[string]V, error) {
	if _, ok := m[id]; !ok {
		return m, fault.With(api.Errorf(404, "NoSuchConfiguration", "The specified configuration does not exist."))
	}
	m = maps.Clone(m)
	delete(m, id)
	return m, nil
}
