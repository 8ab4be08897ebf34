package iam

import (
	"bytes"
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// operator is a condition operator taken apart: "ForAnyValue:StringNotLikeIfExists"
// is the comparison StringLike, negated, over any value, true on a missing key.
type operator struct {
	compare   comparison
	negated   bool
	ifExists  bool
	set       setOperator
	null      bool // Null, which compares nothing
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
	"ArnEquals":                 {compare: matchARN, variables: true},
	"ArnNotEquals":              {compare: matchARN, negated: true, variables: true},
	"ArnLike":                   {compare: matchARN, variables: true},
	"ArnNotLike":                {compare: matchARN, negated: true, variables: true},
	"Bool":                      {compare: equalFold, variables: true},
	"BinaryEquals":              {compare: equalBinary},
	"IpAddress":                 {compare: inRange},
	"NotIpAddress":              {compare: inRange, negated: true},
	"NumericEquals":             {compare: numeric(func(c int) bool { return c == 0 })},
	"NumericNotEquals":          {compare: numeric(func(c int) bool { return c == 0 }), negated: true},
	"NumericLessThan":           {compare: numeric(func(c int) bool { return c < 0 })},
	"NumericLessThanEquals":     {compare: numeric(func(c int) bool { return c <= 0 })},
	"NumericGreaterThan":        {compare: numeric(func(c int) bool { return c > 0 })},
	"NumericGreaterThanEquals":  {compare: numeric(func(c int) bool { return c >= 0 })},
	"DateEquals":                {compare: date(func(c int) bool { return c == 0 })},
	"DateNotEquals":             {compare: date(func(c int) bool { return c == 0 }), negated: true},
	"DateLessThan":              {compare: date(func(c int) bool { return c < 0 })},
	"DateLessThanEquals":        {compare: date(func(c int) bool { return c <= 0 })},
	"DateGreaterThan":           {compare: date(func(c int) bool { return c > 0 })},
	"DateGreaterThanEquals":     {compare: date(func(c int) bool { return c >= 0 })},
}

// parseOperator takes an operator apart. ok is false for a name that IAM
// doesn't have; names are matched in their case.
func parseOperator(name string) (op operator, ok bool) {
	if name == "Null" {
		return operator{null: true}, true
	}
	if rest, found := strings.CutPrefix(name, "ForAnyValue:"); found {
		op.set, name = forAnyValue, rest
	} else if rest, found := strings.CutPrefix(name, "ForAllValues:"); found {
		op.set, name = forAllValues, rest
	}
	name, op.ifExists = strings.CutSuffix(name, "IfExists")
	base, ok := baseOperators[name]
	op.compare, op.negated, op.variables = base.compare, base.negated, base.variables
	return op, ok
}

func equal(want pattern, have string) bool     { return want.text == have }
func equalFold(want pattern, have string) bool { return strings.EqualFold(want.text, have) }

func equalBinary(want pattern, have string) bool {
	a, err := base64.StdEncoding.DecodeString(want.text)
	if err != nil {
		return false
	}
	b, err := base64.StdEncoding.DecodeString(have)
	return err == nil && bytes.Equal(a, b)
}

// inRange takes an address or a CIDR block on both sides, as aws:VpcSourceIp
// and aws:SourceIp have addresses only; a block is in a range if all of it is.
func inRange(want pattern, have string) bool {
	w, ok := parsePrefix(want.text)
	if !ok {
		return false
	}
	h, ok := parsePrefix(have)
	return ok && w.Bits() <= h.Bits() && w.Contains(h.Addr())
}

func parsePrefix(s string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

func numeric(holds func(int) bool) comparison {
	return func(want pattern, have string) bool {
		w, errW := strconv.ParseFloat(want.text, 64)
		h, errH := strconv.ParseFloat(have, 64)
		if errW != nil || errH != nil || w != w || h != h {
			return false
		}
		switch {
		case h < w:
			return holds(-1)
		case h > w:
			return holds(1)
		}
		return holds(0)
	}
}

func date(holds func(int) bool) comparison {
	return func(want pattern, have string) bool {
		w, okW := parseDate(want.text)
		h, okH := parseDate(have)
		return okW && okH && holds(h.Compare(w))
	}
}

// parseDate reads the W3C profile of ISO 8601 and seconds since 1970. Four
// digits are a year.
//
// Source: https://www.w3.org/TR/NOTE-datetime.
func parseDate(s string) (time.Time, bool) {
	for _, layout := range []string{
		time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return time.Unix(n, 0), true
	}
	return time.Time{}, false
}
