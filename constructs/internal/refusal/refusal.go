// Package refusal ends a synthesis that would not make what was asked for.
package refusal

import (
	"fmt"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
)

// Check panics, as the CDK's own constructs do, if any of the faults of a
// construct to be isn't "": with a line for each that begins with the kind of
// construct and its path, such as "bucket dev-buckets/SseS3".
func Check(kind string, scope constructs.Construct, id string, faults ...string) {
	var lines []string
	for _, fault := range faults {
		if fault != "" {
			lines = append(lines, strings.Split(fault, "\n")...)
		}
	}
	if lines == nil {
		return
	}
	at := fmt.Sprintf("%s %s/%s: ", kind, *scope.Node().Path(), id)
	panic(at + strings.Join(lines, "\n"+at))
}

// Missing is the fault of a required prop that is its zero value, or "".
func Missing[T comparable](prop string, value T, instead string) string {
	var zero T
	if value != zero {
		return ""
	}
	return fmt.Sprintf("no %s: set it to %s", prop, instead)
}

// Range is the fault of a number outside of lowest to highest, or "".
func Range(prop string, n, lowest, highest int) string {
	if n >= lowest && n <= highest {
		return ""
	}
	return fmt.Sprintf("%s %d: write %d to %d", prop, n, lowest, highest)
}

// OneOf is the fault of a prop whose value isn't among those that there are, or
// "".
func OneOf[T ~string](prop string, value T, list ...T) string {
	var words []string
	for _, v := range list {
		if v == value {
			return ""
		}
		words = append(words, string(v))
	}
	return fmt.Sprintf("%s %q: write one of %s", prop, value, strings.Join(words, ", "))
}
