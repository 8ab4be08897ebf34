package iam

import (
	"strings"
	"testing"
)

// Source: IAM user guide, reference_policies_grammar: "When you specify an
// incomplete ARN (one with fewer than the standard six fields) in an
// identity-based policy, AWS automatically completes the ARN by adding wildcard
// characters (*) to all missing fields"; session policies "do not support" it.
func TestIncompleteARN(t *testing.T) {
	t.Parallel()
	statement := func(effect, resource string) string {
		return `{"Effect":"` + effect + `","Action":"*","Resource":"` + resource + `"}`
	}
	for _, tt := range []struct {
		name, arn   string
		allow, deny verdict // of an identity policy with that Resource
	}{
		{"the service", "arn:aws:s3", allowed, eDeny},
		{"the partition", "arn:aws", allowed, eDeny},
		{"an empty Region", "arn:aws:s3:", allowed, eDeny},
		{"an empty account", "arn:aws:s3::", allowed, eDeny},
		{"a wildcard inside", "arn:*:s3", allowed, eDeny},
		{"another service", "arn:aws:sqs", iDeny, allowed},
		{"part of the service's name", "arn:aws:s", iDeny, allowed},
		{"a Region", "arn:aws:s3:eu-west-1", iDeny, allowed},
		{"six fields, the last one empty", "arn:aws:s3:::", iDeny, allowed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, put(alice), Policies{Identity: sources(t, "identity", statement("Allow", tt.arn))}, tt.allow)
			check(t, put(alice), Policies{Identity: sources(t, "identity", allowAll+","+statement("Deny", tt.arn))}, tt.deny)
		})
	}
	all := sources(t, "identity", allowAll)
	allow, deny := sources(t, "p", statement("Allow", "arn:aws:s3")), sources(t, "p", statement("Deny", "arn:aws:s3"))
	both := sources(t, "p", allowAll+","+statement("Deny", "arn:aws:s3"))
	bucketPolicy := source(t, "bucket policy", `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"arn:aws:s3"}`)
	for _, tt := range []struct {
		name     string
		policies Policies
		want     verdict
		open     bool
	}{
		{"a boundary is an identity policy", Policies{Identity: all, Boundary: &allow[0]}, allowed, false},
		{"a Deny of a boundary", Policies{Identity: all, Boundary: &both[0]}, eDeny, false},
		{"a session policy", Policies{Identity: all, Session: allow}, iDeny, true},
		{"a Deny of a session policy", Policies{Identity: all, Session: both}, eDeny, true},
		{"an SCP", Policies{Identity: all, SCPs: [][]Source{allow}}, iDeny, true},
		{"a Deny of an RCP", Policies{Identity: all, RCPs: [][]Source{deny}}, eDeny, true},
		{"a Deny of a bucket policy", Policies{Identity: all, Resource: bucketPolicy}, eDeny, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkOpen(t, put(putRole), tt.policies, tt.want, tt.open)
		})
	}
}

// Source: the AWS managed policy AmazonTimestreamInfluxDBServiceRolePolicy has
// this Resource; IAM user guide, reference_policies_variables: "You can't use a
// variable to replace parts of the ARN before the fifth colon".
func TestVariableInTheAccount(t *testing.T) {
	t.Parallel()
	const resource = `"Action":"kms:*","Resource":"arn:*:kms:*:${aws:PrincipalAccount}:key/*"`
	keyPolicy := source(t, "key policy", `{"Effect":"Allow","Principal":{"AWS":["111122223333","444455556666"]},"Action":"*","Resource":"*"}`)
	for _, tt := range []struct {
		name, identity string
		caller         Caller
		want           verdict
		open           bool
	}{
		{"Allow, own account", `{"Effect":"Allow",` + resource + `}`, alice, iDeny, true},
		{"Allow, another account", `{"Effect":"Allow",` + resource + `}`, mallory, iDeny, false},
		{"Deny, own account", allowAll + `,{"Effect":"Deny",` + resource + `}`, alice, eDeny, true},
		{"Deny, another account", allowAll + `,{"Effect":"Deny",` + resource + `}`, mallory, allowed, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkOpen(t, decrypt(tt.caller), Policies{Identity: sources(t, "identity", tt.identity), Resource: keyPolicy}, tt.want, tt.open)
		})
	}
}

// Source: IAM user guide, reference_policies_variables: a resource with a variable
// that has no value "will not match any resource".
func TestNotResourceWithoutValue(t *testing.T) {
	t.Parallel()
	const except = `"Action":"*","NotResource":"arn:aws:s3:::other/${aws:PrincipalTag/none}"`
	checkOpen(t, put(alice), Policies{Identity: sources(t, "identity", `{"Effect":"Allow",`+except+`}`)}, iDeny, true)
	checkOpen(t, put(alice), Policies{Identity: sources(t, "identity", allowAll+`,{"Effect":"Deny",`+except+`}`)}, eDeny, false)
}

// Source: IAM user guide, reference_policies_evaluation-logic-cross-account: the
// account that owns the resource decides which side a request crosses.
func TestResourceAccountOfTheARN(t *testing.T) {
	t.Parallel()
	req := decrypt(mallory)
	req.ResourceAccount = stranger
	d := Evaluate(req, Policies{Identity: sources(t, "identity", allowAll), Resource: source(t, "key policy", admit(`"*"`))})
	if want := "is of account 111122223333"; d.Allowed || !strings.Contains(d.Explain(), want) {
		t.Errorf("allowed %t, want a denial with %q\n%s", d.Allowed, want, d.Explain())
	}
}
