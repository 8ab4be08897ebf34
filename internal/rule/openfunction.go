package rule

import (
	"strings"

	"github.com/s3seal/s3seal/internal/bucketname"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// openFunction finds permissions of Lambda for everybody. One for the function's
// URL may be meant so, and counts as a warning.
//
// Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html and
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
func (c *checker) openFunction(r *template.Resource) {
	v := r.Properties()
	principal, known := c.text(r, v.Get("Principal"))
	if !known || principal != "*" {
		return
	}
	// A source is given by services only, and a token is a secret of one of them.
	for _, property := range []string{"SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken"} {
		if bound, known := c.text(r, v.Get(property)); !known || bound != "" {
			return
		}
	}
	action, known := c.text(r, v.Get("Action"))
	if !known {
		return
	}
	auth, known := c.text(r, v.Get("FunctionUrlAuthType"))
	if !known {
		return
	}
	byURL, known := c.flag(r, v.Get("InvokedViaFunctionUrl"))
	switch at := v.Get("Principal").Path(); {
	case !known:
	case auth == "AWS_IAM":
		c.findAs(Warning, r, at, "the permission admits every AWS account to %s through the function's URL", action)
	case auth != "" || byURL:
		c.findAs(Warning, r, at, "the permission admits anyone to %s through the function's URL", action)
	default:
		c.find(r, at, "the permission admits anyone to %s; give it PrincipalOrgID, or another Principal", action)
	}
}

// openSource finds permissions of Lambda for a service without a source of a fixed
// account. The ARN of a bucket names no account, and a stranger can make one of that
// name when it is deleted, but for one in an account regional namespace.
//
// Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html ("If
// you grant permission to a service principal without specifying the source, other
// accounts could potentially configure resources in their account to invoke your
// Lambda function"; "It is possible for an Amazon S3 bucket to be deleted by its owner
// and recreated by another account"), and the S3 user guide's gpbucketnamespaces.
func (c *checker) openSource(r *template.Resource) {
	v := r.Properties()
	principal, known := c.text(r, v.Get("Principal"))
	if !known || !strings.HasSuffix(principal, ".amazonaws.com") {
		return
	}
	for _, property := range []string{"SourceAccount", "PrincipalOrgID", "EventSourceToken"} {
		if bound, known := c.text(r, v.Get(property)); !known || bound != "" {
			return
		}
	}
	arn, known := c.text(r, v.Get("SourceArn"))
	switch at := v.Get("SourceAccount").Path(); {
	case !known:
	case arn == "":
		c.findAs(Warning, r, at, "without SourceArn and SourceAccount, %s may invoke the function for any account", principal)
	case principal == "s3.amazonaws.com" && !bucketname.IsAccountRegional(resource.ARN(arn).Resource):
		c.findAs(Warning, r, at, "without SourceAccount, %s may invoke the function whoever owns it: another account can take the name of a deleted bucket", arn)
	}
}
