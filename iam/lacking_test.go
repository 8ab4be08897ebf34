package iam

import (
	"slices"
	"testing"
)

// Source: reference_policies_elements_condition_operators (a key that is missing).
func TestLacking(t *testing.T) {
	t.Parallel()
	policy := func(s Statement) Policies {
		s.Action, s.Resource = Strings{"*"}, Strings{"*"}
		allow := Statement{Effect: Allow, Action: Strings{"s3:ListBucket"}, Resource: Strings{"*"}}
		return Policies{Identity: []Source{{Name: "p", Document: Document{Version: Version, Statement: []Statement{allow, s}}}}}
	}
	request := Request{Caller: User("arn:aws:iam::111122223333:user/u"), Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", ResourceAccount: "111122223333"}
	org := Condition{"StringNotEquals": {"aws:PrincipalOrgID": {"o-1"}}}
	for name, tc := range map[string]struct {
		action    string
		statement Statement
		context   map[string]Strings
		want      []string
	}{
		"a Deny that matches for want of it": {"s3:ListBucket", Statement{Effect: Deny, Condition: org}, nil, []string{"aws:PrincipalOrgID"}},
		"an Allow that fails for want of it": {"s3:GetObject", Statement{Effect: Allow, Condition: Condition{"StringEquals": {"aws:SourceVpce": {"v"}}}}, nil, []string{"aws:SourceVpce"}},
		"given":                              {"s3:ListBucket", Statement{Effect: Deny, Condition: org}, map[string]Strings{"aws:principalorgid": {"o-2"}}, nil},
		"allowed":                            {"s3:GetObject", Statement{Effect: Allow, Condition: org}, nil, nil},
		"a Deny without a condition":         {"s3:ListBucket", Statement{Effect: Deny}, nil, nil},
	} {
		request.Action, request.Context = tc.action, tc.context
		if got := Evaluate(request, policy(tc.statement)).Lacking(); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

func TestIsValue(t *testing.T) {
	t.Parallel()
	for kind, values := range map[string][2]string{
		"Bool":      {"True", "yes"},
		"Numeric":   {"1.2", "one"},
		"Date":      {"2026-01-31T12:00:00Z", "31.1.2026"},
		"IPAddress": {"2001:db8::1", "192.0.2.0/24"},
	} {
		if !IsValue(kind, values[0]) || IsValue(kind, values[1]) {
			t.Errorf("%s: %q %t, %q %t; want true, false", kind, values[0], IsValue(kind, values[0]), values[1], IsValue(kind, values[1]))
		}
	}
	if !IsValue("String", "") {
		t.Error("a string is refused")
	}
}
