package problem

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/authorization"
)

// operator is a condition operator in its parts.
type operator struct {
	name     string // as written
	set      string // "ForAnyValue", "ForAllValues" or ""
	base     string // "StringNotLike"
	ifExists bool
}

func parseOperator(name string) operator {
	o := operator{name: name, base: name}
	if set, base, ok := strings.Cut(name, ":"); ok {
		o.set, o.base = set, base
	}
	o.base, o.ifExists = strings.CutSuffix(o.base, "IfExists")
	return o
}

func (o operator) negated() bool { return strings.Contains(o.base, "Not") }

// holdsWithout tells whether a condition is fulfilled if the request doesn't carry
// its key.
//
// Source: IAM user guide, reference_policies_elements_condition_operators, and
// reference_policies_condition-single-vs-multi-valued-context-keys.
func (o operator) holdsWithout(values iam.Strings) bool {
	switch {
	case o.base == "Null":
		return slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, "true") })
	case o.ifExists, o.set == "ForAllValues":
		return true
	}
	return o.set == "" && o.negated()
}

// family is the type of values that an operator compares; "" if any can be.
func (o operator) family() string {
	switch base := strings.Replace(o.base, "NotIp", "Ip", 1); {
	case strings.HasPrefix(base, "Numeric"):
		return "Numeric"
	case strings.HasPrefix(base, "Date"):
		return "Date"
	case base == "Bool":
		return "Bool"
	case base == "IpAddress":
		return "IPAddress"
	}
	return ""
}

// unfit finds an operator that the type of the key doesn't have, and values that it
// never has. Every type can be compared as text, and a tag, as any key whose name
// the policy chooses, may hold a number, a date or an address.
//
// Source: IAM user guide, access-analyzer-reference-policy-checks, "Type mismatch".
func (c *checker) unfit(l line, key authorization.Key) {
	if strings.Contains(key.Name, "${") {
		return
	}
	family := l.operator.family()
	// A point in time may be a number of seconds.
	if family != "" && family != key.Type && !(family == "Numeric" && key.Type == "Date") && !(family == "Date" && key.Type == "Numeric") {
		c.ignored(OperatorUnfit, l.element(), "%s compares values of type %s, and %s is of type %s; use an operator for that", l.operator.name, family, key.Name, key.Type)
		return
	}
	if key.Type == "Bool" && strings.HasPrefix(l.operator.base, "String") && !slices.ContainsFunc(l.values, maybeBool) {
		c.ignored(ValueUnfit, l.element(), "%s is true or false, and never %s", key.Name, strings.Join(l.values, " or "))
	}
}

func maybeBool(v string) bool {
	return strings.EqualFold(v, "true") || strings.EqualFold(v, "false") || strings.ContainsAny(v, "*?$")
}
