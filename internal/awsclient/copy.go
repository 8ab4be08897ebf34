package awsclient

import (
	"net/url"
	"strings"
)

// MaxCopy is the largest object in bytes that S3 copies in one call.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
const MaxCopy = 5 << 30

// CopySource is the parameter CopySource, which the SDK does not encode.
// url.PathEscape would leave a plus sign, which S3 reads as a space. versionID ""
// and "null" are left out: with "null" some other S3 copies without the metadata.
func CopySource(bucket, key, versionID string) *string {
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	source := bucket + "/" + escape(key)
	if versionID != "" && versionID != "null" {
		source += "?versionId=" + escape(versionID)
	}
	return &source
}
