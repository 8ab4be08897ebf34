package iam

import (
	"fmt"
	"testing"
)

// conditionCase is one line of a Condition block and one request.
type conditionCase struct {
	operator, key string
	want          string  // JSON
	have          Strings // nil: the key is missing
	holds         bool
}

// run tries each case in an Allow statement of an identity policy.
func run(t *testing.T, cases []conditionCase) {
	t.Helper()
	for _, tt := range cases {
		name := fmt.Sprintf("%s %s against %q", tt.operator, tt.want, []string(tt.have))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := put(alice)
			if tt.have != nil {
				req.Context = map[string]Strings{tt.key: tt.have}
			}
			want := iDeny
			if tt.holds {
				want = allowed
			}
			check(t, req, Policies{Identity: sources(t, "identity",
				fmt.Sprintf(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{%q:{%q:%s}}}`, tt.operator, tt.key, tt.want))}, want)
		})
	}
}

// Source: IAM user guide, reference_policies_elements_condition_operators.
func TestConditionOperators(t *testing.T) {
	t.Parallel()
	const tag, ip, age, now, arn = "aws:PrincipalTag/team", "aws:SourceIp", "aws:MultiFactorAuthAge", "aws:CurrentTime", "aws:SourceArn"
	run(t, []conditionCase{
		{"StringEquals", tag, `"red"`, Strings{"red"}, true},
		{"StringEquals", tag, `"red"`, Strings{"Red"}, false},
		{"StringEquals", tag, `["blue","red"]`, Strings{"red"}, true},
		{"StringEquals", tag, `"r*"`, Strings{"red"}, false},
		{"StringNotEquals", tag, `"red"`, Strings{"blue"}, true},
		{"StringNotEquals", tag, `["blue","red"]`, Strings{"red"}, false},
		{"StringEqualsIgnoreCase", tag, `"RED"`, Strings{"red"}, true},
		{"StringNotEqualsIgnoreCase", tag, `"RED"`, Strings{"red"}, false},
		{"StringLike", tag, `"r*d"`, Strings{"rd"}, true},
		{"StringLike", tag, `"r?d"`, Strings{"rd"}, false},
		{"StringLike", tag, `"r?d"`, Strings{"réd"}, true},
		{"StringLike", tag, `"R*"`, Strings{"red"}, false},
		{"StringLike", tag, `"*a*b*"`, Strings{"xxaxxabxb"}, true},
		{"StringNotLike", tag, `["r*","b*"]`, Strings{"blue"}, false},
		{"StringNotLike", tag, `"r*"`, Strings{"blue"}, true},

		{"NumericEquals", age, `"10"`, Strings{"10.0"}, true},
		{"NumericEquals", age, `10`, Strings{"10"}, true},
		{"NumericNotEquals", age, `["10","11"]`, Strings{"11"}, false},
		{"NumericLessThan", age, `1.2`, Strings{"1.1"}, true},
		{"NumericLessThan", age, `1.2`, Strings{"1.2"}, false},
		{"NumericLessThanEquals", age, `"9"`, Strings{"10"}, false},
		{"NumericLessThanEquals", age, `"10"`, Strings{"10"}, true},
		{"NumericGreaterThan", age, `"9"`, Strings{"10"}, true},
		{"NumericGreaterThanEquals", age, `"10"`, Strings{"10"}, true},
		{"NumericEquals", age, `"10"`, Strings{"ten"}, false},

		{"DateEquals", now, `"2026-01-01"`, Strings{"2026-01-01T00:00:00Z"}, true},
		{"DateEquals", now, `"2026-01-01T02:00:00+02:00"`, Strings{"2026-01-01T00:00:00Z"}, true},
		{"DateEquals", now, `"1767225600"`, Strings{"2026-01-01T00:00:00Z"}, true},
		{"DateNotEquals", now, `"2026-01-01"`, Strings{"2026-01-01T00:00:00Z"}, false},
		{"DateLessThan", now, `"2026-01-01T00:00:00.5Z"`, Strings{"2026-01-01T00:00:00Z"}, true},
		{"DateLessThanEquals", now, `"2026-01"`, Strings{"2026-01-01T00:00:01Z"}, false},
		{"DateGreaterThan", now, `"2026"`, Strings{"2026-01-01T00:00:01Z"}, true},
		{"DateGreaterThan", now, `"2026"`, Strings{"2026-01-01T00:00:00Z"}, false},
		{"DateLessThan", now, `"2026"`, Strings{"2026-01-01T00:00:00Z"}, false},
		{"NumericGreaterThan", age, `"10"`, Strings{"10"}, false},
		{"DateGreaterThanEquals", now, `"2026-01-01T00:00Z"`, Strings{"2026-01-01T00:00:00Z"}, true},

		{"Bool", "aws:SecureTransport", `"true"`, Strings{"true"}, true},
		{"Bool", "aws:SecureTransport", `false`, Strings{"true"}, false},
		{"Bool", "aws:SecureTransport", `"TRUE"`, Strings{"true"}, true},
		{"BinaryEquals", "x:key", `"QmluYXJ5VmFsdWVJbkJhc2U2NA=="`, Strings{"QmluYXJ5VmFsdWVJbkJhc2U2NA=="}, true},
		{"BinaryEquals", "x:key", `"QmluYXJ5VmFsdWVJbkJhc2U2NA=="`, Strings{"ASIAIOSFODNN7EXAMPLE"}, false},

		{"IpAddress", ip, `"203.0.113.0/24"`, Strings{"203.0.113.1"}, true},
		{"IpAddress", ip, `"203.0.113.0/24"`, Strings{"198.51.100.1"}, false},
		{"IpAddress", ip, `"203.0.113.7"`, Strings{"203.0.113.7"}, true},
		{"IpAddress", ip, `"0.0.0.0/0"`, Strings{"203.0.113.7"}, true},
		{"IpAddress", ip, `"0.0.0.0/0"`, Strings{"2001:db8::1"}, false},
		{"IpAddress", ip, `["203.0.113.0/24","2001:DB8:1234:5678::/64"]`, Strings{"2001:db8:1234:5678::9"}, true},
		{"NotIpAddress", ip, `["203.0.113.0/24","198.51.100.0/24"]`, Strings{"198.51.100.1"}, false},
		{"NotIpAddress", ip, `"203.0.113.7"`, Strings{"2001:db8::1"}, true},

		{"ArnEquals", arn, `"arn:aws:sns:us-west-2:123456789012:TOPIC-ID"`, Strings{"arn:aws:sns:us-west-2:777788889999:TOPIC-ID"}, false},
		{"ArnEquals", arn, `"arn:aws:sns:*:123456789012:T*"`, Strings{"arn:aws:sns:us-west-2:123456789012:TOPIC-ID"}, true},
		{"ArnLike", arn, `"arn:aws:sns:us-west-2:123456789012:topic-id"`, Strings{"arn:aws:sns:us-west-2:123456789012:TOPIC-ID"}, false},
		{"ArnLike", arn, `"arn:aws:logs:eu-west-1:123456789012:*"`, Strings{"arn:aws:logs:eu-west-1:123456789012:delivery-source:x"}, true},
		{"ArnLike", arn, `"arn:aws:sns:*:TOPIC-ID:*"`, Strings{"arn:aws:sns:us-west-2:123456789012:TOPIC-ID:x"}, false},
		{"ArnNotEquals", arn, `"arn:aws:s3:::a"`, Strings{"arn:aws:s3:::b"}, true},
		{"ArnNotLike", arn, `["arn:aws:s3:::a","arn:aws:s3:::b*"]`, Strings{"arn:aws:s3:::b"}, false},
	})
}

// Source: IAM user guide, reference_policies_elements_condition_operators
// (missing keys, IfExists, Null) and
// reference_policies_condition-single-vs-multi-valued-context-keys.
func TestConditionMissingAndMany(t *testing.T) {
	t.Parallel()
	const tag, tags = "aws:PrincipalTag/team", "aws:TagKeys"
	run(t, []conditionCase{
		{"StringEquals", tag, `"red"`, nil, false},
		{"StringLike", tag, `"*"`, nil, false},
		{"StringNotEquals", tag, `"red"`, nil, true},
		{"ArnNotLike", tag, `"arn:aws:s3:::a"`, nil, true},
		{"NotIpAddress", tag, `"203.0.113.7"`, nil, true},
		{"NumericLessThan", tag, `"1"`, nil, false},
		{"NumericNotEquals", tag, `"1"`, nil, true},
		{"Bool", tag, `"false"`, nil, false},
		{"StringEqualsIfExists", tag, `"red"`, nil, true},
		{"StringEqualsIfExists", tag, `"red"`, Strings{"blue"}, false},
		{"StringNotEqualsIfExists", tag, `"red"`, nil, true},
		{"StringNotEqualsIfExists", tag, `"red"`, Strings{"red"}, false},
		{"Null", "aws:TagKeys", `"false"`, Strings{""}, false}, // "a null dataset, such as an empty string"
		{"Null", "aws:TagKeys", `"false"`, Strings{"", "team"}, true},
		{"Null", tag, `"true"`, nil, true},
		{"Null", tag, `true`, Strings{"red"}, false},
		{"Null", tag, `"false"`, nil, false},
		{"Null", tag, `"false"`, Strings{"red"}, true},
		{"Null", tag, `"true"`, Strings{}, true},

		{"ForAnyValue:StringEquals", tags, `["a","b"]`, Strings{"x", "b"}, true},
		{"ForAnyValue:StringEquals", tags, `["a","b"]`, Strings{"x"}, false},
		{"ForAnyValue:StringEquals", tags, `"a"`, nil, false},
		{"ForAnyValue:StringNotEquals", tags, `["a","b"]`, Strings{"a", "x"}, true},
		{"ForAnyValue:StringNotEquals", tags, `["a","b"]`, Strings{"a", "b"}, false},
		{"ForAnyValue:StringNotEquals", tags, `"a"`, nil, false},
		{"ForAnyValue:StringEqualsIfExists", tags, `"a"`, nil, true},
		{"ForAllValues:StringEquals", tags, `["a","b"]`, Strings{"a", "b"}, true},
		{"ForAllValues:StringEquals", tags, `["a","b"]`, Strings{"a", "x"}, false},
		{"ForAllValues:StringEquals", tags, `"a"`, nil, true},
		{"ForAllValues:StringEquals", tags, `"a"`, Strings{""}, true},
		{"ForAllValues:StringNotEquals", tags, `["a","b"]`, Strings{"x", "y"}, true},
		{"ForAllValues:StringNotEquals", tags, `["a","b"]`, Strings{"x", "a"}, false},
		{"ForAllValues:StringNotLike", tags, `"a*"`, nil, true},

		// Undefined by IAM: not in an Allow.
		{"StringEquals", tags, `"a"`, Strings{"a", "a"}, false},
		{"StringNotEquals", tags, `"c"`, Strings{"a", "b"}, false},
	})
}

func TestConditionLinesAreAllNeeded(t *testing.T) {
	t.Parallel()
	p := Policies{Identity: sources(t, "identity", `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{
		"StringEquals":{"aws:PrincipalTag/a":"1","aws:PrincipalTag/b":"2"},"Bool":{"aws:SecureTransport":"true"}}}`)}
	for _, missing := range []string{"", "aws:PrincipalTag/a", "aws:PrincipalTag/b", "aws:SecureTransport"} {
		req := put(alice)
		// Key names match in any case.
		req.Context = map[string]Strings{"AWS:principaltag/A": {"1"}, "aws:PrincipalTag/b": {"2"}, "aws:SecureTransport": {"true"}}
		want := allowed
		if missing != "" {
			want = iDeny
			delete(req.Context, missing)
			if missing == "aws:PrincipalTag/a" {
				delete(req.Context, "AWS:principaltag/A")
			}
		}
		check(t, req, p, want)
	}
}

// Source: IAM user guide, reference_policies_elements_condition_operators: "To
// prevent missing context keys or context keys with empty values from evaluating
// to true, you can include the Null condition operator in your policy with a false
// value". Where nothing is said of an empty string, the reading denies.
func TestNullOfAnEmptyString(t *testing.T) {
	t.Parallel()
	tags := put(alice)
	tags.Context = map[string]Strings{"aws:TagKeys": {""}}
	statement := func(effect, null string) string {
		return `{"Effect":"` + effect + `","Action":"*","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["team"]},"Null":{"aws:TagKeys":"` + null + `"}}}`
	}
	for _, null := range []string{"true", "false"} {
		checkOpen(t, tags, Policies{Identity: sources(t, "identity", statement("Allow", null))}, iDeny, true)
		checkOpen(t, tags, Policies{Identity: sources(t, "identity", allowAll+","+statement("Deny", null))}, eDeny, true)
	}
}
