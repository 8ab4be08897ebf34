package iam

import "testing"

// Source: IAM user guide, reference_policies_condition-keys: aws:PrincipalAccount,
// aws:PrincipalType and aws:userid are in "all requests", aws:PrincipalArn in "all
// signed requests"; what they are for a service is not said.
func TestKeysOfServices(t *testing.T) {
	t.Parallel()
	type answer struct {
		verdict
		open bool
	}
	no, may := answer{iDeny, false}, answer{iDeny, true}
	yes := answer{allowed, false}
	for _, tt := range []struct {
		name      string
		condition string
		allow     answer  // of an Allow for the service with that condition
		deny      verdict // of a Deny with it, beside an Allow without
		denyOpen  bool
	}{
		{"it is a service", `{"Bool":{"aws:PrincipalIsAWSService":"true"}}`, yes, eDeny, false},
		{"its name", `{"StringEquals":{"aws:PrincipalServiceName":"delivery.logs.amazonaws.com"}}`, yes, eDeny, false},
		{"an account", `{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}`, no, allowed, false},
		{"not an account", `{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}`, yes, eDeny, false},
		{"an account if there is one", `{"StringEqualsIfExists":{"aws:PrincipalAccount":"111122223333"}}`, no, allowed, false},
		{"an account with a wildcard", `{"StringLike":{"aws:PrincipalAccount":"1*"}}`, may, eDeny, true},
		{"not an account with a wildcard", `{"StringNotLike":{"aws:PrincipalAccount":"1*"}}`, may, eDeny, true},
		{"no account", `{"Null":{"aws:PrincipalAccount":"true"}}`, no, allowed, false},
		{"some account", `{"Null":{"aws:PrincipalAccount":"false"}}`, yes, eDeny, false},
		{"a role", `{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/x"}}`, no, allowed, false},
		{"roles of an account", `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}`, no, allowed, false},
		{"not a role of an account", `{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}`, yes, eDeny, false},
		{"roles of any account", `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}}`, may, eDeny, true},
		{"a role if there is an ARN", `{"ArnLikeIfExists":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}`, may, eDeny, true},
		{"no ARN", `{"Null":{"aws:PrincipalArn":"true"}}`, may, eDeny, true},
		{"a type of other callers", `{"StringEquals":{"aws:PrincipalType":["User","AssumedRole"]}}`, no, allowed, false},
		{"a type that isn't listed", `{"StringEquals":{"aws:PrincipalType":"Service"}}`, may, eDeny, true},
		{"a user id", `{"StringEquals":{"aws:userid":"AIDAEXAMPLE"}}`, no, allowed, false},
		{"its name in the list of names", `{"ForAnyValue:StringEquals":{"aws:PrincipalServiceNamesList":"delivery.logs.amazonaws.com"}}`, yes, eDeny, false},
		{"a regional name in the list of names", `{"ForAnyValue:StringLike":{"aws:PrincipalServiceNamesList":"delivery.logs.eu-west-1.*"}}`, may, eDeny, true},
		{"only its name in the list of names", `{"ForAllValues:StringEquals":{"aws:PrincipalServiceNamesList":"delivery.logs.amazonaws.com"}}`, may, eDeny, true},
		{"none but another in the list of names", `{"ForAllValues:StringEquals":{"aws:PrincipalServiceNamesList":"s3.amazonaws.com"}}`, no, allowed, false},
		{"not another in the list of names", `{"ForAllValues:StringNotEquals":{"aws:PrincipalServiceNamesList":"s3.amazonaws.com"}}`, may, eDeny, true},
		{"the list of names as one", `{"StringEquals":{"aws:PrincipalServiceNamesList":"delivery.logs.amazonaws.com"}}`, may, eDeny, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			statement := func(effect string) string {
				return `{"Effect":"` + effect + `","Principal":{"AWS":"*","Service":"delivery.logs.amazonaws.com"},"Action":"*","Resource":"*","Condition":` + tt.condition + `}`
			}
			checkOpen(t, put(deliveries), Policies{Resource: source(t, "bucket policy", statement("Allow"))}, tt.allow.verdict, tt.allow.open)
			checkOpen(t, put(deliveries), Policies{Resource: source(t, "bucket policy", admit(`"*"`)+","+statement("Deny"))}, tt.deny, tt.denyOpen)
		})
	}
	t.Run("the request gives them", func(t *testing.T) {
		t.Parallel()
		p := Policies{Resource: source(t, "bucket policy", `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalAccount":"1*"}}}`)}
		checkOpen(t, with(put(deliveries), "aws:PrincipalAccount", "123456789012"), p, allowed, false)
		checkOpen(t, with(put(deliveries), "aws:PrincipalAccount", "210987654321"), p, iDeny, false)
	})
}
