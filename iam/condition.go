package iam

// conditionTest is one line of a Condition block, tried on a request.
type conditionTest struct {
	operator string
	key      string
	want     Strings // of the statement
	have     Strings // of the request; nil: the key is missing
	// undefined: IAM doesn't say what the line means: it has no such
	// operator, or the key has several values and the operator is for one.
	undefined bool
	holds     bool
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
	case op.null:
		t.holds = nullHolds(want, present)
	case !present:
		t.holds = op.ifExists || op.set == forAllValues || op.negated && op.set == single
	case op.set == single && len(have) > 1:
		t.undefined = true
	default:
		t.holds = x.compare(op, want, have)
	}
	return t
}

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
		if len(have) == 1 && have[0] == "" {
			return true // "resolves to a null dataset, such as an empty string"
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
// that is undefined holds in a Deny and fails in an Allow.
func (x *context) conditions(c Condition, deny bool) (failed *conditionTest) {
	for name, keys := range c {
		for key, want := range keys {
			t := x.test(name, key, want)
			if t.holds || t.undefined && deny {
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
