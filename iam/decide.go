package iam

import (
	"fmt"
	"strings"
)

// decide combines what the policies said.
func (e *evaluation) decide() Decision {
	p := &e.policies
	if e.deny != nil {
		return e.denied(true, e.deny, "an explicit deny")
	}
	if e.scps < len(p.SCPs) {
		return e.denied(false, nil, fmt.Sprintf("no service control policy at level %d (0 is the root) allows it", e.scps))
	}
	d := e.granted()
	if d.Allowed && e.restricted() {
		return e.denied(true, nil, "Block Public Access (RestrictPublicBuckets), for "+p.Resource.Name+" is public")
	}
	return d
}

// granted decides by the policies that can allow, and those that limit them.
func (e *evaluation) granted() Decision {
	c := e.req.Caller
	switch {
	case c.account == "":
		return e.withoutIdentity()
	case c.account == e.req.ResourceAccount:
		return e.sameAccount()
	}
	return e.crossAccount()
}

// ownerKeepsPolicy: the root user of a bucket's account can read, replace and
// delete the bucket policy even if that policy denies it.
//
// Source: Amazon S3 API reference, PutBucketPolicy.
func (e *evaluation) ownerKeepsPolicy() bool {
	c := e.req.Caller
	return c.kind == rootCaller && c.account == e.req.ResourceAccount && ownersActions[e.action]
}

var ownersActions = map[string]bool{
	"s3:getbucketpolicy": true, "s3:putbucketpolicy": true, "s3:deletebucketpolicy": true,
}

// restricted: under RestrictPublicBuckets a public policy admits only AWS
// services and the accounts of the bucket and of the access point. The stricter
// setting of bucket and access point holds for both.
//
// Source: Amazon S3 user guide, access-control-block-public-access.
func (e *evaluation) restricted() bool {
	c, p, point := e.req.Caller, &e.policies, e.policies.AccessPoint
	restrict := p.PublicAccess != nil && p.PublicAccess.RestrictPublicBuckets || point != nil && point.PublicAccess.RestrictPublicBuckets
	switch {
	case !restrict || p.Resource == nil || c.kind == serviceCaller || c.account == e.req.ResourceAccount:
		return false
	case point == nil:
		return Public(p.Resource.Document)
	case c.account == point.bucketAccount || c.account == arnAccount(point.ARN):
		return false
	case p.Resource == point.Policy:
		return !point.VPC && public(p.Resource.Document, true)
	}
	return Public(p.Resource.Document)
}

// trusts says whether the resource's own policy must let the caller in before
// the caller's policies count, even within one account: KMS keys and roles.
//
// Source: KMS developer guide, key-policies and alias-access; IAM user guide,
// reference_policies_evaluation-logic_policy-eval-denyallow.
func (e *evaluation) trusts() bool {
	switch service(e.req.Action) {
	case "kms":
		return !strings.Contains(e.req.Resource, ":alias/") && (e.req.Resource != "*" || !withoutKey[e.action])
	case "sts":
		return strings.Contains(e.req.Resource, ":role/")
	}
	return false
}

// withoutKey are the KMS actions that use no particular key, so that there is no
// key policy to ask and identity policies alone decide. Their resource is "*".
// Tagging is one of them while a key is being made.
//
// Source: KMS developer guide, cmks-in-iam-policies and
// kms-api-permissions-reference (policy type "IAM policy"); KMS API reference,
// CreateKey (required permissions).
var withoutKey = map[string]bool{
	"kms:createkey": true, "kms:tagresource": true, "kms:generaterandom": true,
	"kms:listkeys": true, "kms:listaliases": true, "kms:listretirablegrants": true,
	"kms:connectcustomkeystore": true, "kms:createcustomkeystore": true, "kms:deletecustomkeystore": true,
	"kms:describecustomkeystores": true, "kms:disconnectcustomkeystore": true, "kms:updatecustomkeystore": true,
}

func (e *evaluation) withoutIdentity() Decision {
	h := e.resource[directGrant]
	if h == nil {
		if c := e.req.Caller; c.kind == canonicalCaller && !e.trusts() && !e.leftOpen("whether canonical user "+c.canonical+" owns the resource") {
			return e.allowed(nil)
		}
		return e.denied(false, nil, "no resource policy allows it")
	}
	if s := service(e.req.Action); e.req.Caller.kind == anonymous && (s == "kms" || s == "sts") {
		return e.denied(false, nil, "KMS and STS accept no anonymous requests")
	}
	return e.allowed(h)
}

func (e *evaluation) sameAccount() Decision {
	if h := e.resource[directGrant]; h != nil {
		return e.allowed(h)
	}
	limit := e.limit()
	role := e.resource[roleGrant]
	if role != nil && limit == "" {
		return e.allowed(role)
	}
	switch {
	case e.trusts() && role == nil && e.resource[accountGrant] == nil:
		return e.denied(false, nil, "the resource's own policy lets neither the caller nor its account in")
	case !e.hasIdentity() && role == nil:
		return e.denied(false, nil, "neither an identity policy nor the resource policy allows it")
	case limit != "":
		return e.denied(false, nil, limit)
	}
	return e.allowed(e.identity)
}

func (e *evaluation) crossAccount() Decision {
	h := e.resource[directGrant]
	for g := roleGrant; h == nil && g > noGrant; g-- {
		h = e.resource[g]
	}
	switch {
	case h == nil:
		return e.denied(false, nil, "the caller is of another account and no resource policy allows it")
	case !e.hasIdentity():
		return e.denied(false, nil, "the caller is of another account and no identity policy there allows it")
	}
	if limit := e.limit(); limit != "" {
		return e.denied(false, nil, limit)
	}
	return e.allowed(h)
}

// hasIdentity: the root user may do everything that its account may.
func (e *evaluation) hasIdentity() bool {
	return e.identity != nil || e.req.Caller.kind == rootCaller
}

// limit says which policy that only limits leaves the action out, or "".
func (e *evaluation) limit() string {
	switch {
	case e.policies.Boundary != nil && e.boundary == nil:
		return "the permissions boundary " + e.policies.Boundary.Name + " doesn't allow it"
	case (len(e.policies.Session) > 0 || e.req.Caller.kind == federatedUser) && e.session == nil:
		return "no session policy allows it"
	}
	return ""
}
