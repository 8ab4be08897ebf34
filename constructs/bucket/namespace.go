package bucket

import (
	"fmt"
	"regexp"
	"strings"
)

const accountRegional = "account-regional"

var accountRegionalName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*-[0-9]{12}-[a-z]+(-[a-z]+)+-[0-9]+-an$`)

// namespaceFault says why S3 would not make a bucket of that name in the
// namespace, or "". Whether account and Region are the bucket's own only S3
// knows: a stack need not say its own.
// Source: AmazonS3/latest/userguide/gpbucketnamespaces.html.
func namespaceFault(namespace, name string) string {
	switch namespace {
	case accountRegional:
		switch {
		case name == "":
			return "it is in the account regional namespace without a Name: give it one that ends in -<account>-<region>-an"
		case !accountRegionalName.MatchString(name):
			return fmt.Sprintf("its name %q is not one of an account regional namespace: end it in -<account>-<region>-an, or leave Namespace out", name)
		}
	case "", "global":
		if strings.HasSuffix(name, "-an") {
			return fmt.Sprintf("its name %q ends in -an, which S3 keeps for account regional namespaces: set Namespace to account-regional, or end it otherwise", name)
		}
	default:
		return fmt.Sprintf("namespace %q: write account-regional or global", namespace)
	}
	return ""
}
