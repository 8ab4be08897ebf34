package s3

import "slices"

// operation is one API operation.
type operation struct {
	name  string
	serve func(*Service, *request) error
}

// bucketOperations are those on a bucket beside its configuration, by method and
// subresource.
var bucketOperations = map[string]operation{
	"GET":           {"ListObjects", (*Service).listObjects},
	"PUT":           {"CreateBucket", (*Service).createBucket},
	"HEAD":          {"HeadBucket", (*Service).headBucket},
	"DELETE":        {"DeleteBucket", (*Service).deleteBucket},
	"POST delete":   {"DeleteObjects", (*Service).deleteObjects},
	"GET location":  {"GetBucketLocation", (*Service).getBucketLocation},
	"GET versions":  {"ListObjectVersions", (*Service).listObjectVersions},
	"GET uploads":   {"ListMultipartUploads", (*Service).listMultipartUploads},
	"GET policy":    {"GetBucketPolicy", (*Service).getBucketPolicy},
	"PUT policy":    {"PutBucketPolicy", (*Service).putBucketPolicy},
	"DELETE policy": {"DeleteBucketPolicy", (*Service).deleteBucketPolicy},
	"GET acl":       {"GetBucketAcl", (*Service).getBucketACL},
	"PUT acl":       {"PutBucketAcl", (*Service).putBucketACL},
}

// objectOperations by method and subresource; "copy" stands for a copy source.
var objectOperations = map[string]operation{
	"GET":               {"GetObject", (*Service).getObject},
	"HEAD":              {"HeadObject", (*Service).headObject},
	"PUT":               {"PutObject", (*Service).putObject},
	"PUT copy":          {"CopyObject", (*Service).copyObject},
	"DELETE":            {"DeleteObject", (*Service).deleteObject},
	"GET attributes":    {"GetObjectAttributes", (*Service).getObjectAttributes},
	"GET acl":           {"GetObjectAcl", (*Service).getObjectACL},
	"PUT acl":           {"PutObjectAcl", (*Service).putObjectACL},
	"PUT encryption":    {"UpdateObjectEncryption", (*Service).updateObjectEncryption},
	"GET tagging":       {"GetObjectTagging", (*Service).getObjectTagging},
	"PUT tagging":       {"PutObjectTagging", (*Service).putObjectTagging},
	"DELETE tagging":    {"DeleteObjectTagging", (*Service).deleteObjectTagging},
	"POST uploads":      {"CreateMultipartUpload", (*Service).createMultipartUpload},
	"PUT uploadId":      {"UploadPart", (*Service).uploadPart},
	"PUT uploadId copy": {"UploadPartCopy", (*Service).uploadPartCopy},
	"GET uploadId":      {"ListParts", (*Service).listParts},
	"POST uploadId":     {"CompleteMultipartUpload", (*Service).completeMultipartUpload},
	"DELETE uploadId":   {"AbortMultipartUpload", (*Service).abortMultipartUpload},
}

// operationOf is the operation on a bucket or an object.
func operationOf(id string, object bool) (operation, bool) {
	tables := []map[string]operation{bucketOperations, subresourceOperations}
	if object {
		tables = []map[string]operation{objectOperations}
	}
	for _, table := range tables {
		if o, ok := table[id]; ok {
			return o, true
		}
	}
	return operation{}, false
}

// Operations are the names of all operations.
func (s *Service) Operations() []string {
	names := []string{"ListBuckets"}
	for _, table := range []map[string]operation{bucketOperations, subresourceOperations, objectOperations} {
		for _, o := range table {
			names = append(names, o.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
