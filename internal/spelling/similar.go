package spelling

import "strings"

// Similar returns the known words that begin with word or, if none does, the one
// that is the fewest edits away, if those are no more than a third.
func Similar[T ~string](word string, known []T) []T {
	if len(word) > 64 { // no name is that long, and the distance needs quadratic time
		return nil
	}
	word = strings.ToLower(word)
	var best []T
	least := max(1, len(word)/3) + 1
	for _, k := range known {
		n := Distance(word, strings.ToLower(string(k)))
		if len(word) >= 3 && strings.HasPrefix(strings.ToLower(string(k)), word) {
			n = -1
		}
		switch {
		case n < least:
			best, least = []T{k}, n
		case n < 0:
			best = append(best, k)
		}
	}
	return best
}
