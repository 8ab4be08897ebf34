package resource

import (
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// AccessPoint is an S3 access point: another way to the objects of a bucket.
type AccessPoint struct {
	guarded
	PublicAccess  iam.PublicAccessBlock
	Bucket        string // its name
	BucketAccount string // whose bucket it is
	VPC           bool   // lets in requests from a VPC only
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
	// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html
	access := v.Get("PublicAccessBlockConfiguration")
	a.PublicAccess = read.publicAccess(access, !read.exists(access))
	if read.err != nil {
		return read.err
	}
	s.AccessPoints = append(s.AccessPoints, a)
	s.guard(&a.guarded, a.ARN, "access point "+a.Name)
	return nil
}
