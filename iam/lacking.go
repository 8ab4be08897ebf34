package iam

import "slices"

// Lacking are the condition keys, as the statements spell them, that a denial
// rests on and that the request doesn't have: those of the Deny that matched, or
// of the Allow statements that match but for such a key.
func (d Decision) Lacking() []string {
	var keys []string
	note := func(t conditionTest) {
		if t.have == nil && !t.undefined && !slices.Contains(keys, t.key) {
			keys = append(keys, t.key)
		}
	}
	if d.Allowed {
		return nil
	}
	for _, t := range d.held() {
		note(t)
	}
	for _, n := range d.near {
		if n.match.test != nil {
			note(*n.match.test)
		}
	}
	slices.Sort(keys)
	return keys
}
