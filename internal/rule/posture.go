package rule

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

var postureRules = []Rule{
	{
		ID:       "bucket-without-tls",
		Severity: Warning,
		Reason:   "Without a Deny on aws:SecureTransport, S3 answers plain HTTP requests, which anybody on the way can read.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
		Fix:      "Deny s3:* on the bucket and its objects to Principal \"*\" when Bool says that aws:SecureTransport is false.",
		check:    eachOf("AWS::S3::Bucket", (*checker).checkTLS),
	},
	{
		ID:       "bucket-acls-enabled",
		Severity: Warning,
		Reason:   "With ACLs, an object can be open, or belong to its writer, whatever the bucket policy says.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
		Fix:      "Set OwnershipControls with ObjectOwnership: BucketOwnerEnforced.",
		check: eachOf("AWS::S3::Bucket", func(c *checker, r *template.Resource) {
			v := r.Properties().Get("OwnershipControls", "Rules").Index(0).Get("ObjectOwnership")
			switch ownership, known := c.text(r, v); {
			case !known || ownership == "BucketOwnerEnforced":
			case ownership == "":
				c.find(r, v.Path(), "the bucket doesn't say who owns its objects")
			default:
				c.find(r, v.Path(), "ObjectOwnership %s keeps ACLs in force", ownership)
			}
		}),
	},
	{
		ID:       "bucket-public-access-unblocked",
		Severity: Warning,
		Reason:   "Without Block Public Access, one policy or ACL opens the bucket to the world.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
		Fix:      "Set all four of PublicAccessBlockConfiguration to true.",
		check: eachOf("AWS::S3::Bucket", func(c *checker, r *template.Resource) {
			v := r.Properties().Get("PublicAccessBlockConfiguration")
			var off []string
			for _, name := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
				if on, known := c.flag(r, v.Get(name)); known && !on {
					off = append(off, name)
				}
			}
			if len(off) > 0 {
				c.find(r, v.Path(), "not true: %s", strings.Join(off, ", "))
			}
		}),
	},
	{
		ID:       "bucket-unversioned",
		Severity: Warning,
		Reason:   "What is overwritten or deleted in a bucket without versions is gone.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
		Fix:      "Set VersioningConfiguration with Status: Enabled.",
		check: eachOf("AWS::S3::Bucket", func(c *checker, r *template.Resource) {
			v := r.Properties().Get("VersioningConfiguration", "Status")
			if status, known := c.text(r, v); known && status != "Enabled" {
				c.find(r, v.Path(), "the bucket keeps no versions")
			}
		}),
	},
}

// checkTLS asks over plain HTTP.
func (c *checker) checkTLS(r *template.Resource) {
	b, why := c.bucket(r)
	if b == nil {
		c.unknown(r, "", why)
		return
	}
	// Services call each other inside AWS; some policies spare them.
	people := slices.DeleteFunc(everybody(b), func(w question.Who) bool { return w.Caller.Service() != "" })
	for _, r := range []struct{ action, arn string }{
		{"s3:GetObject", b.ARN + "/object"}, {"s3:PutObject", b.ARN + "/object"}, {"s3:ListBucket", b.ARN},
	} {
		if !c.checkDenied(b, people, resource.Request{Action: r.action, Resource: r.arn, Context: question.OverHTTP}, "over plain HTTP", "statement",
			conditionkey.SecureTransport, conditionkey.TLSVersion, conditionkey.PrincipalIsAWSService, conditionkey.ViaAWSService) {
			return
		}
	}
}
