package cloudwatch

import (
	"cmp"
	"maps"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Record implements api.Metrics.
func (s *Service) Record(p api.Place, namespace string, data ...api.Datum) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range data {
		m := metric{Namespace: namespace, MetricName: d.Name}
		for _, name := range slices.Sorted(maps.Keys(d.Dimensions)) {
			m.Dimensions = append(m.Dimensions, dimension{name, d.Dimensions[name]})
		}
		s.add(m.key(p, cmp.Or(d.Unit, "None")), d.Time, point{count: 1, sum: d.Value, minimum: d.Value, maximum: d.Value})
	}
}
