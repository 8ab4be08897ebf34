package s3

import (
	"net/http"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// subresources are the query parameters that choose an operation. Those
// without an entry in the tables below are refused by name.
var subresources = []string{
	"abac", "accelerate", "acl", "analytics", "annotation", "annotations", "append", "attributes", "cors", "delete",
	"encryption", "intelligent-tiering", "inventory", "legal-hold", "lifecycle",
	"location", "logging", "metadataConfiguration", "metadataTable", "metrics",
	"notification", "object-lock", "ownershipControls", "policy", "policyStatus",
	"publicAccessBlock", "renameObject", "replication", "requestPayment", "restore", "retention",
	"select", "session", "tagging", "torrent", "uploadId", "uploads", "versioning",
	"versions", "website",
}

// dispatch finds the operation of a request and carries it out.
func (s *Service) dispatch(rq *request) error {
	if err := rq.checkURI(); err != nil {
		return err
	}
	if rq.Request.Method == http.MethodOptions && rq.Bucket != "" {
		return s.preflight(rq)
	}
	if rq.Bucket == "" {
		if rq.Request.Method != http.MethodGet {
			return api.Errorf(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
		}
		if err := rq.knows(""); err != nil {
			return err
		}
		rq.Operation = "ListBuckets"
		return s.listBuckets(rq)
	}
	id, table := rq.Request.Method, bucketOperations
	if rq.Key != "" {
		table = objectOperations
	}
	sub := ""
	for _, name := range subresources {
		if rq.query.Has(name) {
			if sub != "" {
				return fault.NotImplemented("the query parameters " + sub + " and " + name + " together")
			}
			sub = name
		}
	}
	if sub != "" {
		id += " " + sub
	}
	if rq.Key != "" && rq.has("x-amz-copy-source") {
		id += " copy"
	}
	op, ok := table[id]
	if !ok {
		level := "a bucket"
		if rq.Key != "" {
			level = "an object"
		}
		return fault.NotImplemented("S3 " + id + " on " + level)
	}
	rq.Operation = op.name
	if err := rq.knows(sub); err != nil {
		return err
	}
	if err := rq.checkVersionID(); err != nil {
		return err
	}
	if op.name == "CreateBucket" || op.name == "PostObject" { // whose form says in which Region and who
		return op.serve(s, rq, nil)
	}
	b, err := s.bucket(rq)
	if err != nil {
		return err
	}
	rq.crossOrigin(b)
	if err := s.admit(rq, b, op.action); err != nil {
		return err
	}
	return op.serve(s, rq, b)
}

// knows refuses query parameters and x-amz- headers that no handler reads.
func (rq *request) knows(sub string) error {
	for name := range rq.query {
		lower := strings.ToLower(name)
		switch {
		case name == sub, knownParameters[lower], strings.HasPrefix(lower, "response-"):
		case strings.HasPrefix(lower, "x-amz-") && knownSigning[lower]:
		default:
			return fault.NotImplemented("the query parameter " + name)
		}
	}
	for name := range rq.Request.Header {
		lower := strings.ToLower(name)
		if strings.HasPrefix(lower, "x-amz-") && !strings.HasPrefix(lower, metaPrefix) && !knownHeaders[lower] {
			return fault.NotImplemented("the header " + lower)
		}
	}
	return nil
}

func set(names string) map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(names) {
		m[n] = true
	}
	return m
}

var (
	knownParameters = set(`x-id versionid prefix delimiter marker max-keys encoding-type list-type
		continuation-token start-after fetch-owner key-marker version-id-marker upload-id-marker
		max-uploads part-number-marker max-parts partnumber id max-buckets bucket-region`)
	knownSigning = set(`x-amz-algorithm x-amz-credential x-amz-date x-amz-expires x-amz-security-token
		x-amz-signature x-amz-signedheaders x-amz-content-sha256 x-amz-user-agent x-amz-sdk-checksum-algorithm`)
	knownHeaders = set(`x-amz-acl x-amz-algorithm x-amz-bucket-namespace x-amz-bucket-object-lock-enabled x-amz-object-ownership
		x-amz-checksum-algorithm x-amz-sdk-checksum-algorithm x-amz-checksum-type x-amz-checksum-mode
		x-amz-checksum-crc32 x-amz-checksum-crc32c x-amz-checksum-sha1 x-amz-checksum-sha256
		x-amz-checksum-crc64nvme x-amz-checksum-md5 x-amz-checksum-sha512 x-amz-checksum-xxhash3
		x-amz-checksum-xxhash64 x-amz-checksum-xxhash128 x-amz-content-sha256 x-amz-copy-source x-amz-copy-source-if-match
		x-amz-copy-source-if-none-match x-amz-copy-source-if-modified-since
		x-amz-copy-source-if-unmodified-since x-amz-copy-source-range
		x-amz-copy-source-server-side-encryption-customer-algorithm
		x-amz-copy-source-server-side-encryption-customer-key
		x-amz-copy-source-server-side-encryption-customer-key-md5
		x-amz-grant-full-control x-amz-grant-read x-amz-grant-read-acp x-amz-grant-write
		x-amz-grant-write-acp x-amz-date x-amz-decoded-content-length x-amz-expected-bucket-owner
		x-amz-source-expected-bucket-owner x-amz-metadata-directive
		x-amz-max-parts x-amz-mp-object-size x-amz-object-attributes x-amz-part-number-marker
		x-amz-security-token x-amz-skip-destination-validation x-amz-server-side-encryption x-amz-server-side-encryption-aws-kms-key-id
		x-amz-server-side-encryption-bucket-key-enabled
		x-amz-server-side-encryption-customer-algorithm x-amz-server-side-encryption-customer-key
		x-amz-server-side-encryption-customer-key-md5 x-amz-storage-class x-amz-tagging
		x-amz-tagging-directive x-amz-trailer x-amz-user-agent x-amzn-trace-id`)
)
