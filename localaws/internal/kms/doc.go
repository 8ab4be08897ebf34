// Package kms is AWS Key Management Service as far as this program needs it:
// symmetric encryption keys, their policies, aliases, rotation and deletion,
// in memory.
//
// A [Service] answers the AWS JSON 1.1 protocol (X-Amz-Target TrentService.*),
// is the [api.KMS] of the other services, and makes AWS::KMS::Key and
// AWS::KMS::Alias for CloudFormation:
//
//	s := kms.New(kms.Options{Authorizer: a, Now: time.Now, Principals: p})
//	key, err := s.GenerateDataKey(call, "alias/aws/s3", map[string]string{"aws:s3:arn": arn})
//
// Every use of a key is decided by the Authorizer with the key policy and the
// condition keys of the request; a caller of another account names the key by
// its ARN. Data is encrypted with AES-256-GCM and the encryption context is
// authenticated with it. A ciphertext names its key and the version of the key
// material, so that what was encrypted before a rotation still decrypts. Key
// material never leaves the process and is never written anywhere.
//
// Refused by name: key specs other than SYMMETRIC_DEFAULT, imported key
// material, custom key stores, multi-Region keys, grants and grant tokens.
//
// Source: AWS KMS developer guide and API reference; each rule names its page.
package kms
