package iam

import "strings"

// withoutPolicies decides what no policy decides: operations that need no
// permission, callers that an operation doesn't have, and names that are AWS's
// own. why is "" if policies decide.
func withoutPolicies(req *Request) (allowed bool, why string) {
	switch prefix, name, _ := strings.Cut(req.Action, ":"); strings.ToLower(prefix) {
	case "sts":
		return bySTS(req, strings.ToLower(name))
	case "iam":
		return false, byIAM(req, strings.ToLower(name))
	case "kms":
		return false, byKMS(req, strings.ToLower(name))
	}
	if req.Caller.kind == federatedCaller {
		return false, "a federated principal can only assume roles; ask for the session of the role"
	}
	return false, ""
}

// bySTS: no policy keeps users from GetCallerIdentity and GetSessionToken, "you
// cannot use policies to control authentication operations". Each other operation
// has callers of its own, and temporary credentials can't make all calls.
//
// Source: STS API reference, GetCallerIdentity, GetSessionToken, AssumeRole and
// GetFederationToken; IAM user guide, id_credentials_sts-comparison.
func bySTS(req *Request, operation string) (allowed bool, why string) {
	c := req.Caller
	isUser := c.kind == userCaller || c.kind == rootCaller
	federated := c.kind == federatedCaller
	switch operation {
	case "getcalleridentity":
		if c.account != "" {
			return true, "sts:GetCallerIdentity needs no permission"
		}
	case "assumerole":
		if c.kind == rootCaller {
			return false, "a role can't be assumed by a root user"
		}
	case "assumerolewithwebidentity", "assumerolewithsaml":
		if saml := strings.Contains(c.arn, ":saml-provider/"); !federated || saml != (operation == "assumerolewithsaml") {
			return false, req.Action + " is called by the federated principals of an identity provider of its kind only"
		}
		return false, ""
	case "getsessiontoken":
		if isUser && !temporary(req) {
			return true, "sts:GetSessionToken needs no permission"
		}
		return false, "sts:GetSessionToken is for the long-term credentials of a user"
	case "getfederationtoken":
		if !isUser {
			return false, "sts:GetFederationToken is for the long-term credentials of a user"
		}
	}
	switch {
	case federated && operation != "tagsession" && operation != "setsourceidentity":
		return false, "a federated principal can only assume roles, with sts:AssumeRoleWithWebIdentity or sts:AssumeRoleWithSAML"
	case c.kind == federatedUser:
		return false, "the session of a federated user can call sts:GetCallerIdentity only"
	case isUser && operation != "assumerole" && temporary(req):
		return false, "the temporary credentials of a user can call sts:AssumeRole and sts:GetCallerIdentity only"
	}
	return false, ""
}

// temporary: a user and a root user have aws:TokenIssueTime with credentials of
// GetSessionToken. A service that calls on their behalf isn't held to its limits.
func temporary(req *Request) bool {
	return req.has("aws:TokenIssueTime") && !req.isTrue("aws:ViaAWSService")
}

// byIAM: the sessions of GetFederationToken can't call IAM, those of
// GetSessionToken only with MFA, and only its service changes whom a
// service-linked role trusts.
//
// Source: STS API reference, GetSessionToken and GetFederationToken; IAM API
// reference, UpdateAssumeRolePolicy, DeleteRole, PutRolePermissionsBoundary and
// DeleteRolePermissionsBoundary (UnmodifiableEntity).
func byIAM(req *Request, operation string) string {
	switch c := req.Caller; {
	case c.kind == federatedCaller:
		return "a federated principal can only assume roles; ask for the session of the role"
	case c.kind == federatedUser:
		return "the session of a federated user can't call IAM"
	case (c.kind == userCaller || c.kind == rootCaller) && temporary(req) && !req.isTrue("aws:MultiFactorAuthPresent"):
		return "the temporary credentials of a user can call IAM with MFA only"
	}
	switch operation {
	case "updateassumerolepolicy", "deleterole", "putrolepermissionsboundary", "deleterolepermissionsboundary":
		if linkedTo(req.Resource) != "" {
			return "only the service of a service-linked role can change it"
		}
	}
	return ""
}

// byKMS: names of aliases that begin with alias/aws/ are reserved for AWS managed
// keys.
//
// Source: KMS API reference, CreateAlias.
func byKMS(req *Request, operation string) string {
	switch {
	case req.Caller.kind == federatedCaller:
		return "a federated principal can only assume roles; ask for the session of the role"
	case operation == "createalias" && strings.Contains(req.Resource, ":alias/aws/"):
		return "an alias that begins with alias/aws/ is reserved for AWS managed keys"
	}
	return ""
}

// linkedTo is the service of a service-linked role, "" for every other resource.
//
// Source: IAM user guide, using-service-linked-roles.
func linkedTo(arn string) string {
	_, path, _ := strings.Cut(arn, ":role/aws-service-role/")
	service, _, _ := strings.Cut(path, "/")
	return service
}

// has says whether the request's own context has a key.
func (req *Request) has(key string) bool { return len(req.given(key)) > 0 }

func (req *Request) isTrue(key string) bool {
	v := req.given(key)
	return len(v) == 1 && strings.EqualFold(v[0], "true")
}

func (req *Request) given(key string) Strings {
	if v, ok := req.Context[key]; ok {
		return v
	}
	for k, v := range req.Context {
		if strings.EqualFold(k, key) {
			return v
		}
	}
	return nil
}
