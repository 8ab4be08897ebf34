package spelling

import "strings"

// Within is the known word that is the fewest edits away from word, in any case;
// "" if none is within so many. Of several it is the first.
func Within(word string, known []string, edits int) string {
	if len(word) > 200 {
		return "" // no name is that long, and the distance needs quadratic time
	}
	nearest, word := "", strings.ToLower(word)
	for _, k := range known {
		if len(k) > len(word)+edits || len(k) < len(word)-edits {
			continue
		}
		if d := Distance(word, strings.ToLower(k)); d <= edits {
			nearest, edits = k, d-1
		}
	}
	return nearest
}
