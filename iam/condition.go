package iam

// conditionTest is one line of a Condition block, tried on a request.
type conditionTest struct {
	operator string
	key      string
	want     Strings // of the statement
	have     Strings // of the request; nil: the key is missing
	// undefined: IAM has no such operator.
	undefined bool
	// open is what AWS's documents leave open, if the line rests on it.
	open  string
	holds bool
}

// test tries one line of a Condition block.
//
// A missing key makes a negated operator true and any other false; with
// IfExists every operator is true; ForAllValues is true and ForAnyValue is
// false, negated or not. (One table of the operators page shows a
// ForAllValues:StringNotLike without a match on a missing key; its text, and
// all of the second page, say the contrary.)
//
// Source: IAM user guide, reference_policies_elements_condition_operators and
// reference_policies_condition-single-vs-multi-valued-context-keys.
func (x *context) test(name, key string, want Strings) conditionTest {
	t := conditionTest{operator: name, key: key, want: want}
	op, ok := parseOperator(name)
	if !ok {
		t.undefined = true
		return t
	}
	have, present := x.lookup(key)
	if present {
		t.have = have
	}
	switch {
	case !present && x.unstated(key):
		x.testUnstated(&t, op)
	case !present:
		t.holds = missingHolds(op, want)
	case op.null && empty(have):
		t.open = "whether the empty string of " + key + " is null"
	case op.null:
		t.holds = nullHolds(want, true)
	case op.set == single && len(have) > 1:
		t.open = "what " + name + " says of the several values of " + key
	default:
		t.holds = x.compare(op, want, have)
	}
	return t
}

func missingHolds(op operator, want Strings) bool {
	if op.null {
		return nullHolds(want, false)
	}
	return op.ifExists || op.set == forAllValues || op.negated && op.set == single
}

// empty: the values resolve "to a null dataset, such as an empty string", say the
// pages of keys with several values: ForAllValues is true, and Null with "false"
// false, for then the value is null. Of keys with one value they don't say it.
//
// Source: IAM user guide, reference_policies_elements_condition_operators.
func empty(have Strings) bool { return len(have) == 1 && have[0] == "" }

func nullHolds(want Strings, present bool) bool {
	for _, w := range want {
		if equalFold(pattern{text: w}, "true") && !present || equalFold(pattern{text: w}, "false") && present {
			return true
		}
	}
	return false
}

// compare decides a line whose key is present.
func (x *context) compare(op operator, want, have Strings) bool {
	matches := 0
	for _, h := range have {
		if x.matchesOne(op, want, h) {
			matches++
		}
	}
	switch op.set {
	case forAnyValue:
		if op.negated {
			return matches < len(have)
		}
		return matches > 0
	case forAllValues:
		if empty(have) {
			return true
		}
		if op.negated {
			return matches == 0
		}
		return matches == len(have)
	}
	return (matches > 0) != op.negated
}

func (x *context) matchesOne(op operator, want Strings, have string) bool {
	for _, w := range want {
		p := pattern{text: w}
		if op.variables {
			var ok bool
			if p, ok = x.expand(w); !ok {
				continue
			}
		}
		if op.compare(p, have) {
			return true
		}
	}
	return false
}

// conditions tries all lines of c. failed is the one that doesn't hold, of
// several the first by name, so that explanations are always the same. A line
// that is undefined, or rests on what is open, holds in a Deny and fails in an Allow.
func (x *context) conditions(c Condition, deny bool) (failed *conditionTest) {
	for name, keys := range c {
		for key, want := range keys {
			t := x.test(name, key, want)
			if t.open != "" && x.leftOpen(t.open) == deny || t.holds || t.undefined && deny {
				continue
			}
			if failed == nil || t.operator < failed.operator || t.operator == failed.operator && t.key < failed.key {
				failing := t // t itself then needs no heap
				failed = &failing
			}
		}
	}
	return failed
}
