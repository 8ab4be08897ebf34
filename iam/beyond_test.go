package iam

import "testing"

// Where IAM's pages leave open whether something is denied, it is.
func TestWhatIsLeftOpenIsDenied(t *testing.T) {
	t.Parallel()
	const account = "111122223333"
	role := RoleSession("arn:aws:iam::"+account+":role/app", "session")
	all := Source{Name: "identity", Document: Document{Version: Version, Statement: []Statement{
		{Effect: Allow, Action: Strings{"*"}, Resource: Strings{"*"}},
	}}}
	object := Request{Caller: role, Action: "s3:GetObject", Resource: "arn:aws:s3:::secret/a", ResourceAccount: account}
	deny := func(s Statement) Source {
		s.Effect = Deny
		return Source{Name: "deny", Document: Document{Version: Version, Statement: []Statement{s}}}
	}
	several := object
	several.Context = map[string]Strings{"aws:CalledVia": {"b", "c"}}
	bucketPolicy := deny(Statement{Principal: &Principal{CanonicalUser: Strings{"79a59df900b949e5"}}, Action: Strings{"s3:*"}, Resource: Strings{"*"}})
	for name, tc := range map[string]struct {
		request  Request
		policies Policies
		explicit bool
	}{
		"a wildcard at the end of a segment of a Deny": {object, Policies{Identity: []Source{all,
			deny(Statement{Action: Strings{"s3:*"}, Resource: Strings{"arn:aws:s3:*:secret/*"}})}}, true},
		"a Deny to a canonical user": {object, Policies{Identity: []Source{all}, Resource: &bucketPolicy}, true},
		"an Allow with NotResource that may mean the object": {object, Policies{Identity: []Source{{Name: "allow", Document: Document{Version: Version,
			Statement: []Statement{{Effect: Allow, Action: Strings{"*"}, NotResource: Strings{"arn:aws:s3:*:secret/*"}}}}}}}, false},
		"several values under an operator for one": {several, Policies{Identity: []Source{all,
			deny(Statement{Action: Strings{"*"}, Resource: Strings{"*"}, Condition: Condition{"StringEquals": {"aws:CalledVia": {"a"}}}})}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := Evaluate(tc.request, tc.policies); d.Allowed || d.Explicit != tc.explicit || d.Open == "" {
				t.Errorf("allowed %t, explicit %t, open %q, want a denial, explicit %t, left open\n%s", d.Allowed, d.Explicit, d.Open, tc.explicit, d.Explain())
			}
		})
	}
}
