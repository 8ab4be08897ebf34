package s3

import (
	"encoding/xml"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

type tag struct {
	Key   string
	Value string
}

type tagging struct {
	XMLName xml.Name `xml:"Tagging"`
	Tags    []tag    `xml:"TagSet>Tag"`
}

// checkTags applies S3's limits: 10 tags for an object, 50 for a bucket, keys
// of 128 and values of 256 characters, no key twice.
//
// Source: S3 user guide, object-tagging.
func checkTags(tags []tag, most int) error {
	bad := func(message string) error { return api.Errorf(400, "InvalidTag", "%s", message) }
	if len(tags) > most {
		if most == 10 {
			return api.Errorf(400, "BadRequest", "Object tags cannot be greater than 10")
		}
		return api.Errorf(400, "BadRequest", "Bucket tag count cannot be greater than 50")
	}
	seen := map[string]bool{}
	for _, t := range tags {
		switch {
		case t.Key == "" || utf8.RuneCountInString(t.Key) > 128:
			return bad("The TagKey you have provided is invalid")
		case utf8.RuneCountInString(t.Value) > 256:
			return bad("The TagValue you have provided is invalid")
		case strings.HasPrefix(t.Key, "aws:"):
			return bad("System tags cannot be added/updated by requester")
		case seen[t.Key]:
			return bad("Cannot provide multiple Tags with the same key")
		}
		seen[t.Key] = true
	}
	return nil
}

// headerTags reads x-amz-tagging: a query string.
func (rq *request) headerTags() ([]tag, error) {
	text := rq.header("x-amz-tagging")
	values, err := url.ParseQuery(text)
	if err != nil {
		return nil, fault.InvalidArgument("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.", "x-amz-tagging", text)
	}
	var tags []tag
	for _, k := range slices.Sorted(maps.Keys(values)) {
		for _, v := range values[k] {
			tags = append(tags, tag{k, v})
		}
	}
	return tags, checkTags(tags, 10)
}

func requestTagKeys(tags []tag) map[string]iam.Strings {
	keys := map[string]iam.Strings{}
	for _, t := range tags {
		keys["s3:RequestObjectTag/"+t.Key] = iam.Strings{t.Value}
		keys["s3:RequestObjectTagKeys"] = append(keys["s3:RequestObjectTagKeys"], t.Key)
	}
	return keys
}

func existingTagKeys(tags []tag) map[string]iam.Strings {
	keys := map[string]iam.Strings{}
	for _, t := range tags {
		keys["s3:ExistingObjectTag/"+t.Key] = iam.Strings{t.Value}
	}
	return keys
}

// taggedVersion finds the version of a tagging request after the policies
// admitted it. The SSE-C key is not needed for tags.
func (s *Service) taggedVersion(rq *request, action string, keys map[string]iam.Strings) (*bucket, *reading, error) {
	b, err := s.bucket(rq)
	if err != nil {
		return nil, nil, err
	}
	v := b.read(rq.key, rq.query.Get("versionId"))
	if v != nil {
		v.close()
	}
	if err := s.authorizeRead(rq, b, action, v, keys); err != nil {
		return nil, nil, err
	}
	if err := rq.exists(b, v); err != nil {
		return nil, nil, err
	}
	rq.versionHeader(b, v.id)
	return b, v, nil
}

func (s *Service) getObjectTagging(rq *request) error {
	_, v, err := s.taggedVersion(rq, "s3:GetObjectTagging", nil)
	if err != nil {
		return err
	}
	return rq.answer(http.StatusOK, tagging{Tags: v.tags})
}

func (s *Service) putObjectTagging(rq *request) error {
	var t tagging
	if err := rq.document("Tagging", &t); err != nil {
		return err
	}
	if err := checkTags(t.Tags, 10); err != nil {
		return err
	}
	b, v, err := s.taggedVersion(rq, "s3:PutObjectTagging", requestTagKeys(t.Tags))
	if err != nil {
		return err
	}
	s.setTags(b, v, t.Tags)
	return rq.done(http.StatusOK)
}

func (s *Service) deleteObjectTagging(rq *request) error {
	b, v, err := s.taggedVersion(rq, "s3:DeleteObjectTagging", nil)
	if err != nil {
		return err
	}
	s.setTags(b, v, nil)
	return rq.done(http.StatusNoContent)
}

// setTags replaces the tags of a version, and has replication follow.
func (s *Service) setTags(b *bucket, v *reading, tags []tag) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if current := b.index.version(v.key, v.id); current != nil {
		current.tags = tags
		if current.replication == "PENDING" || current.replication == "COMPLETED" {
			s.replication.add(task{bucket: b, key: v.key, version: v.id, kind: replicateTags})
		}
	}
}

func (s *Service) getBucketTagging(rq *request) error {
	b, err := s.bucketFor(rq, "s3:GetBucketTagging")
	if err != nil {
		return err
	}
	tags := b.settings().tags
	if len(tags) == 0 {
		return fault.With(api.Errorf(404, "NoSuchTagSet", "The TagSet does not exist"), "BucketName", b.name)
	}
	return rq.answer(http.StatusOK, tagging{Tags: tags})
}

func (s *Service) putBucketTagging(rq *request) error {
	b, err := s.bucketFor(rq, "s3:PutBucketTagging")
	if err != nil {
		return err
	}
	var t tagging
	if err := rq.document("Tagging", &t); err != nil {
		return err
	}
	if err := checkTags(t.Tags, 50); err != nil {
		return err
	}
	if err := b.change(func(c *config) error { c.tags = t.Tags; return nil }); err != nil {
		return err
	}
	return rq.done(http.StatusNoContent)
}

func (s *Service) deleteBucketTagging(rq *request) error {
	b, err := s.bucketFor(rq, "s3:PutBucketTagging")
	if err != nil {
		return err
	}
	if err := b.change(func(c *config) error { c.tags = nil; return nil }); err != nil {
		return err
	}
	return rq.done(http.StatusNoContent)
}
