package s3delivery

import "strings"

// copyReads are the operations of the reading part of copies.
var copyReads = map[string]string{"CopyObject": "COPY.OBJECT_GET", "UploadPartCopy": "COPY.PART_GET"}

// resources are the resource types of operations, with the method where it
// isn't the request's. The page has the form and some of them; the others are
// seen in logs that people published, but for that of UpdateObjectEncryption:
// the user guide says that it is logged, not as what. Its name here is formed
// like that of the tags.
//
// Source: S3 user guide, LogFormat.
var resources = map[string]string{
	"AbortMultipartUpload":               "UPLOAD",
	"CompleteMultipartUpload":            "UPLOAD",
	"CopyObject":                         "COPY.OBJECT",
	"CreateBucket":                       "BUCKET",
	"CreateMultipartUpload":              "UPLOADS",
	"DeleteBucket":                       "BUCKET",
	"DeleteBucketEncryption":             "ENCRYPTION",
	"DeleteBucketInventoryConfiguration": "INVENTORY",
	"DeleteBucketLifecycle":              "LIFECYCLE",
	"DeleteBucketMetricsConfiguration":   "METRICS",
	"DeleteBucketPolicy":                 "BUCKETPOLICY",
	"DeleteBucketReplication":            "REPLICATION",
	"DeleteBucketTagging":                "TAGGING",
	"DeleteObject":                       "OBJECT",
	"DeleteObjectTagging":                "OBJECT_TAGGING",
	"DeleteObjects":                      "MULTI_OBJECT_DELETE",
	"DeletePublicAccessBlock":            "PUBLIC_ACCESS_BLOCK",
	"GetBucketAcl":                       "ACL",
	"GetBucketEncryption":                "ENCRYPTION",
	"GetBucketInventoryConfiguration":    "INVENTORY",
	"GetBucketLifecycleConfiguration":    "LIFECYCLE",
	"GetBucketLocation":                  "LOCATION",
	"GetBucketLogging":                   "LOGGING_STATUS",
	"GetBucketMetricsConfiguration":      "METRICS",
	"GetBucketNotificationConfiguration": "NOTIFICATION",
	"GetBucketOwnershipControls":         "OWNERSHIP_CONTROLS",
	"GetBucketPolicy":                    "BUCKETPOLICY",
	"GetBucketPolicyStatus":              "POLICY_STATUS",
	"GetBucketReplication":               "REPLICATION",
	"GetBucketTagging":                   "TAGGING",
	"GetBucketVersioning":                "VERSIONING",
	"GetObject":                          "OBJECT",
	"GetObjectAcl":                       "ACL",
	"GetObjectAttributes":                "OBJECT_ATTRIBUTES",
	"GetObjectTagging":                   "OBJECT_TAGGING",
	"GetPublicAccessBlock":               "PUBLIC_ACCESS_BLOCK",
	"HeadBucket":                         "BUCKET",
	"HeadObject":                         "OBJECT",
	"ListMultipartUploads":               "UPLOADS",
	"ListObjectVersions":                 "BUCKETVERSIONS",
	"ListObjects":                        "BUCKET",
	"ListParts":                          "UPLOAD",
	"PutBucketAcl":                       "ACL",
	"PutBucketEncryption":                "ENCRYPTION",
	"PutBucketInventoryConfiguration":    "INVENTORY",
	"PutBucketLifecycleConfiguration":    "LIFECYCLE",
	"PutBucketLogging":                   "LOGGING_STATUS",
	"PutBucketMetricsConfiguration":      "METRICS",
	"PutBucketNotificationConfiguration": "NOTIFICATION",
	"PutBucketOwnershipControls":         "OWNERSHIP_CONTROLS",
	"PutBucketPolicy":                    "BUCKETPOLICY",
	"PutBucketReplication":               "REPLICATION",
	"PutBucketTagging":                   "TAGGING",
	"PutBucketVersioning":                "VERSIONING",
	"PutObject":                          "OBJECT",
	"PutObjectAcl":                       "ACL",
	"PutObjectTagging":                   "OBJECT_TAGGING",
	"PutPublicAccessBlock":               "PUBLIC_ACCESS_BLOCK",
	"UpdateObjectEncryption":             "OBJECT_ENCRYPTION",
	"UploadPart":                         "PART",
	"UploadPartCopy":                     "COPY.PART",
}

// operation is REST.METHOD.RESOURCE_TYPE of an S3 operation; "" for one that
// isn't known.
func operation(name, method string) string {
	if strings.HasPrefix(name, "COPY.") {
		return "REST." + name
	}
	resource, ok := resources[name]
	switch {
	case !ok:
		return ""
	case strings.HasPrefix(resource, "COPY."):
		return "REST." + resource
	}
	return "REST." + method + "." + resource
}
