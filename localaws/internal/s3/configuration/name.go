package configuration

import (
	"strings"

	"github.com/s3seal/s3seal/internal/bucketname"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// NamespaceHeader says in which namespace a name is.
const NamespaceHeader = "x-amz-bucket-namespace"

func checkNamespace(namespace string) error {
	if namespace != "" && namespace != bucketname.Global && namespace != bucketname.AccountRegional {
		return fault.InvalidArgument("The namespace of a bucket is global or account-regional.", NamespaceHeader, namespace)
	}
	return nil
}

// CheckName refuses a name that no bucket in the namespace may have.
//
// Source: S3 user guide, bucketnamingrules.
func CheckName(name, namespace string) error {
	if err := checkNamespace(namespace); err != nil {
		return err
	}
	wrong, _ := bucketname.Fault(name)
	if namespace == bucketname.AccountRegional {
		if wrong == "" && bucketname.IsAccountRegional(name) {
			return nil
		}
	} else if wrong == "" && !strings.HasSuffix(name, bucketname.Ending) {
		return nil
	}
	return fault.With(api.Errorf(400, "InvalidBucketName", "The specified bucket is not valid."), "BucketName", name)
}

// CheckOwner refuses an account regional name of another account or
// Region. That S3 rejects it is documented, its code and text are not: they are
// ours.
//
// Source: S3 user guide, gpbucketnamespaces.
func CheckOwner(name, namespace, account, region string) error {
	if namespace != bucketname.AccountRegional {
		return nil
	}
	if !bucketname.HasAccountRegional(region) {
		return fault.InvalidRequest("The Region %s has no account regional namespaces.", region)
	}
	if suffix := bucketname.Suffix(account, region); !strings.HasSuffix(name, suffix) {
		return fault.With(api.Errorf(400, "InvalidBucketName", "The specified bucket is not valid. In the account regional namespace of this account and Region its name must end with %s.", suffix),
			"BucketName", name)
	}
	return nil
}

// Naming is what a template says of the name of a bucket.
type Naming struct{ Name, Prefix, Namespace string }

// Naming is what they say of the name.
func (p Properties) Naming() Naming {
	return Naming{p.BucketName, p.BucketNamePrefix, p.BucketNamespace}
}

// check refuses what contradicts itself. How CloudFormation makes up a name in
// the account regional namespace is not documented, so one must be given.
//
// Source: CloudFormation template reference, AWS::S3::Bucket; S3 user guide,
// gpbucketnamespaces; aws-cdk-lib, BucketProps, for the prefix.
func (n Naming) check() error {
	switch {
	case n.Prefix != "" && n.Name != "":
		return fault.InvalidRequest("BucketNamePrefix cannot be used together with BucketName")
	case n.Prefix != "" && n.Namespace != bucketname.AccountRegional:
		return fault.InvalidRequest("BucketNamePrefix needs the BucketNamespace %s", bucketname.AccountRegional)
	case n.Prefix == "" && n.Name == "" && n.Namespace == bucketname.AccountRegional:
		return fault.InvalidRequest("the BucketNamespace %s needs a BucketNamePrefix or a BucketName", bucketname.AccountRegional)
	}
	return checkNamespace(n.Namespace)
}

// Of is the name of a bucket of a stack in an account and Region.
func (n Naming) Of(s api.StackContext, logicalID string) (string, error) {
	if err := n.check(); err != nil {
		return "", err
	}
	name := n.Name
	switch suffix := bucketname.Suffix(s.Account, s.Region); {
	case n.Prefix != "" && len(n.Prefix)+len(suffix) > bucketname.MaxLength:
		return "", api.Errorf(400, "InvalidBucketName", "BucketNamePrefix %s has %d characters; %s leaves %d of a name's %d",
			n.Prefix, len(n.Prefix), suffix, bucketname.MaxLength-len(suffix), bucketname.MaxLength)
	case n.Prefix != "":
		name = n.Prefix + suffix
	case name == "":
		name = strings.ToLower(api.GeneratedName(s, logicalID, bucketname.MaxLength))
	}
	if err := CheckName(name, n.Namespace); err != nil {
		return "", err
	}
	return name, CheckOwner(name, n.Namespace, s.Account, s.Region)
}

// checkUnknown leaves out whose namespace it is: account and Region are not
// known yet, and a prefix is checked with a short suffix.
func (n Naming) checkUnknown() error {
	if strings.Contains(n.Namespace, api.NotYetKnown) {
		return nil
	}
	if err := n.check(); err != nil {
		return err
	}
	property, name := "BucketName "+n.Name, n.Name
	if n.Prefix != "" {
		property, name = "BucketNamePrefix "+n.Prefix, n.Prefix+bucketname.Suffix("000000000000", "us-east-1")
	}
	if name == "" || strings.Contains(name, api.NotYetKnown) {
		return nil
	}
	if err := CheckName(name, n.Namespace); err != nil {
		return api.At(property, err)
	}
	return nil
}
