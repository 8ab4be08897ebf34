// Package managedpolicy has the text of the AWS managed policies that are most
// often attached where buckets, keys and secrets are, as data.
//
//	p, ok := managedpolicy.Find("arn:aws:iam::aws:policy/AmazonS3FullAccess")
//
// AWS changes its policies without asking anybody: each is here with its version
// and the day on which AWS edited it, so that an answer can say on what it rests.
// A policy that isn't here is not known to allow nothing.
//
// Source: AWS Managed Policy Reference,
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html,
// as IAM gave it to moto 5.2.5 (Apache-2.0, moto/iam/aws_managed_policies.py) in
// October 2026. generate.go copies it from there.
package managedpolicy
