// Package iam holds IAM policy documents as Go values and decides requests
// against them the way AWS does, with the reason in words.
//
// A [Document] is read with [ParseDocument], written as JSON, or handed to the
// CDK as plain values with [Document.Map]. [Evaluate] takes a [Request] (who,
// what, on which resource, with which condition keys) and the [Policies] that
// take part, and returns a [Decision]; [Decision.Explain] says which statement
// of which policy decided, or which statements came near and what failed.
//
//	d := iam.Evaluate(iam.Request{
//		Caller:          iam.RoleSession("arn:aws:iam::111122223333:role/put", "s"),
//		Action:          "s3:PutObject",
//		Resource:        "arn:aws:s3:::acme-dev-sse-c/a.txt",
//		ResourceAccount: "111122223333",
//		Context:         map[string]iam.Strings{"aws:SecureTransport": {"true"}},
//	}, iam.Policies{Identity: attached, Resource: &bucketPolicy})
//	fmt.Println(d.Allowed, d.Explain())
//
// What the caller of the package must know:
//
//   - Keys that follow from the caller and the resource (aws:PrincipalArn,
//     aws:PrincipalAccount, aws:ResourceAccount, kms:CallerAccount, ...) are
//     filled in. A Context that contradicts one of them is not evaluated: the
//     decision is a denial that names the key. All other keys are the caller's
//     to give; a key that is left out is missing, as it would be in AWS.
//   - Where AWS's documents leave a question open the answer here is the one
//     that denies, and the code says so.
//   - Grants of KMS keys, ACLs, VPC endpoint policies and federated users are
//     not modelled.
//
// The rules come from the IAM user guide (the pages that begin with
// reference_policies_), the KMS developer guide (key-policies) and the S3 user
// guide (access-control-block-public-access); each test names its page.
package iam
