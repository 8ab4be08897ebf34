package problem

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/authorization"
)

// line is a condition: an operator, a key and its values.
type line struct {
	operator operator
	key      string
	values   iam.Strings
}

func (l line) element() string { return "Condition." + l.operator.name + "." + l.key }

// lines are the conditions of a statement in a stable order.
func lines(s *iam.Statement) []line {
	var list []line
	for _, name := range slices.Sorted(maps.Keys(s.Condition)) {
		for _, key := range slices.Sorted(maps.Keys(s.Condition[name])) {
			list = append(list, line{parseOperator(name), key, s.Condition[name][key]})
		}
	}
	return list
}

// withoutKey says what becomes of the statement if no request carries the key.
func (c *checker) withoutKey(l line) string {
	if l.operator.holdsWithout(l.values) {
		return c.everything()
	}
	return c.nothing()
}

// conditions finds keys that don't exist, or that requests for the statement's
// actions don't carry, and operators and values that don't fit them.
func (c *checker) conditions() {
	for _, l := range lines(c.statement) {
		key, known := authorization.KeyNamed(l.key)
		if !known {
			c.unknownKey(l)
			continue
		}
		c.inapplicableKey(l)
		c.unfit(l, key)
	}
}

// unknownKey is about a key that no service has. The keys of identity providers
// begin with a host, and are theirs.
//
// Source: IAM user guide, access-analyzer-reference-policy-checks, "Invalid
// global condition key" and "Invalid service condition key". That S3 accepts any
// key that begins with "aws:" says scality/Arsenal, which copies S3.
func (c *checker) unknownKey(l line) {
	prefix, _, _ := strings.Cut(l.key, ":")
	if strings.ContainsAny(prefix, "./") || strings.Contains(l.key, "${") {
		return
	}
	var names []string
	for _, k := range authorization.Keys() {
		if p, _, _ := strings.Cut(k.Name, ":"); strings.EqualFold(p, prefix) {
			names = append(names, k.Name)
		}
	}
	near := suggest(l.key, names, 2)
	if len(names) == 0 {
		all := make([]string, 0, 2000)
		for _, k := range authorization.Keys() {
			all = append(all, k.Name)
		}
		near = suggest(l.key, all, 2)
	}
	text := fmt.Sprintf("no condition key %s is known by %s; where no request carries it, %s", l.key, authorization.Date(), c.withoutKey(l))
	if near != "" {
		text = fmt.Sprintf("%s is no condition key: %s%s", l.key, c.withoutKey(l), near)
	}
	switch {
	case strings.EqualFold(prefix, "aws"):
		c.ignored(KeyUnknown, l.element(), "%s", text)
	case near == "":
		c.doubtful(KeyUnknown, l.element(), l.key, "%s", text)
	default:
		c.wrong(KeyUnknown, l.element(), l.key, "%s", text)
	}
}

// inapplicableKey is about a key that the statement's actions don't have. S3 asks
// it of each action, and a pattern has it if one of its actions has.
//
// Source: the service authorization reference; for S3 the issue
// humanmade/S3-Uploads 239, where s3:prefix was refused beside s3:GetBucketAcl
// though s3:ListBucket was there as well.
func (c *checker) inapplicableKey(l line) {
	if authorization.Global(l.key) {
		return
	}
	var without []string
	for _, pattern := range c.statement.Action {
		actions := c.matching(pattern)
		if len(actions) > 0 && !slices.ContainsFunc(actions, func(a authorization.Action) bool { return a.Applies(l.key) }) {
			without = append(without, pattern)
		}
	}
	list := strings.Join(without, ", ")
	none := len(without) == len(c.statement.Action)
	switch {
	case len(without) == 0:
	case words[c.subject.Kind][KeyInapplicable] != "":
		c.wrong(KeyInapplicable, l.element(), l.key, "requests for %s don't carry %s; give them a statement of their own", list, l.key)
	case none:
		c.ignored(KeyInapplicable, l.element(), "requests for %s don't carry %s: %s", list, l.key, c.withoutKey(l))
	case !l.operator.holdsWithout(l.values):
		c.ignored(KeyInapplicable, l.element(), "requests for %s don't carry %s: of them %s", list, l.key, c.nothing())
	}
}
