package cloudformation

import (
	"maps"
	"slices"
)

// Operations are the names of all operations.
func (s *Service) Operations() []string { return slices.Sorted(maps.Keys(operations)) }

// Types are the resource types that a stack may have, the recorded ones too.
func (s *Service) Types() []string { return slices.Sorted(maps.Keys(s.providers)) }
