package rule

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/resource"
)

var principalRules = []Rule{
	{
		ID:       "principal-anyone",
		Severity: Error,
		Reason:   "An Allow to \"*\" without a condition on a fixed account, organization or principal admits the whole world, and so does a public ACL that is in force.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
		Fix:      "Name the principals, or the account's root with a condition on aws:PrincipalArn.",
		check:    checkAnyone,
	},
	{
		ID:       "wildcard-account",
		Severity: Error,
		Reason:   "An ARN with a wildcard for the account, or of a bucket, which names none, is fulfilled by a resource of that name in any account, and a service acts for all of them; S3 counts a policy with such a wildcard as public.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
		Fix:      "Write the account, or add a condition on aws:PrincipalAccount, aws:SourceAccount or aws:PrincipalOrgID.",
		check:    checkWildAccounts,
	},
}

func checkAnyone(c *checker) {
	eachStatement((*checker).admitsAnyone)(c)
	c.each("AWS::Lambda::Permission", c.openFunction)
	for _, b := range c.set.Buckets {
		c.openByACL(b)
	}
}

func (c *checker) admitsAnyone(p *resource.Policy, s resource.Statement) {
	if !opens(p) || len(wildAccounts(s.Statement)) > 0 {
		return
	}
	b := c.bucketOfPolicy(p)
	switch to := strings.Join(slices.Concat(s.Action, s.NotAction), ", "); {
	case admitsAnyone(s.Statement) && closedToStrangers(p, s.Statement):
	case admitsAnyone(s.Statement) && b != nil && b.PublicAccess.RestrictPublicBuckets && !b.PublicAccess.BlockPublicPolicy:
		c.findAs(Warning, p.Resource, s.At, "%s admits anyone to %s, and RestrictPublicBuckets alone keeps them out", effectOf(s.Statement), to)
	case admitsAnyone(s.Statement):
		c.find(p.Resource, s.At, "%s admits anyone to %s", effectOf(s.Statement), to)
	case admitsAll(s.Statement) && public(s.Statement) && b != nil && b.PublicAccess != iam.PublicAccessBlock{}:
		c.findAs(Warning, p.Resource, s.At, "S3 counts %s as public for the wildcard in its condition, though only principals of fixed accounts are admitted, and Block Public Access is on", effectOf(s.Statement))
	}
}

func checkWildAccounts(c *checker) {
	eachStatement((*checker).admitsWildAccounts)(c)
	c.each("AWS::Lambda::Permission", c.openSource)
}

func (c *checker) admitsWildAccounts(p *resource.Policy, s resource.Statement) {
	if !opens(p) || !openPrincipal(s.Statement) || boundToFixed(s.Statement) || closedToStrangers(p, s.Statement) {
		return
	}
	for _, line := range wildAccounts(s.Statement) {
		c.find(p.Resource, s.At, "%s: %s", effectOf(s.Statement), line)
	}
}

// opens: the policy can let the world in. An IAM policy has no principals, and
// an access point of a VPC accepts no requests from elsewhere.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func opens(p *resource.Policy) bool {
	if p.Kind == resource.AccessPointPolicy {
		inVPC, err := p.Properties().Get("VpcConfiguration").Exists()
		return !inVPC && err == nil
	}
	return p.Kind != resource.IdentityPolicy
}

// openPrincipal: the statement lets in "*" or a service, which acts for any
// account.
func openPrincipal(s iam.Statement) bool {
	return admitsAll(s) || s.Effect == iam.Allow && s.Principal != nil && len(s.Principal.Service) > 0
}

func admitsAll(s iam.Statement) bool {
	return s.Effect == iam.Allow && s.Principal != nil && (s.Principal.Any || slices.Contains(s.Principal.AWS, "*"))
}

// admitsAnyone is what S3 calls public, of one statement. A key policy may bind
// its callers by kms:CallerAccount as well.
func admitsAnyone(s iam.Statement) bool { return admitsAll(s) && !boundToFixed(s) }

// boundToFixed says whether a condition binds the caller, or the account a
// service acts for, to fixed values.
func boundToFixed(s iam.Statement) bool {
	if !public(s) {
		return true
	}
	for operator, keys := range s.Condition {
		if bindsAccount(operator, keys) {
			return true
		}
		if operator != "StringEquals" && operator != "StringLike" && operator != "ForAnyValue:StringEquals" && operator != "ForAnyValue:StringLike" {
			continue
		}
		for key, values := range keys {
			key = strings.ToLower(key)
			if boundKeys[key] && !slices.ContainsFunc(values, func(v string) bool { return open(key, v) }) {
				return true
			}
		}
	}
	return false
}

// public is what S3 calls so, of one statement, for whomever it is.
func public(s iam.Statement) bool {
	s.Principal = &iam.Principal{Any: true}
	return iam.Public(iam.Document{Statement: []iam.Statement{s}})
}

// bindsAccount: S3 counts a wildcard anywhere in an ARN as public, but one that
// stands in the name only lets nobody in but principals, or resources, of the
// account. The unique id of a role is no other role's.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func bindsAccount(operator string, keys map[string]iam.Strings) bool {
	switch strings.TrimPrefix(operator, "ForAnyValue:") {
	case "ArnEquals", "ArnLike", "StringEquals", "StringLike":
	default:
		return false
	}
	for key, values := range keys {
		if len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool { return !boundValue(key, v) }) {
			return true
		}
	}
	return false
}

func boundValue(key, value string) bool {
	switch {
	case strings.EqualFold(key, conditionkey.PrincipalARN), strings.EqualFold(key, conditionkey.SourceARN):
		return accountID.MatchString(resource.ARN(value).AccountID)
	case strings.EqualFold(key, "aws:userid"):
		id, _, session := strings.Cut(value, ":")
		return session && strings.HasPrefix(id, "AROA") && !strings.ContainsAny(id, "*?$")
	}
	return false
}

// open says whether a value of a bound key holds a wildcard where the account or
// organization stands; in a path of an organization that is before the first
// slash.
func open(key, value string) bool {
	if strings.HasSuffix(key, "paths") {
		value, _, _ = strings.Cut(value, "/")
	}
	return strings.ContainsAny(value, "*?") || strings.Contains(value, "${")
}

// boundKeys bind a caller beside those that S3 lists, each to an account or an
// organization.
// Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
// and IAM's reference_policies_condition-keys.
var boundKeys = map[string]bool{
	"kms:calleraccount": true, "aws:principalorgpaths": true, "aws:sourceorgid": true, "aws:sourceorgpaths": true,
}

// wildAccounts are the conditions that compare an ARN with a wildcard where the
// account stands.
func wildAccounts(s iam.Statement) []string {
	var lines []string
	for _, operator := range slices.Sorted(maps.Keys(s.Condition)) {
		if strings.Contains(operator, "Not") || operator == "Null" {
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(s.Condition[operator])) {
			if !strings.EqualFold(key, conditionkey.PrincipalARN) && !strings.EqualFold(key, conditionkey.SourceARN) {
				continue
			}
			for _, v := range s.Condition[operator][key] {
				if strings.ContainsAny(resource.ARN(v).AccountID, "*?") || strings.HasPrefix(v, "*") {
					lines = append(lines, operator+" "+key+" is "+v)
				}
			}
		}
	}
	return lines
}
