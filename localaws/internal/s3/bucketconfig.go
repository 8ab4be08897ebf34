package s3

import (
	"encoding/xml"
	"net/http"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// ownerEnforced is the one object ownership here: ACLs are off.
const ownerEnforced = "BucketOwnerEnforced"

type versioningConfiguration struct {
	XMLName   xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ VersioningConfiguration" json:"-"`
	Status    string   `xml:",omitempty"`
	MFADelete string   `xml:"MfaDelete,omitempty" json:"-"`
}

func (s *Service) getBucketVersioning(rq *request) error {
	b, err := s.bucketFor(rq, "s3:GetBucketVersioning")
	if err != nil {
		return err
	}
	return rq.answer(http.StatusOK, versioningConfiguration{Status: b.settings().versioning})
}

func (s *Service) putBucketVersioning(rq *request) error {
	b, err := s.bucketFor(rq, "s3:PutBucketVersioning")
	if err != nil {
		return err
	}
	var in versioningConfiguration
	if err := rq.document("VersioningConfiguration", &in); err != nil {
		return err
	}
	if in.MFADelete == "Enabled" {
		return fault.NotImplemented("MFA delete")
	}
	if err := b.change(in.apply); err != nil {
		return err
	}
	return rq.done(http.StatusOK)
}

func (v versioningConfiguration) apply(c *config) error {
	switch {
	case v.Status != "Enabled" && v.Status != "Suspended":
		return api.Errorf(400, "IllegalVersioningConfigurationException", "The versioning configuration specified in the request is invalid.")
	case v.Status == "Suspended" && c.replication != nil:
		return api.Errorf(409, "InvalidBucketState", "A replication configuration is present on this bucket, so you cannot change the versioning state. To change the versioning state, first delete the replication configuration.")
	}
	c.versioning = v.Status
	return nil
}

type publicAccessBlockDocument struct {
	XMLName xml.Name `xml:"PublicAccessBlockConfiguration"`
	publicAccessBlock
}

func (s *Service) getPublicAccessBlock(rq *request) error {
	b, err := s.bucketFor(rq, "s3:GetBucketPublicAccessBlock")
	if err != nil {
		return err
	}
	p := b.settings().publicAccess
	if p == nil {
		return fault.With(api.Errorf(404, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"), "BucketName", b.name)
	}
	return rq.answer(http.StatusOK, publicAccessBlockDocument{publicAccessBlock: *p})
}

func (s *Service) putPublicAccessBlock(rq *request) error {
	b, err := s.bucketFor(rq, "s3:PutBucketPublicAccessBlock")
	if err != nil {
		return err
	}
	var in publicAccessBlock
	if err := rq.document("PublicAccessBlockConfiguration", &in); err != nil {
		return err
	}
	if err := b.change(func(c *config) error { c.publicAccess = &in; return nil }); err != nil {
		return err
	}
	return rq.done(http.StatusOK)
}

func (s *Service) deletePublicAccessBlock(rq *request) error {
	b, err := s.bucketFor(rq, "s3:PutBucketPublicAccessBlock")
	if err != nil {
		return err
	}
	if err := b.change(func(c *config) error { c.publicAccess = nil; return nil }); err != nil {
		return err
	}
	return rq.done(http.StatusNoContent)
}

type ownershipControls struct {
	XMLName xml.Name        `xml:"OwnershipControls" json:"-"`
	Rules   []ownershipRule `xml:"Rule"`
}

type ownershipRule struct{ ObjectOwnership string }

// check refuses ownerships under which ACLs count.
func (o ownershipControls) check() error {
	if len(o.Rules) != 1 {
		return fault.MalformedXML("ownership controls have one rule, these have %d", len(o.Rules))
	}
	switch o.Rules[0].ObjectOwnership {
	case ownerEnforced:
		return nil
	case "BucketOwnerPreferred", "ObjectWriter":
		return fault.NotImplemented("the object ownership " + o.Rules[0].ObjectOwnership + "; buckets here are " + ownerEnforced)
	}
	return fault.MalformedXML("ObjectOwnership is %q", o.Rules[0].ObjectOwnership)
}

func (s *Service) getOwnershipControls(rq *request) error {
	b, err := s.bucketFor(rq, "s3:GetBucketOwnershipControls")
	if err != nil {
		return err
	}
	return rq.answer(http.StatusOK, ownershipControls{Rules: []ownershipRule{{b.settings().ownership}}})
}

func (s *Service) putOwnershipControls(rq *request) error {
	if _, err := s.bucketFor(rq, "s3:PutBucketOwnershipControls"); err != nil {
		return err
	}
	var in ownershipControls
	if err := rq.document("OwnershipControls", &in); err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	return rq.done(http.StatusOK)
}
