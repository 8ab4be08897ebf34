package s3

import (
	"cmp"
	"encoding/xml"
	"net/http"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/bucketname"
	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// oldest is the Region that S3 has had since before there were others. Its
// buckets have no location constraint.
const oldest = "us-east-1"

const ownershipHeader = "x-amz-object-ownership"

type createBucketConfiguration struct {
	LocationConstraint string
	Tags               []configuration.Tag `xml:"Tags>Tag"`
}

func (s *Service) createBucket(rq *request, _ *bucket) error {
	namespace := rq.header(configuration.NamespaceHeader)
	if err := configuration.CheckName(rq.Bucket, namespace); err != nil {
		return err
	}
	if rq.Call.Account == "" {
		return fault.AccessDenied()
	}
	var in createBucketConfiguration
	if rq.Request.ContentLength != 0 {
		if err := rq.document("CreateBucketConfiguration", &in); err != nil {
			return err
		}
	}
	region := cmp.Or(in.LocationConstraint, oldest)
	if region == "EU" {
		region = "eu-west-1" // by its former name
	}
	if err := configuration.CheckOwner(rq.Bucket, namespace, rq.Call.Account, cmp.Or(rq.Call.Region, region)); err != nil {
		return err
	}
	keys := map[string]iam.Strings{}
	for _, name := range []string{configuration.NamespaceHeader, "x-amz-acl", ownershipHeader} {
		if rq.has(name) {
			keys["s3:"+name] = iam.Strings{rq.header(name)}
		}
	}
	if in.LocationConstraint != "" {
		keys["s3:locationconstraint"] = iam.Strings{in.LocationConstraint}
	}
	b := newBucket(rq.Bucket, rq.Call.Account, region, s.opt.Now())
	b.location = in.LocationConstraint
	if err := s.authorize(rq, b, "s3:CreateBucket", "", keys); err != nil {
		return err
	}
	switch {
	case rq.Call.Region == oldest && in.LocationConstraint != "" && (region == oldest || !partition.HasRegion(region)):
		return fault.With(api.Errorf(400, "InvalidLocationConstraint", "The specified location-constraint is not valid"), "LocationConstraint", in.LocationConstraint)
	case rq.Call.Region != "" && rq.Call.Region != region:
		return api.Errorf(400, "IllegalLocationConstraintException", "The %s location constraint is incompatible for the region specific endpoint this request was sent to.", cmp.Or(in.LocationConstraint, "unspecified"))
	case rq.header("x-amz-bucket-object-lock-enabled") == "true":
		return fault.NotImplemented("Object Lock (x-amz-bucket-object-lock-enabled)")
	case cmp.Or(rq.header(ownershipHeader), configuration.OwnerEnforced) != configuration.OwnerEnforced:
		return fault.NotImplemented("the object ownership " + rq.header(ownershipHeader) + "; buckets here are " + configuration.OwnerEnforced)
	}
	if err := rq.cannedACL(); err != nil {
		return fault.With(api.Errorf(400, "InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"))
	}
	if err := b.change((&configuration.Tagging{Tags: in.Tags}).Apply); err != nil {
		return err
	}
	if err := s.addBucket(b); err != nil && !s.createsAgain(b) {
		return err
	}
	rq.w.Header().Set("Location", "/"+rq.Bucket)
	return rq.done(http.StatusOK)
}

// createsAgain says whether a CreateBucket that finds its bucket there succeeds
// all the same, without any effect. S3 also resets the ACL, which here is always
// the owner's. That it refuses a request with tags is recorded in public test
// suites.
//
// Source: S3 developer guide, ErrorResponses (BucketAlreadyOwnedByYou); S3 user
// guide, gpbucketnamespaces, for account regional names.
func (s *Service) createsAgain(b *bucket) bool {
	old, err := s.find(b.name)
	return err == nil && old.account == b.account && old.region == oldest && b.region == oldest &&
		len(b.config.Tags) == 0 && !bucketname.IsAccountRegional(b.name)
}

// addBucket reserves a name, which is global.
func (s *Service) addBucket(b *bucket) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, taken := s.buckets[b.name]
	switch {
	case taken && old.account == b.account:
		return fault.With(api.Errorf(409, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it."), "BucketName", b.name)
	case taken:
		return fault.With(api.Errorf(409, "BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again."), "BucketName", b.name)
	}
	s.buckets[b.name] = b
	return nil
}

func (s *Service) deleteBucket(rq *request, b *bucket) error {
	if err := s.removeBucket(b); err != nil {
		return err
	}
	return rq.done(http.StatusNoContent)
}

// removeBucket removes an empty bucket and its unfinished uploads.
func (s *Service) removeBucket(b *bucket) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.index.keys) > 0 {
		message := "The bucket you tried to delete is not empty"
		if b.config.Versioning != "" {
			message += ". You must delete all versions in the bucket."
		}
		return fault.With(api.Errorf(409, "BucketNotEmpty", "%s", message), "BucketName", b.name)
	}
	for _, u := range b.uploads {
		u.drop()
	}
	b.deleted = true
	delete(s.buckets, b.name)
	return nil
}

func (s *Service) headBucket(rq *request, b *bucket) error {
	rq.w.Header().Set("x-amz-bucket-region", b.region)
	rq.w.Header().Set("x-amz-access-point-alias", "false")
	return rq.done(http.StatusOK)
}

func (s *Service) getBucketLocation(rq *request, b *bucket) error {
	return rq.answer(http.StatusOK, struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ LocationConstraint"`
		Region  string   `xml:",chardata"`
	}{Region: b.location})
}
