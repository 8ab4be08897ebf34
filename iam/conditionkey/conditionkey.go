// Package conditionkey has the names of the condition keys that the policies and
// requests of this module use, in AWS's spelling. IAM ignores their case.
//
// Sources: IAM/latest/UserGuide/reference_policies_condition-keys.html,
// service-authorization/latest/reference/list_amazons3.html,
// kms/latest/developerguide/conditions-kms.html.
package conditionkey

// Keys of every service.
const (
	PrincipalARN          = "aws:PrincipalArn"
	PrincipalAccount      = "aws:PrincipalAccount"
	PrincipalIsAWSService = "aws:PrincipalIsAWSService"
	RequestedRegion       = "aws:RequestedRegion"
	SecureTransport       = "aws:SecureTransport"
	SourceAccount         = "aws:SourceAccount"
	SourceARN             = "aws:SourceArn"
	ViaAWSService         = "aws:ViaAWSService"
)

// Keys of S3: the header of the same name, and the TLS version.
const (
	ACL               = "s3:x-amz-acl"
	Encryption        = "s3:x-amz-server-side-encryption"
	KMSKeyID          = "s3:x-amz-server-side-encryption-aws-kms-key-id"
	CustomerAlgorithm = "s3:x-amz-server-side-encryption-customer-algorithm"
	TLSVersion        = "s3:TlsVersion"
)

// Keys of KMS. That of an encryption context ends in the context's own key; S3
// gives the object or the bucket.
const (
	CallerAccount = "kms:CallerAccount"
	KMSContext    = "kms:EncryptionContext:"
	S3Context     = KMSContext + "aws:s3:arn"
	ViaService    = "kms:ViaService"
)
