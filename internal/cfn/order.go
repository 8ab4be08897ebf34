package cfn

import (
	"maps"
	"slices"
)

// Order sorts names so that each comes after all that it needs, otherwise
// alphabetically. A cycle, if there is one, is returned with its first name again
// at its end.
func Order(needs map[string][]string) (order, cycle []string) {
	done := map[string]bool{}
	var trail []string
	var visit func(name string) []string
	visit = func(name string) []string {
		if done[name] {
			return nil
		}
		if start := slices.Index(trail, name); start >= 0 {
			return append(slices.Clone(trail[start:]), name)
		}
		trail = append(trail, name)
		for _, need := range slices.Sorted(slices.Values(needs[name])) {
			if cycle := visit(need); cycle != nil {
				return cycle
			}
		}
		trail = trail[:len(trail)-1]
		done[name] = true
		order = append(order, name)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(needs)) {
		if cycle := visit(name); cycle != nil {
			return nil, cycle
		}
	}
	return order, nil
}
