package policy

// BucketARN is the ARN of a bucket of a name, in a partition such as "aws".
func BucketARN(partition, name string) string { return "arn:" + partition + ":s3:::" + name }

// AccountRootARN is the principal that means an account as a whole.
// Source: IAM/latest/UserGuide/reference_policies_elements_principal.html.
func AccountRootARN(partition, account string) string {
	return "arn:" + partition + ":iam::" + account + ":root"
}
