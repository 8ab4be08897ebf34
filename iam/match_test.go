package iam

import (
	"fmt"
	"testing"
)

// Sources: IAM user guide, reference_policies_elements_action,
// reference_policies_elements_notaction, reference_policies_elements_resource,
// reference_policies_elements_notresource.
func TestActionsAndResources(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, elements, resource string
		want                     verdict
	}{
		{"action in another case", `"Action":"S3:putobject","Resource":"*"`, object, allowed},
		{"action wildcard", `"Action":"s3:*Object","Resource":"*"`, object, allowed},
		{"action with one character", `"Action":"s3:Pu?Object","Resource":"*"`, object, allowed},
		{"action of another service", `"Action":"kms:PutObject","Resource":"*"`, object, iDeny},
		{"action that is longer", `"Action":"s3:PutObjectAcl","Resource":"*"`, object, iDeny},
		{"NotAction leaves it out", `"NotAction":["s3:Put*","kms:*"],"Resource":"*"`, object, iDeny},
		{"NotAction of others", `"NotAction":"kms:*","Resource":"*"`, object, allowed},
		{"whole resource", `"Action":"*","Resource":"arn:aws:s3:::data/a.txt"`, object, allowed},
		{"resource in another case", `"Action":"*","Resource":"arn:aws:s3:::data/A.txt"`, object, iDeny},
		{"bucket instead of object", `"Action":"*","Resource":"arn:aws:s3:::data"`, object, iDeny},
		{"slashes are characters", `"Action":"*","Resource":"arn:aws:s3:::data/*/test/*"`, "arn:aws:s3:::data/1/2/test/.jpg", allowed},
		{"neighbouring bucket", `"Action":"*","Resource":"arn:aws:s3:::data/*"`, "arn:aws:s3:::data-evil/a.txt", iDeny},
		{"prefix without slash", `"Action":"*","Resource":"arn:aws:s3:::data*"`, "arn:aws:s3:::data-evil/a.txt", allowed},
		{"question mark", `"Action":"*","Resource":"arn:aws:s3:::dat?/a.txt"`, object, allowed},
		{"a wildcard stays in its segment", `"Action":"*","Resource":"arn:aws:s3:*:data/*"`, object, iDeny},
		{"a wildcard doesn't reach from the region into the account", `"Action":"*","Resource":"arn:aws:kms:eu-*:111122223333:key/*"`, "arn:aws:kms:eu-west-1:111122223333:key/1", allowed},
		{"another account", `"Action":"*","Resource":"arn:aws:kms:*:111122223333:key/*"`, "arn:aws:kms:eu-west-1:444455556666:key/1", iDeny},
		{"colons in the resource part", `"Action":"*","Resource":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:*"`, "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ring-a1b2c3", allowed},
		{"last star spans segments", `"Action":"*","Resource":"arn:aws:s3:*"`, object, allowed},
		{"NotResource leaves it out", `"Action":"*","NotResource":["arn:aws:s3:::x","arn:aws:s3:::data/*"]`, object, iDeny},
		{"NotResource of others", `"Action":"*","NotResource":"arn:aws:s3:::x"`, object, allowed},
		{"no Resource in an identity policy", `"Action":"*"`, object, iDeny},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			req := put(alice)
			req.Resource = tt.resource
			check(t, req, Policies{Identity: sources(t, "identity", fmt.Sprintf(`{"Effect":"Allow",%s}`, tt.elements))}, tt.want)
		})
	}
}

// Sources: IAM user guide, reference_policies_condition-keys (aws:PrincipalArn
// and others) and reference_policies_variables (the table of principal keys);
// KMS developer guide, conditions-kms.
func TestDerivedKeys(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		caller Caller
		key    string
		value  string // "": the key is missing
	}{
		{"role session", putRole, "aws:PrincipalArn", roleARN},
		{"role session", putRole, "aws:PrincipalType", "AssumedRole"},
		{"role session", putRole, "aws:username", ""},
		{"user", alice, "aws:PrincipalArn", "arn:aws:iam::111122223333:user/alice"},
		{"user", User("arn:aws:iam::111122223333:user/ops/bob"), "aws:username", "bob"},
		{"user", alice, "aws:PrincipalIsAWSService", "false"},
		{"user", alice, "aws:PrincipalAccount", owner},
		{"root user", AccountRoot(owner), "aws:userid", owner},
		{"root user", AccountRoot(owner), "aws:PrincipalType", "Account"},
		{"root user", AccountRoot(owner), "aws:PrincipalArn", "arn:aws:iam::111122223333:root"},
		{"anonymous", Anonymous(), "aws:PrincipalArn", ""},
		{"anonymous", Anonymous(), "aws:PrincipalAccount", "anonymous"},
		{"anonymous", Anonymous(), "aws:userid", "anonymous"},
		{"anonymous", Anonymous(), "aws:PrincipalIsAWSService", ""},
		{"service", deliveries, "aws:PrincipalServiceName", "delivery.logs.amazonaws.com"},
		{"service", deliveries, "aws:PrincipalIsAWSService", "true"},
		{"service", deliveries, "aws:PrincipalArn", ""},
		{"any", alice, "aws:ResourceAccount", owner},
		{"any", alice, "s3:ResourceAccount", owner},
		{"any", alice, "kms:CallerAccount", ""},
	} {
		t.Run(tt.name+" "+tt.key, func(t *testing.T) {
			t.Parallel()
			condition := fmt.Sprintf(`{"StringEquals":{%q:%q}}`, tt.key, tt.value)
			if tt.value == "" {
				condition = fmt.Sprintf(`{"Null":{%q:"true"}}`, tt.key)
			}
			// A Deny with "*" reaches every kind of caller.
			check(t, put(tt.caller), Policies{Resource: source(t, "p", `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":`+condition+`}`)}, eDeny)
		})
	}
}

// The beginning is compared first, and must leave out no pattern that matches.
func TestActionPatternsInAnyCase(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]bool{
		"S3:GETOBJECT": true, "s3:getobject": true, "s3:Get*": true, "*": true, "?3:GetObject": true, "s*": true, "S3:get?bject": true,
		"s3:GetObjects": false, "s3:Get": false, "s4:*": false, "a4b:Get*": false, "": false, "\u017f3:GetObject": false,
	} {
		x := &context{action: "s3:getobject"}
		if got := x.anyAction(Strings{pattern}); got != want {
			t.Errorf("%s: %v, want %v", pattern, got, want)
		}
	}
}
