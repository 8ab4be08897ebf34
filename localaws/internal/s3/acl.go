package s3

import (
	"encoding/xml"
	"net/http"
)

type accessControlPolicy struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ AccessControlPolicy"`
	Owner   owner
	Grants  []grant `xml:"AccessControlList>Grant"`
}

type grant struct {
	Grantee    grantee
	Permission string
}

type grantee struct {
	Namespace string `xml:"xmlns:xsi,attr"`
	Type      string `xml:"xsi:type,attr"`
	ID        string
}

// ownerACL is the ACL of everything in a BucketOwnerEnforced bucket: the
// owner's full control.
func ownerACL(account string) accessControlPolicy {
	id := CanonicalUserID(account)
	return accessControlPolicy{Owner: owner{id}, Grants: []grant{{
		Grantee:    grantee{Namespace: "http://www.w3.org/2001/XMLSchema-instance", Type: "CanonicalUser", ID: id},
		Permission: "FULL_CONTROL",
	}}}
}

func (s *Service) getBucketACL(rq *request, b *bucket) error {
	return rq.answer(http.StatusOK, ownerACL(b.account))
}

func (s *Service) putBucketACL(rq *request, b *bucket) error {
	return rq.putACL()
}

// putACL accepts the canned ACLs that change nothing and refuses all else, a
// body too.
func (rq *request) putACL() error {
	if err := rq.cannedACL(); err != nil {
		return err
	}
	if !rq.has("x-amz-acl") {
		return aclNotSupported()
	}
	return rq.done(http.StatusOK)
}

func (s *Service) getObjectACL(rq *request, b *bucket) error {
	v, err := s.openVersion(rq, b, "s3:GetObjectAcl", nil)
	if err != nil {
		return err
	}
	defer v.close()
	rq.versionHeader(b, v.id)
	return rq.answer(http.StatusOK, ownerACL(v.owner))
}

func (s *Service) putObjectACL(rq *request, b *bucket) error {
	v, err := s.openVersion(rq, b, "s3:PutObjectAcl", nil)
	if err != nil {
		return err
	}
	v.close()
	return rq.putACL()
}
