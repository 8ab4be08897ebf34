package iam

import "testing"

// Source: IAM user guide, reference_policies_elements_notprincipal.
func TestNotPrincipal(t *testing.T) {
	t.Parallel()
	const (
		root    = `"arn:aws:iam::111122223333:root"`
		role    = `"arn:aws:iam::111122223333:role/app/put"`
		session = `"arn:aws:sts::111122223333:assumed-role/put/s1"`
		user    = `"arn:aws:iam::111122223333:user/alice"`
	)
	for _, tt := range []struct {
		name     string
		caller   Caller
		listed   string
		boundary string
		want     verdict
	}{
		{"user and account listed", alice, `{"AWS":[` + user + `,` + root + `]}`, "", allowed},
		{"user listed without its account", alice, `{"AWS":` + user + `}`, "", eDeny},
		{"account listed without the user", alice, `{"AWS":` + root + `}`, "", eDeny},
		{"session, role and account listed", putRole, `{"AWS":[` + session + `,` + role + `,"111122223333"]}`, "", allowed},
		{"role and account listed without the session", putRole, `{"AWS":[` + role + `,` + root + `]}`, "", eDeny},
		{"another session listed", RoleSession(roleARN, "s2"), `{"AWS":[` + session + `,` + role + `,` + root + `]}`, "", eDeny},
		{"root user listed", AccountRoot(owner), `{"AWS":` + root + `}`, "", allowed},
		{"a caller with a boundary is never spared", alice, `{"AWS":[` + user + `,` + root + `]}`, allowAll, eDeny},
		{"service listed", deliveries, `{"Service":"delivery.logs.amazonaws.com"}`, "", allowed},
		{"another service", deliveries, `{"Service":"s3.amazonaws.com"}`, "", eDeny},
		{"anonymous", Anonymous(), `{"AWS":` + root + `}`, "", eDeny},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, put(tt.caller), Policies{
				Identity: sources(t, "identity", allowAll),
				Boundary: source(t, "boundary", tt.boundary),
				Resource: source(t, "bucket policy", admit(`"*"`)+`,{"Effect":"Deny","NotPrincipal":`+tt.listed+`,"Action":"*","Resource":"*"}`),
			}, tt.want)
		})
	}
}

// Source: IAM user guide, reference_policies_elements_notprincipal: AWS "might
// validate the account first, then the role, and then the assumed-role user".
func TestNotPrincipalLeavesOpen(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, listed, boundary string
		open                   bool
	}{
		{"the account", `{"AWS":"111122223333"}`, "", true},
		{"the role", `{"AWS":"arn:aws:iam::111122223333:role/app/put"}`, "", true},
		{"the role and its account", `{"AWS":["arn:aws:iam::111122223333:role/app/put","111122223333"]}`, "", true},
		{"the role and its account under a boundary", `{"AWS":["arn:aws:iam::111122223333:role/app/put","111122223333"]}`, allowAll, false},
		{"another account", `{"AWS":"444455556666"}`, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkOpen(t, put(putRole), Policies{
				Identity: sources(t, "identity", allowAll), Boundary: source(t, "boundary", tt.boundary),
				Resource: source(t, "bucket policy", `{"Effect":"Deny","NotPrincipal":`+tt.listed+`,"Action":"*","Resource":"*"}`),
			}, eDeny, tt.open)
		})
	}
}

// Statements that ParseDocument refuses can still be built in Go: none of them
// may let anyone in.
func TestStatementsThatIAMRefuses(t *testing.T) {
	t.Parallel()
	all := Strings{"*"}
	for _, tt := range []struct {
		name      string
		statement Statement
		want      verdict
	}{
		{"Allow with NotPrincipal", Statement{Effect: Allow, NotPrincipal: &Principal{AWS: Strings{stranger}}, Action: all, Resource: all}, iDeny},
		{"Allow without Principal", Statement{Effect: Allow, Action: all, Resource: all}, iDeny},
		{"Deny without Principal", Statement{Effect: Deny, Action: all, Resource: all}, eDeny},
		{"no effect", Statement{Principal: &Principal{Any: true}, Action: all, Resource: all}, eDeny},
		{"wildcard in a principal ARN", Statement{Effect: Allow, Principal: &Principal{AWS: Strings{"arn:aws:iam::111122223333:user/*"}}, Action: all, Resource: all}, iDeny},
		{"Allow with an unknown operator", Statement{Effect: Allow, Principal: &Principal{Any: true}, Action: all, Resource: all, Condition: Condition{"StringIs": {"aws:username": {"alice"}}}}, iDeny},
		{"Deny with an unknown operator", Statement{Effect: Deny, Principal: &Principal{Any: true}, Action: all, Resource: all, Condition: Condition{"StringIs": {"aws:username": {"bob"}}}}, eDeny},
		{"Deny with an unknown operator and a condition that fails", Statement{Effect: Deny, Principal: &Principal{Any: true}, Action: all, Resource: all, Condition: Condition{"StringIs": {"aws:username": {"bob"}}, "StringEquals": {"aws:username": {"bob"}}}}, iDeny},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, put(alice), Policies{Resource: &Source{Name: "p", Document: Document{Version: Version, Statement: []Statement{tt.statement}}}}, tt.want)
		})
	}
}
