package resource

import (
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// AccessPoint is an S3 access point: another way to the objects of a bucket.
type AccessPoint struct {
	guarded
	PublicAccess     iam.PublicAccessBlock
	IgnorePublicACLs bool   // of Block Public Access: those of the bucket and its objects
	Bucket           string // its name
	BucketAccount    string // whose bucket it is
	VPC              bool   // lets in requests from a VPC only
}

func (s *Set) addAccessPoint(r *template.Resource) error {
	p, err := place(r)
	if err != nil {
		return err
	}
	v := r.Properties()
	a := &AccessPoint{guarded: guarded{placed: p}}
	read := reader{}
	a.Bucket = read.string(v.Get("Bucket"))
	a.Bucket = a.Bucket[strings.LastIndexByte(a.Bucket, ':')+1:] // it may be given by ARN
	a.BucketAccount = read.string(v.Get("BucketAccountId").Default(a.Account))
	a.VPC = read.exists(v.Get("VpcConfiguration"))
	// As of a bucket: without a configuration everything is blocked, and nobody is
	// taken to be kept out by a setting that one leaves out.
	// Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html
	// and access-control-block-public-access.html beside it.
	access := v.Get("PublicAccessBlockConfiguration")
	configured := read.exists(access)
	a.PublicAccess = read.publicAccess(access, !configured)
	a.IgnorePublicACLs = read.bool(access.Get("IgnorePublicAcls").Default(!configured))
	if read.err != nil {
		return read.err
	}
	s.AccessPoints = append(s.AccessPoints, a)
	s.guard(&a.guarded, a.ARN, "access point "+a.Name)
	return nil
}

// throughAccessPoint turns a request that names an access point, or an object
// behind one, into one to its bucket. The error says why it can't: of an access
// point that no stack makes neither the policy nor the bucket is known, nor of
// the kinds that CloudFormation names another way: multi-Region ones, those of
// Object Lambda and of directory buckets.
func (s *Set) throughAccessPoint(q *question) (*AccessPoint, error) {
	if !strings.Contains(q.Resource, ":accesspoint/") {
		return nil, nil
	}
	arn := ARN(q.Resource)
	rest, ok := strings.CutPrefix(arn.Resource, "accesspoint/")
	if !ok {
		return nil, nil
	}
	name, path, _ := strings.Cut(rest, "/")
	arn.Resource = "accesspoint/" + name
	for _, a := range s.AccessPoints {
		if a.ARN != arn.String() {
			continue
		}
		q.request.Resource = "arn:" + arn.Partition + ":s3:::" + a.Bucket
		if key, isObject := strings.CutPrefix(path, "object/"); isObject {
			q.request.Resource += "/" + key
		}
		q.policies.AccessPoint = &iam.AccessPoint{
			ARN: a.ARN, VPC: a.VPC, Policy: a.Policy, PublicAccess: a.PublicAccess, RCPs: s.organization.ResourceControl(a.Account),
		}
		if s.buckets[a.Bucket] == nil && s.LeftOut(a.Bucket) == nil {
			q.request.ResourceAccount = a.BucketAccount
			q.ofResource = append(q.ofResource, Unread{a.Resource, fmt.Errorf("what bucket %s admits: it is in none of the stacks", a.Bucket)})
		}
		return a, nil
	}
	return nil, fmt.Errorf("what access point %s lets through: it is in none of the stacks", arn)
}
