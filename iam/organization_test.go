package iam

import "testing"

// Sources: AWS Organizations user guide, orgs_manage_policies_scps,
// orgs_manage_policies_scps_evaluation, orgs_manage_policies_rcps.
func TestEvaluateOrganization(t *testing.T) {
	t.Parallel()
	linked := RoleSession("arn:aws:iam::111122223333:role/aws-service-role/s3.amazonaws.com/AWSServiceRoleForX", "s")
	const denyPut = `{"Effect":"Deny","Action":"s3:PutObject","Resource":"*"}`
	level := func(statements ...string) (list []Source) {
		for _, s := range statements {
			list = append(list, *source(t, "policy", s))
		}
		return list
	}
	for _, tt := range []struct {
		name       string
		caller     Caller
		scps, rcps [][]Source
		want       verdict
	}{
		{"every level allows", putRole, [][]Source{level(allowAll), level(readOnly, allowAll)}, nil, allowed},
		{"the root level doesn't allow", putRole, [][]Source{level(readOnly), level(allowAll)}, nil, iDeny},
		{"the last level doesn't allow", putRole, [][]Source{level(allowAll), level(readOnly)}, nil, iDeny},
		{"a level without policies", putRole, [][]Source{level(allowAll), {}}, nil, iDeny},
		{"a level denies", putRole, [][]Source{level(allowAll), level(allowAll, denyPut)}, nil, eDeny},
		{"a level below one that doesn't allow denies", putRole, [][]Source{level(readOnly), level(allowAll, denyPut)}, nil, eDeny},
		{"SCP on the root user", AccountRoot(owner), [][]Source{level(allowAll, denyPut)}, nil, eDeny},
		{"SCP on a service-linked role", linked, [][]Source{level(allowAll, denyPut)}, nil, allowed},
		{"SCP on a service", deliveries, [][]Source{level(allowAll, denyPut)}, nil, allowed},
		{"SCP on an anonymous caller", Anonymous(), [][]Source{level(readOnly)}, nil, allowed},
		{"RCP denies the owner's role", putRole, nil, [][]Source{level(allowAll, denyPut)}, eDeny},
		{"RCP denies the root user", AccountRoot(owner), nil, [][]Source{level(allowAll, denyPut)}, eDeny},
		{"RCP denies a caller from outside", mallory, nil, [][]Source{level(allowAll, denyPut)}, eDeny},
		{"RCP denies a service", deliveries, nil, [][]Source{level(allowAll, denyPut)}, eDeny},
		{"RCP denies an anonymous caller", Anonymous(), nil, [][]Source{level(allowAll, denyPut)}, eDeny},
		{"RCP on a service-linked role", linked, nil, [][]Source{level(allowAll, denyPut)}, allowed},
		{"RCP level that doesn't allow", putRole, nil, [][]Source{level(allowAll), level(readOnly)}, iDeny},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, put(tt.caller), Policies{
				Identity: sources(t, "identity", allowAll), Resource: source(t, "bucket policy", admit(`"*"`)),
				SCPs: tt.scps, RCPs: tt.rcps,
			}, tt.want)
		})
	}
	t.Run("RCP on a service that has none", func(t *testing.T) {
		t.Parallel()
		check(t, Request{Caller: putRole, Action: "lambda:InvokeFunction", Resource: "arn:aws:lambda:eu-west-1:111122223333:function:put", ResourceAccount: owner},
			Policies{Identity: sources(t, "identity", allowAll), RCPs: [][]Source{level(denyAll)}}, allowed)
	})
}
