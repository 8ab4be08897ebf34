package bucket

import (
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/internal/bucketname"
)

// namespaceFault says why S3 would not make a bucket of that name in the
// namespace, or "". Whether account and Region are the bucket's own only S3
// knows: a stack need not say its own.
// Source: AmazonS3/latest/userguide/gpbucketnamespaces.html.
func namespaceFault(namespace, name string) string {
	switch namespace {
	case bucketname.AccountRegional:
		switch {
		case name == "":
			return "it is in the account regional namespace without a Name: give it one that ends in -<account>-<region>-an"
		case !bucketname.IsAccountRegional(name):
			return fmt.Sprintf("its name %q is not one of an account regional namespace: end it in -<account>-<region>-an, or leave Namespace out", name)
		}
	case "", bucketname.Global:
		if strings.HasSuffix(name, bucketname.Ending) {
			return fmt.Sprintf("its name %q ends in -an, which S3 keeps for account regional namespaces: set Namespace to account-regional, or end it otherwise", name)
		}
	default:
		return fmt.Sprintf("namespace %q: write account-regional or global", namespace)
	}
	return ""
}
