package iam

import "strings"

// operator is a condition operator in its parts: "ForAnyValue:StringNotLikeIfExists"
// is the comparison StringLike, negated, over any value, true on a missing key.
type operator struct {
	compare   comparison
	negated   bool
	ifExists  bool
	set       setOperator
	null      bool // Null, which compares nothing
	valid     func(string) bool
	variables bool // policy variables are replaced in the statement's values
}

type setOperator int

const (
	single setOperator = iota
	forAnyValue
	forAllValues
)

// comparison says whether the value of a request agrees with one of a statement.
type comparison func(want pattern, have string) bool

type baseOperator struct {
	compare   comparison
	valid     func(string) bool // of a value in a statement; nil: all are
	negated   bool
	variables bool
}

// baseOperators are all operators without IfExists and set operators.
//
// Source: IAM user guide, reference_policies_elements_condition_operators.
var baseOperators = map[string]baseOperator{
	"StringEquals":              {compare: equal, variables: true},
	"StringNotEquals":           {compare: equal, negated: true, variables: true},
	"StringEqualsIgnoreCase":    {compare: equalFold, variables: true},
	"StringNotEqualsIgnoreCase": {compare: equalFold, negated: true, variables: true},
	"StringLike":                {compare: pattern.match, variables: true},
	"StringNotLike":             {compare: pattern.match, negated: true, variables: true},
	"ArnEquals":                 {compare: matchConditionARN, valid: sixSegments, variables: true},
	"ArnNotEquals":              {compare: matchConditionARN, valid: sixSegments, negated: true, variables: true},
	"ArnLike":                   {compare: matchConditionARN, valid: sixSegments, variables: true},
	"ArnNotLike":                {compare: matchConditionARN, valid: sixSegments, negated: true, variables: true},
	"Bool":                      {compare: equalFold, valid: isBool, variables: true},
	"BinaryEquals":              {compare: equalBinary, valid: isBase64},
	"IpAddress":                 {compare: inRange, valid: isRange},
	"NotIpAddress":              {compare: inRange, valid: isRange, negated: true},
	"NumericEquals":             {compare: numeric(func(c int) bool { return c == 0 }), valid: isNumber},
	"NumericNotEquals":          {compare: numeric(func(c int) bool { return c == 0 }), valid: isNumber, negated: true},
	"NumericLessThan":           {compare: numeric(func(c int) bool { return c < 0 }), valid: isNumber},
	"NumericLessThanEquals":     {compare: numeric(func(c int) bool { return c <= 0 }), valid: isNumber},
	"NumericGreaterThan":        {compare: numeric(func(c int) bool { return c > 0 }), valid: isNumber},
	"NumericGreaterThanEquals":  {compare: numeric(func(c int) bool { return c >= 0 }), valid: isNumber},
	"DateEquals":                {compare: date(func(c int) bool { return c == 0 }), valid: isDate},
	"DateNotEquals":             {compare: date(func(c int) bool { return c == 0 }), valid: isDate, negated: true},
	"DateLessThan":              {compare: date(func(c int) bool { return c < 0 }), valid: isDate},
	"DateLessThanEquals":        {compare: date(func(c int) bool { return c <= 0 }), valid: isDate},
	"DateGreaterThan":           {compare: date(func(c int) bool { return c > 0 }), valid: isDate},
	"DateGreaterThanEquals":     {compare: date(func(c int) bool { return c >= 0 }), valid: isDate},
}

// parseOperator splits an operator into its parts. ok is false for a name that
// IAM doesn't have; names are case-sensitive.
func parseOperator(name string) (op operator, ok bool) {
	if name == "Null" {
		return operator{null: true, valid: isBool}, true
	}
	if rest, found := strings.CutPrefix(name, "ForAnyValue:"); found {
		op.set, name = forAnyValue, rest
	} else if rest, found := strings.CutPrefix(name, "ForAllValues:"); found {
		op.set, name = forAllValues, rest
	}
	name, op.ifExists = strings.CutSuffix(name, "IfExists")
	base, ok := baseOperators[name]
	op.compare, op.negated, op.valid, op.variables = base.compare, base.negated, base.valid, base.variables
	return op, ok
}
