// Package managedpolicy has the text of the AWS managed policies that are most
// often attached where buckets, keys and secrets are, as data.
//
//	p, ok := managedpolicy.Find("arn:aws:iam::aws:policy/AmazonS3FullAccess")
//
// AWS changes its policies without asking anybody: each is here with its version
// and the day on which AWS edited it, so that an answer can say on what it rests.
// A policy that isn't here may allow anything: nothing is known of it.
//
// The data is policies, which generate.go writes.
package managedpolicy

// Page is where AWS publishes the policies.
const Page = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html"

// Source is what the data was made from, where it is as IAM gave it in October
// 2026; the licence is Apache-2.0.
const Source = "PyPI moto 5.2.5"
