package iam

import (
	"fmt"
	"testing"
)

// Source: Amazon S3 user guide, access-control-block-public-access, "The
// meaning of public".
func TestPublic(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, effect, principal, condition string
		want                               bool
	}{
		{"*", "Allow", `"*"`, `{}`, true},
		{"{AWS: *}", "Allow", `{"AWS":"*"}`, `{}`, true},
		{"* among others", "Allow", `{"AWS":["111122223333","*"]}`, `{}`, true},
		{"Deny", "Deny", `"*"`, `{}`, false},
		{"account", "Allow", `{"AWS":"444455556666"}`, `{}`, false},
		{"service", "Allow", `{"Service":"cloudtrail.amazonaws.com"}`, `{}`, false},
		{"VPC with a wildcard", "Allow", `"*"`, `{"StringLike":{"aws:SourceVpc":"vpc-*"}}`, true},
		{"VPC", "Allow", `"*"`, `{"StringEquals":{"aws:SourceVpc":"vpc-91237329"}}`, false},
		{"one VPC and one wildcard", "Allow", `"*"`, `{"StringLike":{"aws:SourceVpc":["vpc-91237329","vpc-*"]}}`, true},
		{"VPC if it exists", "Allow", `"*"`, `{"StringEqualsIfExists":{"aws:SourceVpc":"vpc-91237329"}}`, true},
		{"not a VPC", "Allow", `"*"`, `{"StringNotEquals":{"aws:SourceVpc":"vpc-91237329"}}`, true},
		{"all of a VPC", "Allow", `"*"`, `{"ForAllValues:StringEquals":{"aws:SourceVpc":"vpc-91237329"}}`, true},
		{"some VPC", "Allow", `"*"`, `{"ForAnyValue:StringEquals":{"aws:SourceVpc":"vpc-91237329"}}`, false},
		{"VPC exists", "Allow", `"*"`, `{"Null":{"aws:SourceVpc":"false"}}`, true},
		{"policy variable", "Allow", `"*"`, `{"StringEquals":{"aws:SourceAccount":"${aws:PrincipalAccount}"}}`, true},
		{"organization", "Allow", `"*"`, `{"StringEquals":{"AWS:principalorgid":"o-a1b2c3d4e5"}}`, false},
		{"role ARN", "Allow", `"*"`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/replication"}}`, false},
		{"role ARN in any account", "Allow", `"*"`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/replication"}}`, true},
		{"the account of anonymous callers", "Allow", `"*"`, `{"StringEquals":{"aws:PrincipalAccount":"anonymous"}}`, true},
		{"source account", "Allow", `"*"`, `{"StringEquals":{"aws:SourceAccount":"444455556666"}}`, false},
		{"user id of a session pattern", "Allow", `"*"`, `{"StringLike":{"aws:userid":"AROAEXAMPLE:*"}}`, true},
		{"a key that isn't listed", "Allow", `"*"`, `{"StringEquals":{"s3:x-amz-acl":"private"}}`, true},
		{"one listed key is enough", "Allow", `"*"`, `{"StringEquals":{"s3:x-amz-acl":"private","aws:SourceVpce":"vpce-1"}}`, false},
		{"addresses", "Allow", `"*"`, `{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","10.0.0.0/8","198.51.100.7"]}}`, false},
		{"too many addresses", "Allow", `"*"`, `{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","10.0.0.0/7"]}}`, true},
		{"IPv6 addresses", "Allow", `"*"`, `{"IpAddress":{"aws:SourceIp":"2001:db8::/32"}}`, false},
		{"too many IPv6 addresses", "Allow", `"*"`, `{"IpAddress":{"aws:SourceIp":"2001:d00::/24"}}`, true},
		{"not from addresses", "Allow", `"*"`, `{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, true},
		{"access points of an account", "Allow", `"*"`, `{"ArnLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:123456789012:accesspoint/*"}}`, false},
		{"access points of any account", "Allow", `"*"`, `{"ArnLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:*:accesspoint/x"}}`, true},
		{"access point account", "Allow", `"*"`, `{"StringEquals":{"s3:DataAccessPointAccount":"123456789012"}}`, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*"},{"Effect":%q,"Principal":%s,"Action":"s3:*","Resource":"*","Condition":%s}]}`, tt.effect, tt.principal, tt.condition)
			if got := Public(parse(t, text)); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
	t.Run("Allow with NotPrincipal", func(t *testing.T) {
		t.Parallel()
		if !Public(Document{Statement: []Statement{{Effect: Allow, NotPrincipal: &Principal{AWS: Strings{owner}}}}}) {
			t.Error("not public")
		}
	})
}

// Source: as above, "How Amazon S3 evaluates a bucket policy that contains both
// public and non-public access grants": its example is the first three cases.
func TestRestrictPublicBuckets(t *testing.T) {
	t.Parallel()
	const named = `{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"*","Resource":"*"},
		{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"*","Resource":"*"}`
	const public = named + `,{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`
	for _, tt := range []struct {
		name   string
		caller Caller
		policy string
		on     bool
		want   verdict
	}{
		{"service under a public policy", ServicePrincipal("cloudtrail.amazonaws.com"), public, true, allowed},
		{"named account under a public policy", mallory, public, true, eDeny},
		{"named account under a policy that isn't public", mallory, named, true, allowed},
		{"owner's account under a public policy", alice, public, true, allowed},
		{"anonymous under a public policy", Anonymous(), public, true, eDeny},
		{"anonymous with the setting off", Anonymous(), public, false, allowed},
		{"anonymous that nothing allows", Anonymous(), named, true, iDeny},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, put(tt.caller), Policies{
				Identity:     sources(t, "identity", allowAll),
				Resource:     source(t, "bucket policy", tt.policy),
				PublicAccess: &PublicAccessBlock{BlockPublicPolicy: true, RestrictPublicBuckets: tt.on},
			}, tt.want)
		})
	}
}
