package problem

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam/authorization"
)

// contradictions finds two conditions on a key with one value that are never
// fulfilled together.
func (c *checker) contradictions() {
	all := lines(c.statement)
	for i, a := range all {
		for _, b := range all[i+1:] {
			key, known := authorization.KeyNamed(a.key)
			if !known || key.Multivalued || !strings.EqualFold(a.key, b.key) {
				continue
			}
			if contradict(a, b) || contradict(b, a) {
				c.ignored(Contradiction, b.element(), "%s and %s of %s are never fulfilled together: %s", a.operator.name, b.operator.name, a.key, c.nothing())
			}
		}
	}
}

// contradict tells whether a excludes b: it wants the key to be missing, or other
// values than b has.
func contradict(a, b line) bool {
	if !mustHave(b) {
		return false
	}
	if a.operator.base == "Null" {
		return !slices.ContainsFunc(a.values, func(v string) bool { return !strings.EqualFold(v, "true") })
	}
	if !mustHave(a) || !exact(a) {
		return false
	}
	return !slices.ContainsFunc(a.values, func(v string) bool {
		return strings.Contains(v, "${") || slices.ContainsFunc(b.values, func(w string) bool { return agree(b.operator.base, w, v) })
	})
}

// mustHave: the condition wants the key, with one of its values.
func mustHave(l line) bool {
	return l.operator.set == "" && !l.operator.ifExists && !l.operator.negated() &&
		(strings.HasPrefix(l.operator.base, "String") || strings.HasPrefix(l.operator.base, "Arn"))
}

// exact: the values are compared whole, and in their case.
func exact(l line) bool {
	return l.operator.base == "StringEquals" ||
		l.operator.base != "StringEqualsIgnoreCase" && !slices.ContainsFunc(l.values, func(v string) bool { return strings.ContainsAny(v, "*?") })
}

// agree tells whether a value may fulfil the other condition: of one with wildcards
// only the text before them is compared.
func agree(base, pattern, value string) bool {
	wild := strings.IndexAny(pattern, "*?$")
	switch {
	case wild >= 0 && base != "StringEquals":
		return strings.HasPrefix(value, pattern[:wild])
	case base == "StringEqualsIgnoreCase":
		return strings.EqualFold(pattern, value)
	}
	return pattern == value || strings.Contains(pattern, "${")
}
