package resourcetype

import (
	"maps"
	"slices"
	"strings"
)

// Meant is the type that a name which AWS doesn't have stands for: one with the
// same letters, or of the same service and with a slip in its own name. "" for a
// known name, and for one unlike all of them: AWS has far more types than are
// known here.
func Meant(name string) string {
	known := load().types
	if known[name] != nil || len(name) > longest {
		return ""
	}
	service := serviceOf(name)
	for _, k := range slices.Sorted(maps.Keys(known)) {
		same := digits(k) == digits(name) && letters(k) == letters(name)
		if same || serviceOf(k) == service && misspelt(name, k) {
			return k
		}
	}
	return ""
}

// serviceOf is "AWS::S3" of "AWS::S3::Bucket".
func serviceOf(name string) string { return name[:max(0, strings.LastIndex(name, "::"))] }
