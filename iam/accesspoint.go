package iam

import "strings"

// AccessPoint is an S3 access point with what decides requests that come
// through it.
type AccessPoint struct {
	ARN          string  // "arn:aws:s3:eu-west-1:111122223333:accesspoint/reports"
	VPC          bool    // its network origin is a VPC, not the internet
	Policy       *Source // nil: it has none
	PublicAccess PublicAccessBlock
	// RCPs are those of the access point's account. They count where that is
	// not the bucket's account; Policies.RCPs otherwise.
	RCPs [][]Source

	bucketAccount string
}

// through decides a request that comes through an access point: it and the bucket
// must both permit the request, each by its own policy, on its own resource and
// under its own account.
//
// The caller's own policies can name an access point: its objects are a resource
// type of GetObject beside the bucket's. Whether they must then let the bucket
// pass too isn't documented. The request is allowed if it is either way, and a
// denial is certain if it is also one when they are asked about the bucket alone.
//
// Source: Amazon S3 user guide, access-points-policies; service authorization
// reference, list_amazons3.
func through(point AccessPoint, req Request, p Policies) Decision {
	point.bucketAccount = req.ResourceAccount
	p.AccessPoint = &point
	at, atPolicies := req, p
	at.Resource, at.ResourceAccount = point.resource(req.Resource), arnAccount(point.ARN)
	atPolicies.Resource = point.Policy
	if at.ResourceAccount != req.ResourceAccount {
		atPolicies.RCPs = point.RCPs
	}
	atPoint, atBucket := decide(at, atPolicies, at.Resource), decide(req, p, req.Resource)
	both := weaker(atPoint, atBucket)
	asPoint := weaker(atPoint, decide(req, p, at.Resource))
	result := weaker(both, asPoint)
	if result.Allowed {
		return result
	}
	if both.Allowed || asPoint.Allowed || weaker(decide(at, atPolicies, req.Resource), atBucket).Allowed {
		result.Open = "whether the caller's own policies are asked about the access point, the bucket or both"
	}
	return result
}

// weaker is the decision of the two that stands when both must allow: a denial
// that is certain goes before one that isn't, and an explicit one before an
// implicit one.
func weaker(a, b Decision) Decision {
	switch {
	case a.Allowed:
		return b
	case b.Allowed:
		return a
	case (a.Open == "") != (b.Open == ""):
		if a.Open != "" {
			return b
		}
	case b.Explicit && !a.Explicit:
		return b
	}
	return a
}

// resource is the ARN of a bucket or of an object, as the policy of the access
// point names it.
//
// Source: Amazon S3 user guide, security_iam_service-with-iam.
func (a *AccessPoint) resource(arn string) string {
	if _, key, isObject := strings.Cut(arn, "/"); isObject {
		return a.ARN + "/object/" + key
	}
	return a.ARN
}

// malformed says what is wrong with the access point for the request, or "".
func (a *AccessPoint) malformed(req *Request) string {
	p := strings.SplitN(a.ARN, ":", 6)
	if len(p) != 6 || p[0] != "arn" || p[2] != "s3" || !isAccount(p[4]) || !strings.HasPrefix(p[5], "accesspoint/") || strings.Count(p[5], "/") != 1 {
		return "access point " + a.ARN + " is not an ARN arn:PARTITION:s3:REGION:ACCOUNT:accesspoint/NAME"
	}
	if service(req.Action) != "s3" || !strings.HasPrefix(req.Resource, p[0]+":"+p[1]+":s3:::") {
		return "the request through access point " + a.ARN + " is not an action of S3 on a bucket or an object, arn:" + p[1] + ":s3:::BUCKET/KEY"
	}
	return ""
}

// deriveKeys adds the condition keys that a request through the access point has.
//
// Source: Amazon S3 user guide, access-points-policies, "Condition keys".
func (a *AccessPoint) deriveKeys(x *context) {
	origin := "Internet"
	if a.VPC {
		origin = "VPC"
	}
	x.derive("s3:DataAccessPointArn", a.ARN)
	x.derive("s3:DataAccessPointAccount", arnAccount(a.ARN))
	x.derive("s3:AccessPointNetworkOrigin", origin)
}
