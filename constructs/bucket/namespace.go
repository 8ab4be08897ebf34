package bucket

import (
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/constructs/internal/environment"
	"github.com/s3seal/s3seal/internal/bucketname"
)

// namespaceFault says why S3 would not make a bucket of that name in the
// namespace at a place, or "". A stack need not say its account and Region.
// Source: AmazonS3/latest/userguide/gpbucketnamespaces.html.
func namespaceFault(namespace, name string, at environment.Environment) string {
	switch namespace {
	case bucketname.AccountRegional:
		switch {
		case name == "":
			return "it is in the account regional namespace without a Name: give it one that ends in -<account>-<region>-an"
		case !bucketname.IsAccountRegional(name):
			return fmt.Sprintf("its name %q is not one of an account regional namespace: end it in -<account>-<region>-an, or leave Namespace out", name)
		case at.Known() && !strings.HasSuffix(name, bucketname.Suffix(at.Account, at.Region)):
			return fmt.Sprintf("its name %q is of another account's or Region's namespace: end it in %s", name, bucketname.Suffix(at.Account, at.Region))
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
