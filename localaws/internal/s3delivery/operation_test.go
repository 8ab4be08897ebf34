package s3delivery

import (
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/s3"
)

// TestEveryOperationHasItsName in a log, but ListBuckets, which is of no bucket.
func TestEveryOperationHasItsName(t *testing.T) {
	t.Parallel()
	names := map[string]string{
		"AbortMultipartUpload":               "REST.PUT.UPLOAD",
		"CompleteMultipartUpload":            "REST.PUT.UPLOAD",
		"CopyObject":                         "REST.COPY.OBJECT",
		"CreateBucket":                       "REST.PUT.BUCKET",
		"CreateMultipartUpload":              "REST.PUT.UPLOADS",
		"DeleteBucket":                       "REST.PUT.BUCKET",
		"DeleteBucketCors":                   "REST.PUT.CORS",
		"DeleteBucketEncryption":             "REST.PUT.ENCRYPTION",
		"DeleteBucketInventoryConfiguration": "REST.PUT.INVENTORY",
		"DeleteBucketLifecycle":              "REST.PUT.LIFECYCLE",
		"DeleteBucketMetricsConfiguration":   "REST.PUT.METRICS",
		"DeleteBucketPolicy":                 "REST.PUT.BUCKETPOLICY",
		"DeleteBucketReplication":            "REST.PUT.REPLICATION",
		"DeleteBucketTagging":                "REST.PUT.TAGGING",
		"DeleteObject":                       "REST.PUT.OBJECT",
		"DeleteObjectTagging":                "REST.PUT.OBJECT_TAGGING",
		"DeleteObjects":                      "REST.PUT.MULTI_OBJECT_DELETE",
		"DeletePublicAccessBlock":            "REST.PUT.PUBLIC_ACCESS_BLOCK",
		"GetBucketAcl":                       "REST.PUT.ACL",
		"GetBucketCors":                      "REST.PUT.CORS",
		"GetBucketEncryption":                "REST.PUT.ENCRYPTION",
		"GetBucketInventoryConfiguration":    "REST.PUT.INVENTORY",
		"GetBucketLifecycleConfiguration":    "REST.PUT.LIFECYCLE",
		"GetBucketLocation":                  "REST.PUT.LOCATION",
		"GetBucketLogging":                   "REST.PUT.LOGGING_STATUS",
		"GetBucketMetricsConfiguration":      "REST.PUT.METRICS",
		"GetBucketNotificationConfiguration": "REST.PUT.NOTIFICATION",
		"GetBucketOwnershipControls":         "REST.PUT.OWNERSHIP_CONTROLS",
		"GetBucketPolicy":                    "REST.PUT.BUCKETPOLICY",
		"GetBucketPolicyStatus":              "REST.PUT.POLICY_STATUS",
		"GetBucketReplication":               "REST.PUT.REPLICATION",
		"GetBucketTagging":                   "REST.PUT.TAGGING",
		"GetBucketVersioning":                "REST.PUT.VERSIONING",
		"GetObject":                          "REST.PUT.OBJECT",
		"GetObjectAcl":                       "REST.PUT.ACL",
		"GetObjectAttributes":                "REST.PUT.OBJECT_ATTRIBUTES",
		"GetObjectTagging":                   "REST.PUT.OBJECT_TAGGING",
		"GetPublicAccessBlock":               "REST.PUT.PUBLIC_ACCESS_BLOCK",
		"HeadBucket":                         "REST.PUT.BUCKET",
		"HeadObject":                         "REST.PUT.OBJECT",
		"ListMultipartUploads":               "REST.PUT.UPLOADS",
		"ListObjectVersions":                 "REST.PUT.BUCKETVERSIONS",
		"ListObjects":                        "REST.PUT.BUCKET",
		"ListParts":                          "REST.PUT.UPLOAD",
		"PutBucketAcl":                       "REST.PUT.ACL",
		"PutBucketCors":                      "REST.PUT.CORS",
		"PutBucketEncryption":                "REST.PUT.ENCRYPTION",
		"PutBucketInventoryConfiguration":    "REST.PUT.INVENTORY",
		"PutBucketLifecycleConfiguration":    "REST.PUT.LIFECYCLE",
		"PutBucketLogging":                   "REST.PUT.LOGGING_STATUS",
		"PutBucketMetricsConfiguration":      "REST.PUT.METRICS",
		"PutBucketNotificationConfiguration": "REST.PUT.NOTIFICATION",
		"PutBucketOwnershipControls":         "REST.PUT.OWNERSHIP_CONTROLS",
		"PutBucketPolicy":                    "REST.PUT.BUCKETPOLICY",
		"PutBucketReplication":               "REST.PUT.REPLICATION",
		"PutBucketTagging":                   "REST.PUT.TAGGING",
		"PutBucketVersioning":                "REST.PUT.VERSIONING",
		"PostObject":                         "REST.PUT.OBJECT",
		"PreflightRequest":                   "REST.PUT.PREFLIGHT",
		"PutObject":                          "REST.PUT.OBJECT",
		"PutObjectAcl":                       "REST.PUT.ACL",
		"PutObjectTagging":                   "REST.PUT.OBJECT_TAGGING",
		"PutPublicAccessBlock":               "REST.PUT.PUBLIC_ACCESS_BLOCK",
		"UpdateObjectEncryption":             "REST.PUT.OBJECT_ENCRYPTION",
		"UploadPart":                         "REST.PUT.PART",
		"UploadPartCopy":                     "REST.COPY.PART",
		"ListBuckets":                        "",
		"Unheard":                            "",
	}
	for name, want := range names {
		if got := operation(name, "PUT"); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	for _, name := range new(s3.Service).Operations() {
		if _, ok := names[name]; !ok {
			t.Errorf("%s is not in the table", name)
		}
	}
}
