package iam

import (
	"strings"
	"testing"
)

const (
	pointARN   = "arn:aws:s3:eu-west-1:111122223333:accesspoint/reports"
	foreignARN = "arn:aws:s3:eu-west-1:444455556666:accesspoint/reports"
)

// Source: Amazon S3 user guide, access-points-policies.
func TestEvaluateAccessPoint(t *testing.T) {
	t.Parallel()
	const (
		aliceAt     = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/alice"},"Action":"s3:PutObject","Resource":"` + pointARN + `/object/*"}`
		delegate    = `{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*","Resource":["arn:aws:s3:::data","arn:aws:s3:::data/*"],"Condition":{"StringEquals":{"s3:DataAccessPointAccount":"111122223333"}}}`
		delegateTo4 = `{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*","Resource":["arn:aws:s3:::data","arn:aws:s3:::data/*"],"Condition":{"StringEquals":{"s3:DataAccessPointAccount":"444455556666"}}}`
		pointsOnly  = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"s3:DataAccessPointAccount":"111122223333"}}}`
		vpcOnly     = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"s3:AccessPointNetworkOrigin":"VPC"}}}`
		onPoint     = `{"Effect":"Allow","Action":"s3:*","Resource":"` + pointARN + `*"}`
		onBucket    = `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::data/*"}`
		denyBucket  = `{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::data/*"}`
		toTheOther  = `{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:*","Resource":"` + pointARN + `/object/*"}`
	)
	for _, tt := range []struct {
		name                    string
		caller                  Caller
		arn                     string
		identity, point, bucket string
		want                    verdict
		open                    bool
	}{
		{"example 1: both policies", alice, pointARN, "", aliceAt, admit(`{"AWS":"arn:aws:iam::111122223333:user/alice"}`), allowed, false},
		{"example 6: the bucket delegates to the access points of an account", alice, pointARN, "", aliceAt, delegate, allowed, false},
		{"the access point alone permits", alice, pointARN, "", aliceAt, "", iDeny, false},
		{"the bucket alone permits", alice, pointARN, "", "", admit(`"*"`), iDeny, false},
		{"an identity policy for everything", alice, pointARN, allowAll, "", "", allowed, false},
		{"no policy", alice, pointARN, "", "", "", iDeny, false},
		{"an identity policy for the access point, and no policy of the bucket", alice, pointARN, onPoint, "", "", iDeny, true},
		{"an identity policy for the access point, and the bucket delegates", alice, pointARN, onPoint, "", delegate, allowed, false},
		{"an identity policy for the bucket", alice, pointARN, onBucket, "", "", iDeny, true},
		{"the access point's policy, and an identity policy for the bucket", alice, pointARN, onBucket, aliceAt, "", iDeny, true},
		{"an identity policy denies the bucket", alice, pointARN, onPoint + "," + denyBucket, aliceAt, delegate, eDeny, true},
		{"the access point denies", alice, pointARN, allowAll, refuse(`"*"`), "", eDeny, false},
		{"the bucket denies", alice, pointARN, allowAll, "", refuse(`"*"`), eDeny, false},
		{"the bucket denies what comes through no access point of the account", alice, pointARN, allowAll, "", pointsOnly, allowed, false},
		{"the same for another account's access point", alice, foreignARN, allowAll, admit(`"*"`), pointsOnly, eDeny, false},
		{"example 5: the bucket denies what doesn't come from a VPC", alice, pointARN, allowAll, "", vpcOnly, eDeny, false},
		{"another account, both sides", mallory, pointARN, allowAll, toTheOther, delegate, allowed, false},
		{"another account without an identity policy", mallory, pointARN, "", toTheOther, delegate, iDeny, false},
		{"another account with an identity policy for the access point", mallory, pointARN, onPoint, toTheOther, delegate, iDeny, true},
		{"example 7: the other account's access point", mallory, foreignARN, allowAll, "", delegateTo4, allowed, false},
		{"the other account's access point, and the bucket doesn't delegate to it", mallory, foreignARN, allowAll, "", delegate, iDeny, false},
		{"anonymous, both policies", Anonymous(), pointARN, "", admit(`"*"`), delegate, allowed, false},
		{"anonymous, the access point names an account", Anonymous(), pointARN, "", toTheOther, delegate, iDeny, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkOpen(t, put(tt.caller), Policies{
				Identity: sources(t, "identity", tt.identity), Resource: source(t, "bucket policy", tt.bucket),
				AccessPoint: &AccessPoint{ARN: tt.arn, Policy: source(t, "access point policy", tt.point)},
			}, tt.want, tt.open)
		})
	}
	t.Run("RCPs of its account", func(t *testing.T) {
		t.Parallel()
		p := Policies{Identity: sources(t, "identity", allowAll), Resource: source(t, "bucket policy", delegateTo4),
			AccessPoint: &AccessPoint{ARN: foreignARN, RCPs: [][]Source{sources(t, "rcp", denyAll)}}}
		check(t, put(mallory), p, eDeny)
		p.AccessPoint.ARN, p.Resource = pointARN, source(t, "bucket policy", delegate)
		p.AccessPoint.Policy = source(t, "access point policy", toTheOther)
		check(t, put(mallory), p, allowed)
	})
}

// Source: Amazon S3 user guide, access-control-block-public-access, "Access
// points" and RestrictPublicBuckets.
func TestAccessPointBlocksPublicAccess(t *testing.T) {
	t.Parallel()
	const byPoint = `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"ArnLike":{"s3:DataAccessPointArn":"arn:aws:s3:eu-west-1:444455556666:accesspoint/*"}}}`
	restrict := PublicAccessBlock{RestrictPublicBuckets: true}
	for _, tt := range []struct {
		name          string
		caller        Caller
		vpc           bool
		point, bucket string
		ofPoint, of   PublicAccessBlock
		want          verdict
	}{
		{"nothing is blocked", Anonymous(), false, admit(`"*"`), admit(`"*"`), PublicAccessBlock{}, PublicAccessBlock{}, allowed},
		{"the access point's setting", Anonymous(), false, admit(`"*"`), byPoint, restrict, PublicAccessBlock{}, eDeny},
		{"the bucket's setting", Anonymous(), false, admit(`"*"`), byPoint, PublicAccessBlock{}, restrict, eDeny},
		{"its policy is never public in a VPC", Anonymous(), true, admit(`"*"`), byPoint, restrict, restrict, allowed},
		{"the bucket's policy is, also in a VPC", Anonymous(), true, admit(`"*"`), admit(`"*"`), restrict, restrict, eDeny},
		{"the ARN of an access point binds nobody in its policy", Anonymous(), false, byPoint, byPoint, restrict, restrict, eDeny},
		{"a user of the access point's account", mallory, false, admit(`"*"`), admit(`"*"`), restrict, restrict, allowed},
		{"a user of the bucket's account", alice, false, admit(`"*"`), admit(`"*"`), restrict, restrict, allowed},
		{"a service", deliveries, false, admit(`{"Service":"delivery.logs.amazonaws.com"}`) + "," + admit(`"*"`), admit(`"*"`), restrict, restrict, allowed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, put(tt.caller), Policies{
				Identity: sources(t, "identity", allowAll), Resource: source(t, "bucket policy", tt.bucket), PublicAccess: &tt.of,
				AccessPoint: &AccessPoint{ARN: foreignARN, VPC: tt.vpc, Policy: source(t, "access point policy", tt.point), PublicAccess: tt.ofPoint},
			}, tt.want)
		})
	}
}

func TestEvaluateRefusesAccessPoints(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, arn string
		change    func(*Request)
		want      string
	}{
		{"the access point's object", pointARN + "/object/a", func(*Request) {}, "is not an ARN"},
		{"a bucket", "arn:aws:s3:::data", func(*Request) {}, "is not an ARN"},
		{"an object of the access point, in place of the bucket's", pointARN, func(r *Request) { r.Resource = pointARN + "/object/a" }, "name it in its bucket"},
		{"another service", pointARN, func(r *Request) { r.Action = "kms:Decrypt" }, "not an action of S3"},
		{"another partition", "arn:aws-cn:s3:cn-north-1:111122223333:accesspoint/reports", func(*Request) {}, "arn:aws-cn:s3:::BUCKET/KEY"},
		{"another access point's key", pointARN, func(r *Request) { r.Context = map[string]Strings{"s3:DataAccessPointArn": {foreignARN}} }, "s3:DataAccessPointArn"},
		{"another origin", pointARN, func(r *Request) { r.Context = map[string]Strings{"s3:AccessPointNetworkOrigin": {"VPC"}} }, `it is "Internet"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			req := put(alice)
			tt.change(&req)
			d := Evaluate(req, Policies{Identity: sources(t, "identity", allowAll), AccessPoint: &AccessPoint{ARN: tt.arn}})
			if d.Allowed || !strings.Contains(d.Explain(), tt.want) {
				t.Errorf("allowed %v, want a denial with %q\n%s", d.Allowed, tt.want, d.Explain())
			}
		})
	}
}
