package s3delivery

import (
	"regexp"
	"strings"
)

// copyReads are the operations of the reading part of copies.
var copyReads = map[string]string{"CopyObject": "COPY.OBJECT_GET", "UploadPartCopy": "COPY.PART_GET"}

// resources are the resource types of operations that are not named after what
// they are on, as most are: GetBucketOwnershipControls is on
// OWNERSHIP_CONTROLS. The page has the form and some of them; the others are
// seen in logs that people published, but for that of UpdateObjectEncryption:
// the user guide says that it is logged, not as what. Its name here is formed
// like that of the tags.
//
// Source: S3 user guide, LogFormat.
var resources = map[string]string{
	"AbortMultipartUpload":    "UPLOAD",
	"CompleteMultipartUpload": "UPLOAD",
	"CopyObject":              "COPY.OBJECT",
	"CreateMultipartUpload":   "UPLOADS",
	"DeleteBucketPolicy":      "BUCKETPOLICY",
	"DeleteObjects":           "MULTI_OBJECT_DELETE",
	"GetBucketLogging":        "LOGGING_STATUS",
	"GetBucketPolicy":         "BUCKETPOLICY",
	"GetObjectAcl":            "ACL",
	"ListMultipartUploads":    "UPLOADS",
	"ListObjectVersions":      "BUCKETVERSIONS",
	"ListObjects":             "BUCKET",
	"ListParts":               "UPLOAD",
	"PostObject":              "OBJECT",
	"PreflightRequest":        "PREFLIGHT",
	"PutBucketLogging":        "LOGGING_STATUS",
	"PutBucketPolicy":         "BUCKETPOLICY",
	"PutObjectAcl":            "ACL",
	"UploadPart":              "PART",
	"UploadPartCopy":          "COPY.PART",
}

var (
	named = regexp.MustCompile(`^(?:Get|Put|Delete|Head|Create|Update)(?:Bucket)?(.*?)(?:Configuration)?$`)
	words = regexp.MustCompile(`([a-z])([A-Z])`)
)

// operation is REST.METHOD.RESOURCE_TYPE of an S3 operation; "" for one that
// isn't known.
func operation(name, method string) string {
	if strings.HasPrefix(name, "COPY.") {
		return "REST." + name
	}
	resource, ok := resources[name]
	if parts := named.FindStringSubmatch(name); !ok && parts != nil {
		resource = strings.ToUpper(words.ReplaceAllString(parts[1], "${1}_$2"))
		ok = true
	}
	switch {
	case !ok:
		return ""
	case resource == "":
		resource = "BUCKET"
	case strings.HasPrefix(resource, "COPY."):
		return "REST." + resource
	}
	return "REST." + method + "." + resource
}
