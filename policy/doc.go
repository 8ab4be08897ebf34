// Package policy holds every policy statement that the program puts into a
// template. Each is a function of plain values, so that tests evaluate it with
// package iam and without the CDK:
//
//	d := policy.Document(policy.DenyInsecureTransport(policy.BucketARN("aws", "acme-data")))
//
// Each statement has a Sid that says what it does. Arguments may be CDK tokens,
// so nothing here looks into a string or checks it: a wrong ARN gives a policy
// that matches nothing.
//
// The sources are the Amazon S3 User Guide and the AWS KMS Developer Guide under
// docs.aws.amazon.com; each function names its page.
//
// This is version 0: names may change from one release to the next.
package policy

import "github.com/s3seal/s3seal/iam"

// Document puts statements into a policy document.
func Document(statements ...iam.Statement) iam.Document {
	return iam.Document{Version: iam.Version, Statement: statements}
}

// everyone is the principal of deny statements: no caller is exempt, not even
// the account root.
func everyone() *iam.Principal { return &iam.Principal{Any: true} }

func aws(arns ...string) *iam.Principal { return &iam.Principal{AWS: arns} }

func service(names ...string) *iam.Principal { return &iam.Principal{Service: names} }

// bucketAndObjects is the ARN of a bucket and of everything in it. It is also
// the two forms of the encryption context aws:s3:arn: the bucket's ARN with an
// S3 Bucket Key, the object's without. The object form needs the slash:
// "bucket*" would also match a bucket whose name begins alike.
// Source: AmazonS3/latest/userguide/bucket-key.html, "Bucket Key encryption
// context".
func bucketAndObjects(bucketARN string) iam.Strings {
	return iam.Strings{bucketARN, bucketARN + "/*"}
}
