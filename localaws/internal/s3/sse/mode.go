package sse

import "github.com/s3seal/s3seal/localaws/internal/s3/fault"

// Mode is a server-side encryption, by the value of its header.
type Mode string

// The modes.
const (
	S3      Mode = "AES256"
	KMS     Mode = "aws:kms"
	DSSEKMS Mode = "aws:kms:dsse"
	C       Mode = "SSE-C"
)

// UsesKMS says whether a KMS key is behind the mode.
func (m Mode) UsesKMS() bool { return m == KMS || m == DSSEKMS }

// HashedETag says whether the ETag is the MD5 of the body. It isn't under
// SSE-KMS, DSSE-KMS and SSE-C.
//
// Source: S3 API reference, API_Object.
func (m Mode) HashedETag() bool { return m == S3 }

// The headers.
const (
	Header                  = "x-amz-server-side-encryption"
	HeaderKMSKeyID          = Header + "-aws-kms-key-id"
	HeaderBucketKey         = Header + "-bucket-key-enabled"
	HeaderCustomer          = Header + "-customer-"                                // begins those of SSE-C
	HeaderCopyCustomer      = "x-amz-copy-source-server-side-encryption-customer-" // of the source of a copy
	HeaderCustomerAlgorithm = HeaderCustomer + "algorithm"
)

// NeedsTLS refuses SSE-KMS and DSSE-KMS over plain http.
func NeedsTLS() error {
	return fault.InvalidArgument("Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a secure connection.", Header, "null")
}
