package s3

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// The namespaces of bucket names, as requests and templates have them. No
// namespace is the global one.
//
// Source: S3 API reference, API_CreateBucket.
const (
	globalNamespace   = "global"
	accountNamespace  = "account-regional"
	headerNamespace   = "x-amz-bucket-namespace"
	namespaceKey      = "s3:x-amz-bucket-namespace"
	longestBucketName = 63
)

// withoutNamespaces are the Regions without account regional namespaces.
//
// Source: S3 user guide, gpbucketnamespaces.
var withoutNamespaces = []string{"me-central-1", "me-south-1"}

var (
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	// regionalName is the form of an account regional name, whosoever it is.
	regionalName = regexp.MustCompile(`^[a-z0-9].*-[0-9]{12}-[a-z]+(-[a-z]+)+-[0-9]+-an$`)
)

// regionalSuffix is the end of the bucket names that an account alone may make
// in a Region.
func regionalSuffix(account, region string) string { return "-" + account + "-" + region + "-an" }

func checkNamespace(namespace string) error {
	if !slices.Contains([]string{"", globalNamespace, accountNamespace}, namespace) {
		return fault.InvalidArgument("The namespace of a bucket is "+globalNamespace+" or "+accountNamespace+".", headerNamespace, namespace)
	}
	return nil
}

// checkBucketName applies the rules for general purpose buckets. Names that end
// with -an are for the account regional namespace.
//
// Source: S3 user guide, bucketnamingrules.
func checkBucketName(name, namespace string) error {
	_, ipErr := netip.ParseAddr(name)
	bad := !bucketName.MatchString(name) || strings.Contains(name, "..") || ipErr == nil
	for _, p := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
		bad = bad || strings.HasPrefix(name, p)
	}
	for _, p := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		bad = bad || strings.HasSuffix(name, p)
	}
	if namespace == accountNamespace {
		bad = bad || !regionalName.MatchString(name)
	} else {
		bad = bad || strings.HasSuffix(name, "-an")
	}
	if bad {
		return fault.With(api.Errorf(400, "InvalidBucketName", "The specified bucket is not valid."), "BucketName", name)
	}
	return nil
}

// checkOwnNamespace refuses an account regional name of another account or
// Region. That S3 rejects it is documented, its code and text are not: they are
// ours.
//
// Source: S3 user guide, gpbucketnamespaces.
func checkOwnNamespace(name, namespace, account, region string) error {
	if namespace != accountNamespace {
		return nil
	}
	if slices.Contains(withoutNamespaces, region) {
		return fault.InvalidRequest("The Region %s has no account regional namespaces.", region)
	}
	if suffix := regionalSuffix(account, region); !strings.HasSuffix(name, suffix) {
		return fault.With(api.Errorf(400, "InvalidBucketName", "The specified bucket is not valid. In the account regional namespace of this account and Region its name must end with %s.", suffix),
			"BucketName", name)
	}
	return nil
}

// naming is what a template says of the name of a bucket.
type naming struct{ name, prefix, namespace string }

func (p bucketProperties) naming() naming {
	return naming{p.BucketName, p.BucketNamePrefix, p.BucketNamespace}
}

// check refuses what contradicts itself. How CloudFormation makes up a name in
// the account regional namespace is not documented, so one must be given.
//
// Source: CloudFormation template reference, AWS::S3::Bucket; S3 user guide,
// gpbucketnamespaces; aws-cdk-lib, BucketProps, for the prefix.
func (n naming) check() error {
	switch {
	case n.prefix != "" && n.name != "":
		return fault.InvalidRequest("BucketNamePrefix cannot be used together with BucketName")
	case n.prefix != "" && n.namespace != accountNamespace:
		return fault.InvalidRequest("BucketNamePrefix needs the BucketNamespace %s", accountNamespace)
	case n.prefix == "" && n.name == "" && n.namespace == accountNamespace:
		return fault.InvalidRequest("the BucketNamespace %s needs a BucketNamePrefix or a BucketName", accountNamespace)
	}
	return checkNamespace(n.namespace)
}

// of is the name of a bucket of a stack in an account and Region.
func (n naming) of(s api.StackContext, logicalID string) (string, error) {
	if err := n.check(); err != nil {
		return "", err
	}
	name := n.name
	switch suffix := regionalSuffix(s.Account, s.Region); {
	case n.prefix != "" && len(n.prefix)+len(suffix) > longestBucketName:
		return "", api.Errorf(400, "InvalidBucketName", "BucketNamePrefix %s has %d characters; %s leaves %d of a name's %d",
			n.prefix, len(n.prefix), suffix, longestBucketName-len(suffix), longestBucketName)
	case n.prefix != "":
		name = n.prefix + suffix
	case name == "":
		name = generatedName(s.StackName, logicalID)
	}
	if err := checkBucketName(name, n.namespace); err != nil {
		return "", err
	}
	return name, checkOwnNamespace(name, n.namespace, s.Account, s.Region)
}
