package rule

import (
	"path"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
)

const s3Actions = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"

var resourceKindRules = []Rule{
	{
		ID:       "object-action-on-bucket",
		Severity: Error,
		Reason:   "An action on objects never matches the ARN of a bucket: an Allow gives nothing, a Deny refuses nothing.",
		Source:   s3Actions,
		Fix:      "Name the objects: the bucket's ARN and \"/*\".",
		check: func(c *checker) {
			c.eachPolicy(c.checkKind(objectActions, bucketActions, matchesObject, "the ARN of a bucket"))
		},
	},
	{
		ID:       "bucket-action-on-objects",
		Severity: Error,
		Reason:   "An action on a bucket never matches the ARN of an object: an Allow gives nothing, a Deny refuses nothing.",
		Source:   s3Actions,
		Fix:      "Name the bucket: its ARN without \"/*\".",
		check: func(c *checker) {
			c.eachPolicy(c.checkKind(bucketActions, objectActions, matchesBucket, "the ARNs of objects"))
		},
	},
}

// checkKind finds the actions of one kind in statements none of whose resources
// can be of that kind. A wildcard that matches actions of the other kind as
// well is not of one.
func (c *checker) checkKind(kind, other []string, fits func(string) bool, what string) func(*policy) {
	return func(p *policy) {
		for _, s := range p.statements {
			if len(s.Resource) == 0 || slices.ContainsFunc(s.Resource, func(r string) bool { return !isS3(r) || fits(r) }) {
				continue
			}
			for _, action := range s.Action {
				if matchesAny(action, kind) && !matchesAny(action, other) {
					c.find(p.resource, s.at, "%s: %s is given %s only: %s", effectOf(s.Statement), action, what, strings.Join(s.Resource, ", "))
				}
			}
		}
	}
}

func effectOf(s iam.Statement) string {
	if s.Sid != "" {
		return string(s.Effect) + " " + s.Sid
	}
	if s.Effect == iam.Deny {
		return "a Deny"
	}
	return "an Allow"
}

// isS3 is true of the ARNs of buckets and their objects, wildcards included;
// access points have a Region in theirs.
func isS3(arn string) bool { return arnPart(arn, 2) == "s3" && arnPart(arn, 3) == "" }

// matchesObject: the name after the bucket's holds a slash, or a wildcard or
// variable that may stand for one.
func matchesObject(arn string) bool { return strings.ContainsAny(arnPart(arn, 5), "/*$") }

// matchesBucket: no slash is in the way. A variable may have one in its name.
func matchesBucket(arn string) bool {
	name := arnPart(arn, 5)
	return strings.Contains(name, "${") || !strings.Contains(name, "/")
}

func matchesAny(pattern string, actions []string) bool {
	service, name, ok := strings.Cut(strings.ToLower(pattern), ":")
	if !ok || service != "s3" {
		return false
	}
	return slices.ContainsFunc(actions, func(action string) bool {
		matched, err := path.Match(name, strings.ToLower(action))
		return matched && err == nil
	})
}

// objectActions and bucketActions are the actions of S3 that take an object, or
// a bucket, as their resource. Source: s3Actions, "Resource types".
var (
	objectActions = []string{
		"AbortMultipartUpload", "BypassGovernanceRetention", "DeleteObject", "DeleteObjectAnnotation",
		"DeleteObjectTagging", "DeleteObjectVersion", "DeleteObjectVersionAnnotation", "DeleteObjectVersionTagging",
		"GetObject", "GetObjectAcl", "GetObjectAnnotation", "GetObjectAttributes", "GetObjectLegalHold",
		"GetObjectRetention", "GetObjectTagging", "GetObjectTorrent", "GetObjectVersion", "GetObjectVersionAcl",
		"GetObjectVersionAnnotation", "GetObjectVersionAnnotationForReplication", "GetObjectVersionAttributes",
		"GetObjectVersionForReplication", "GetObjectVersionTagging", "GetObjectVersionTorrent", "InitiateReplication",
		"ListMultipartUploadParts", "ListObjectAnnotations", "ListObjectVersionAnnotations",
		"ObjectOwnerOverrideToBucketOwner", "PutObject", "PutObjectAcl", "PutObjectAnnotation", "PutObjectLegalHold",
		"PutObjectRetention", "PutObjectTagging", "PutObjectVersionAcl", "PutObjectVersionAnnotation",
		"PutObjectVersionTagging", "ReplicateDelete", "ReplicateObject", "ReplicateObjectAnnotation", "ReplicateTags",
		"RestoreObject", "UpdateObjectEncryption",
	}
	bucketActions = []string{
		"CreateBucket", "DeleteBucket", "DeleteBucketPolicy", "DeleteBucketWebsite", "GetAccelerateConfiguration",
		"GetAnalyticsConfiguration", "GetBucketAcl", "GetBucketCORS", "GetBucketLocation", "GetBucketLogging",
		"GetBucketNotification", "GetBucketObjectLockConfiguration", "GetBucketOwnershipControls", "GetBucketPolicy",
		"GetBucketPolicyStatus", "GetBucketPublicAccessBlock", "GetBucketRequestPayment", "GetBucketTagging",
		"GetBucketVersioning", "GetBucketWebsite", "GetEncryptionConfiguration", "GetIntelligentTieringConfiguration",
		"GetInventoryConfiguration", "GetLifecycleConfiguration", "GetMetricsConfiguration", "GetReplicationConfiguration",
		"ListBucket", "ListBucketMultipartUploads", "ListBucketVersions", "PutAccelerateConfiguration",
		"PutAnalyticsConfiguration", "PutBucketAcl", "PutBucketCORS", "PutBucketLogging", "PutBucketNotification",
		"PutBucketObjectLockConfiguration", "PutBucketOwnershipControls", "PutBucketPolicy", "PutBucketPublicAccessBlock",
		"PutBucketRequestPayment", "PutBucketTagging", "PutBucketVersioning", "PutBucketWebsite",
		"PutEncryptionConfiguration", "PutIntelligentTieringConfiguration", "PutInventoryConfiguration",
		"PutLifecycleConfiguration", "PutMetricsConfiguration", "PutReplicationConfiguration",
	}
)
