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
		{"RCPFullAWSAccess isn't listed", putRole, nil, [][]Source{level(`{"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"}`), {}}, allowed},
		{"an RCP denies, and RCPFullAWSAccess isn't listed", putRole, nil, [][]Source{{}, level(denyPut)}, eDeny},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, put(tt.caller), Policies{
				Identity: sources(t, "identity", allowAll), Resource: source(t, "bucket policy", admit(`"*"`)),
				SCPs: tt.scps, RCPs: tt.rcps,
			}, tt.want)
		})
	}
	t.Run("the management account", func(t *testing.T) {
		t.Parallel()
		p := Policies{Identity: sources(t, "identity", allowAll), Resource: source(t, "bucket policy", admit(`"*"`)), ManagementAccount: owner}
		p.SCPs = [][]Source{level(denyAll)}
		check(t, put(putRole), p, allowed)
		check(t, put(AccountRoot(owner)), p, allowed)
		check(t, put(mallory), p, eDeny)
		p.SCPs, p.RCPs = nil, [][]Source{level(denyAll)}
		check(t, put(mallory), p, allowed)
		p.ManagementAccount = stranger
		check(t, put(mallory), p, eDeny)
	})
	// orgs_manage_policies_rcps, "Resources and entities not restricted by RCPs".
	for _, tt := range []struct {
		name     string
		caller   Caller
		action   string
		resource string
		want     verdict
	}{
		{"a service assumes its service-linked role", ServicePrincipal("s3.amazonaws.com"), "sts:AssumeRole", "arn:aws:iam::111122223333:role/aws-service-role/s3.amazonaws.com/X", allowed},
		{"a service assumes another's", ServicePrincipal("ec2.amazonaws.com"), "sts:AssumeRole", "arn:aws:iam::111122223333:role/aws-service-role/s3.amazonaws.com/X", eDeny},
		{"a service assumes a role", ServicePrincipal("s3.amazonaws.com"), "sts:AssumeRole", "arn:aws:iam::111122223333:role/X", eDeny},
		{"a federated principal assumes a role", Federated("accounts.google.com"), "sts:AssumeRoleWithWebIdentity", "arn:aws:iam::111122223333:role/X", eDeny},
		{"the alias of an AWS managed key", alice, "kms:DeleteAlias", "arn:aws:kms:eu-west-1:111122223333:alias/aws/s3", allowed},
		{"another alias", alice, "kms:DeleteAlias", "arn:aws:kms:eu-west-1:111122223333:alias/data", eDeny},
		{"kms:RetireGrant", alice, "kms:RetireGrant", keyARN, allowed},
	} {
		t.Run("RCP on "+tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, Request{Caller: tt.caller, Action: tt.action, Resource: tt.resource, ResourceAccount: owner},
				Policies{Identity: sources(t, "identity", allowAll), Resource: source(t, "policy", admit(`{"AWS":"*","Service":["s3.amazonaws.com","ec2.amazonaws.com"],"Federated":"accounts.google.com"}`)), RCPs: [][]Source{level(denyAll)}}, tt.want)
		})
	}
	t.Run("RCP on a service that has none", func(t *testing.T) {
		t.Parallel()
		check(t, Request{Caller: putRole, Action: "lambda:InvokeFunction", Resource: "arn:aws:lambda:eu-west-1:111122223333:function:put", ResourceAccount: owner},
			Policies{Identity: sources(t, "identity", allowAll), RCPs: [][]Source{level(denyAll)}}, allowed)
	})
}
