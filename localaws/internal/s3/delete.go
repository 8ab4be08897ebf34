package s3

import (
	"encoding/xml"
	"net/http"
	"slices"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// deletion is what deleting a key or version did.
type deletion struct {
	marker    bool   // a marker was made, or the version deleted was one
	versionID string // "" while the bucket was never versioned
	nothing   bool   // there was nothing to remove
}

func (s *Service) deleteObject(rq *request, b *bucket) error {
	id := rq.query.Get("versionId")
	match := rq.header("If-Match")
	if err := s.authorizeDelete(rq, b, rq.Key, id, match); err != nil {
		return err
	}
	d, err := s.remove(b, rq.Key, id, deleteOnly(rq.Key, match))
	if err != nil {
		return err
	}
	s.notifyRemoved(rq, b, rq.Key, id, d)
	if d.marker {
		rq.w.Header().Set("x-amz-delete-marker", "true")
	}
	if d.versionID != "" {
		rq.VersionID = d.versionID
		rq.w.Header().Set("x-amz-version-id", d.versionID)
	}
	return rq.done(http.StatusNoContent)
}

// authorizeDelete decides a delete, which match makes a conditional one: an ETag,
// of which a right guess tells the caller something of the object, or "*".
//
// Source: S3 user guide, conditional-deletes and conditional-delete-enforce.
func (s *Service) authorizeDelete(rq *request, b *bucket, key, id, match string) error {
	action, keys := "s3:DeleteObject", map[string]iam.Strings{}
	if id != "" {
		action = versioned[action]
		keys["s3:VersionId"] = iam.Strings{id}
	}
	if match != "" {
		keys["s3:if-match"] = iam.Strings{match}
	}
	if err := s.authorize(rq, b, action, key, keys); err != nil {
		return err
	}
	if match == "" || match == "*" {
		return nil
	}
	return s.authorize(rq, b, "s3:GetObject", key, nil)
}

// deleteOnly is If-Match of a delete; "" is none. What is there already may be a
// delete marker, which is no object.
//
// Source: S3 user guide, conditional-deletes.
func deleteOnly(key, match string) condition {
	return func(current *version) error {
		switch {
		case match == "":
			return nil
		case current == nil:
			return fault.NoSuchKey(key)
		case current.marker || !matchesETag(match, current.etag):
			return fault.PreconditionFailed("If-Match")
		}
		return nil
	}
}

// remove deletes a version, or without an id puts a delete marker where
// versioning keeps versions. What isn't there is no error.
//
// Source: S3 user guide, DeletingObjectVersions.
func (s *Service) remove(b *bucket, key, id string, may condition) (deletion, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.deleted {
		return deletion{}, fault.NoSuchBucket(b.name)
	}
	if err := may(b.index.current(key)); err != nil {
		return deletion{}, err
	}
	if id != "" {
		v := b.index.remove(key, id)
		v.drop()
		return deletion{marker: v != nil && v.marker, versionID: id, nothing: v == nil}, nil
	}
	if b.config.Versioning == "" {
		v := b.index.remove(key, nullVersion)
		v.drop()
		return deletion{nothing: v == nil}, nil
	}
	v := &version{key: key, marker: true, owner: b.account}
	s.show(b, v)
	return deletion{marker: true, versionID: v.id}, nil
}

type deleteRequest struct {
	Quiet   bool
	Objects []objectToDelete `xml:"Object"`
}

type objectToDelete struct {
	Key       string
	VersionID string `xml:"VersionId"`
	ETag      string
}

type deleteResult struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ DeleteResult"`
	Deleted []deletedObject
	Errors  []deleteError `xml:"Error"`
}

type deletedObject struct {
	Key                   string
	VersionID             string `xml:"VersionId,omitempty"`
	DeleteMarker          bool   `xml:",omitempty"`
	DeleteMarkerVersionID string `xml:"DeleteMarkerVersionId,omitempty"`
}

type deleteError struct {
	Key       string
	VersionID string `xml:"VersionId,omitempty"`
	Code      string
	Message   string
}

// deleteObjects deletes up to 1,000 keys; each is decided by itself.
func (s *Service) deleteObjects(rq *request, b *bucket) error {
	sum, err := checksum.Wanted(rq.Request.Header)
	if err != nil {
		return err
	}
	if sum.Algorithm == "" && !rq.has("Content-MD5") {
		return fault.InvalidRequest("Missing required header for this request: Content-MD5")
	}
	var in deleteRequest
	if err := rq.document("Delete", &in); err != nil {
		return err
	}
	if n := len(in.Objects); n == 0 || n > 1000 {
		return fault.MalformedXML("Delete names %d objects, want 1 to 1000", n)
	}
	if slices.ContainsFunc(in.Objects, func(o objectToDelete) bool { return o.Key == "" }) {
		return fault.MalformedXML("an object of Delete has no Key")
	}
	var out deleteResult
	for _, o := range in.Objects {
		d, err := deletion{}, checkKey(o.Key)
		if err == nil && o.VersionID != "" && !isVersionID(o.VersionID) {
			err = fault.NoSuchVersion(o.Key, o.VersionID)
		}
		if err == nil {
			err = s.authorizeDelete(rq, b, o.Key, o.VersionID, o.ETag)
		}
		if err == nil {
			d, err = s.remove(b, o.Key, o.VersionID, deleteOnly(o.Key, o.ETag))
		}
		if err != nil {
			e := asError(err)
			out.Errors = append(out.Errors, deleteError{Key: o.Key, VersionID: o.VersionID, Code: e.Code, Message: e.Message})
			continue
		}
		s.notifyRemoved(rq, b, o.Key, o.VersionID, d)
		if in.Quiet {
			continue
		}
		done := deletedObject{Key: o.Key, VersionID: o.VersionID, DeleteMarker: d.marker}
		if d.marker {
			done.DeleteMarkerVersionID = d.versionID
		}
		out.Deleted = append(out.Deleted, done)
	}
	return rq.answer(http.StatusOK, out)
}
