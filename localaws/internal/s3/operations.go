package s3

import (
	"maps"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
)

// operation is one API operation. Unless its action is "", the policies decide
// that on the bucket or object before it is served; else it asks them itself.
type operation struct {
	name, action string
	serve        handler
}

// handler carries out an operation on a bucket, which for CreateBucket and
// PostObject is nil.
type handler = func(*Service, *request, *bucket) error

// bucketOperations by method and subresource; those of subresources.go join them.
var bucketOperations = map[string]operation{
	"GET":           {"ListObjects", "", (*Service).listObjects},
	"PUT":           {"CreateBucket", "", (*Service).createBucket},
	"HEAD":          {"HeadBucket", "s3:ListBucket", (*Service).headBucket},
	"DELETE":        {"DeleteBucket", "s3:DeleteBucket", (*Service).deleteBucket},
	"POST":          {"PostObject", "", (*Service).postObject},
	"POST delete":   {"DeleteObjects", "", (*Service).deleteObjects},
	"GET location":  {"GetBucketLocation", "s3:GetBucketLocation", (*Service).getBucketLocation},
	"GET versions":  {"ListObjectVersions", "", (*Service).listObjectVersions},
	"GET uploads":   {"ListMultipartUploads", "", (*Service).listMultipartUploads},
	"GET policy":    {"GetBucketPolicy", "s3:GetBucketPolicy", (*Service).getBucketPolicy},
	"PUT policy":    {"PutBucketPolicy", "s3:PutBucketPolicy", (*Service).putBucketPolicy},
	"DELETE policy": {"DeleteBucketPolicy", "s3:DeleteBucketPolicy", unset(func(c *configuration.Bucket) { c.Policy = nil })},
	"GET acl":       {"GetBucketAcl", "s3:GetBucketAcl", (*Service).getBucketACL},
	"PUT acl":       {"PutBucketAcl", "s3:PutBucketAcl", (*Service).putBucketACL},
}

// objectOperations by method and subresource; "copy" stands for a copy source.
var objectOperations = map[string]operation{
	"GET":               {"GetObject", "", (*Service).getObject},
	"HEAD":              {"HeadObject", "", (*Service).headObject},
	"PUT":               {"PutObject", "", (*Service).putObject},
	"PUT copy":          {"CopyObject", "", (*Service).copyObject},
	"DELETE":            {"DeleteObject", "", (*Service).deleteObject},
	"GET attributes":    {"GetObjectAttributes", "", (*Service).getObjectAttributes},
	"GET acl":           {"GetObjectAcl", "", (*Service).getObjectACL},
	"PUT acl":           {"PutObjectAcl", "", (*Service).putObjectACL},
	"PUT encryption":    {"UpdateObjectEncryption", "", (*Service).updateObjectEncryption},
	"GET tagging":       {"GetObjectTagging", "", (*Service).getObjectTagging},
	"PUT tagging":       {"PutObjectTagging", "", (*Service).putObjectTagging},
	"DELETE tagging":    {"DeleteObjectTagging", "", (*Service).deleteObjectTagging},
	"POST uploads":      {"CreateMultipartUpload", "", (*Service).createMultipartUpload},
	"PUT uploadId":      {"UploadPart", "", (*Service).uploadPart},
	"PUT uploadId copy": {"UploadPartCopy", "", (*Service).uploadPartCopy},
	"GET uploadId":      {"ListParts", "s3:ListMultipartUploadParts", (*Service).listParts},
	"POST uploadId":     {"CompleteMultipartUpload", "", (*Service).completeMultipartUpload},
	"DELETE uploadId":   {"AbortMultipartUpload", "s3:AbortMultipartUpload", (*Service).abortMultipartUpload},
}

func init() { maps.Copy(bucketOperations, subresourceOperations) }

// Operations are the names of all operations.
func (s *Service) Operations() []string {
	names := []string{"ListBuckets"}
	for _, table := range []map[string]operation{bucketOperations, objectOperations} {
		for _, o := range table {
			names = append(names, o.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
