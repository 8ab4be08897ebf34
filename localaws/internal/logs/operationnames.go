package logs

import (
	"maps"
	"slices"
)

// Operations are the names of all operations.
func (s *Service) Operations() []string { return slices.Sorted(maps.Keys(s.operations)) }
