package problem

import (
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/iam/authorization"
	"github.com/s3seal/s3seal/internal/spelling"
)

// ownService is the service of whose actions a policy is.
var ownService = map[Kind]string{Bucket: "s3", AccessPoint: "s3", Key: "kms", Trust: "sts", Secret: "secretsmanager"}

// actions finds those that don't exist, and those of services that the policy is
// not of.
//
// Source: IAM user guide, access-analyzer-reference-policy-checks, "Invalid action"
// and "Invalid service in action": IAM itself ignores them.
func (c *checker) actions() {
	own, fixed := ownService[c.subject.Kind]
	for _, element := range []struct {
		name string
		list []string
	}{{"Action", c.statement.Action}, {"NotAction", c.statement.NotAction}} {
		for _, pattern := range element.list {
			prefix, _, _ := strings.Cut(pattern, ":")
			if fixed && !strings.EqualFold(prefix, own) && !strings.ContainsAny(prefix, "*?") {
				c.wrong(ActionElsewhere, element.name, pattern, "%s is no action of %s, which the policy is of", pattern, own)
				continue
			}
			switch text, sure := c.unknownAction(pattern); {
			case sure:
				c.wrong(ActionUnknown, element.name, pattern, "%s", text)
			case text != "":
				c.doubtful(ActionUnknown, element.name, pattern, "%s", text)
			}
		}
	}
}

// matching gives the actions of a pattern, which every check of a statement asks for.
func (c *checker) matching(pattern string) []authorization.Action {
	actions, ok := c.matched[pattern]
	if !ok {
		actions = authorization.Matching(pattern)
		c.matched[pattern] = actions
	}
	return actions
}

// unknownAction says what is wrong with an action, "" if nothing is. sure is false
// of one that AWS may have added since.
func (c *checker) unknownAction(pattern string) (text string, sure bool) {
	prefix, name, ok := strings.Cut(pattern, ":")
	if !ok || strings.ContainsAny(prefix, "*?") {
		return "", false
	}
	if !authorization.Known(prefix) {
		return fmt.Sprintf("%s: no service with the prefix %s is known by %s%s", pattern, prefix, authorization.Date(), suggest(prefix, authorization.Services(), 1)), false
	}
	if len(c.matching(pattern)) > 0 || strings.EqualFold(pattern, "sns:Receive") { // which the default policy of a topic has
		return "", false
	}
	if strings.ContainsAny(name, "*?") {
		return fmt.Sprintf("%s matches no action of %s known by %s", pattern, authorization.Title(prefix), authorization.Date()), false
	}
	if meant, ok := authorizedAs[strings.ToLower(pattern)]; ok {
		return fmt.Sprintf("%s is an operation and no action; it is authorized as %s", pattern, meant), true
	}
	var names []string
	for _, a := range authorization.Matching(prefix + ":*") {
		names = append(names, a.String())
	}
	if near := suggest(pattern, names, 2); near != "" {
		return fmt.Sprintf("%s is no action%s", pattern, near), true
	}
	return fmt.Sprintf("%s is no action of %s known by %s", pattern, authorization.Title(prefix), authorization.Date()), false
}

// suggest is a question for the nearest of the known words, "" if none is within
// so many edits.
func suggest(word string, known []string, edits int) string {
	if near := spelling.Within(word, known, edits); near != "" {
		return fmt.Sprintf("; did you mean %s?", near)
	}
	return ""
}

// authorizedAs has operations whose names differ from those of the actions that
// they need; policies often name them.
//
// Source: S3 user guide, using-with-s3-policy-actions; service-authorization,
// list_kms, "API operations".
var authorizedAs = map[string]string{
	"kms:reencrypt": "kms:ReEncryptFrom and kms:ReEncryptTo",

	"s3:completemultipartupload":         "s3:PutObject",
	"s3:copyobject":                      "s3:GetObject and s3:PutObject",
	"s3:createmultipartupload":           "s3:PutObject",
	"s3:deletebucketencryption":          "s3:PutEncryptionConfiguration",
	"s3:deletebucketlifecycle":           "s3:PutLifecycleConfiguration",
	"s3:deletebucketreplication":         "s3:PutReplicationConfiguration",
	"s3:deleteobjects":                   "s3:DeleteObject",
	"s3:deletepublicaccessblock":         "s3:PutBucketPublicAccessBlock",
	"s3:getbucketencryption":             "s3:GetEncryptionConfiguration",
	"s3:getbucketlifecycleconfiguration": "s3:GetLifecycleConfiguration",
	"s3:getbucketreplication":            "s3:GetReplicationConfiguration",
	"s3:getobjectlockconfiguration":      "s3:GetBucketObjectLockConfiguration",
	"s3:getpublicaccessblock":            "s3:GetBucketPublicAccessBlock",
	"s3:headobject":                      "s3:GetObject",
	"s3:listbuckets":                     "s3:ListAllMyBuckets",
	"s3:listmultipartuploads":            "s3:ListBucketMultipartUploads",
	"s3:listobjects":                     "s3:ListBucket",
	"s3:listobjectsv2":                   "s3:ListBucket",
	"s3:listobjectversions":              "s3:ListBucketVersions",
	"s3:listparts":                       "s3:ListMultipartUploadParts",
	"s3:putbucketencryption":             "s3:PutEncryptionConfiguration",
	"s3:putbucketlifecycleconfiguration": "s3:PutLifecycleConfiguration",
	"s3:putbucketreplication":            "s3:PutReplicationConfiguration",
	"s3:putobjectlockconfiguration":      "s3:PutBucketObjectLockConfiguration",
	"s3:putpublicaccessblock":            "s3:PutBucketPublicAccessBlock",
	"s3:uploadpart":                      "s3:PutObject",
	"s3:uploadpartcopy":                  "s3:GetObject and s3:PutObject",
}
