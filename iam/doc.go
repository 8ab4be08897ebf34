// Package iam holds IAM policy documents as Go values. It decides requests
// against them as AWS does, and gives the reason in words.
//
// [ParseDocument] reads a [Document] from JSON. [Document.Map] gives it as the
// plain values that the CDK accepts. [Evaluate] decides a [Request] (who, what,
// on which resource, with which condition keys) under the [Policies] that apply,
// and returns a [Decision]. [Decision.Explain] says which statement of which
// policy decided, or which statements nearly matched and what failed.
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
// What a user of the package must know:
//
//   - Evaluate fills in the condition keys that follow from the caller and the
//     resource (aws:PrincipalArn, aws:PrincipalAccount, aws:ResourceAccount,
//     kms:CallerAccount, ...). If Context contradicts one of them, the decision
//     is a denial that names the key. Context must give all other keys; one
//     that it leaves out is missing, as it would be in AWS.
//   - Where AWS's documents leave a question open, the answer here is the one
//     that denies. [Decision.Open] then says what is open, if the other answer
//     would allow the request.
//
// What is modelled: identity policies, boundaries, session policies, policies of
// buckets, keys, secrets and access points, trust policies, SCPs and RCPs, Block
// Public Access; users, root users, role sessions, federated users and principals,
// services, anonymous callers and canonical users; what STS decides without
// policies, service-linked roles and the aliases of AWS managed keys. A request
// through an S3 access point names the bucket or its object: [Policies] has the
// access point, and both must permit the request.
//
// What is not modelled, so that who asks must know it:
//
//   - KMS grants, ACLs, VPC endpoint policies, Multi-Region and Object Lambda
//     access points, S3 Access Grants, sessions of AssumeRoot, console sessions.
//   - Which key is an AWS managed one, for which RCPs don't count, except by its
//     alias; which roles IAM Identity Center reserves under /aws-reserved/.
//   - That an Allow for a canonical user may mean the account of any caller:
//     ask for [CanonicalUser] itself, or give a caller its ID.
//   - Whether a statement could be saved: see [ParseDocument] for what IAM's
//     grammar refuses, and each service refuses more.
//
// The rules come from the IAM user guide (the pages that begin with
// reference_policies_), the KMS developer guide (key-policies) and the S3 user
// guide (access-control-block-public-access); each test names its page.
//
// This is version 0: names may change from one release to the next.
package iam
