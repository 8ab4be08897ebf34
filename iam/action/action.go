// Package action says which kind of resource an action of S3 works on: objects
// or a bucket. In a statement whose resources are all of the other kind it has no
// effect, and S3 refuses such a bucket policy.
//
// Source: service-authorization/latest/reference/list_amazons3.html, "Resource
// types".
package action

import (
	"path"
	"slices"
	"strings"
)

// OnObjects reports whether a pattern such as "s3:Get*" matches an action on
// objects. Patterns match in any case.
func OnObjects(pattern string) bool { return matches(pattern, objectActions) }

// OnBuckets reports whether a pattern matches an action on a bucket.
func OnBuckets(pattern string) bool { return matches(pattern, bucketActions) }

func matches(pattern string, actions []string) bool {
	service, name, ok := strings.Cut(strings.ToLower(pattern), ":")
	if !ok || service != "s3" {
		return false
	}
	return slices.ContainsFunc(actions, func(action string) bool {
		matched, err := path.Match(name, strings.ToLower(action))
		return matched && err == nil
	})
}

var objectActions = []string{
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

var bucketActions = []string{
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
