package s3

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"unicode/utf8"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// headerTags reads x-amz-tagging: a query string.
func (rq *request) headerTags() ([]configuration.Tag, error) {
	text := rq.header("x-amz-tagging")
	values, err := url.ParseQuery(text)
	twice := slices.ContainsFunc(slices.Collect(maps.Values(values)), func(v []string) bool { return len(v) > 1 })
	if plain, _ := url.QueryUnescape(text); err != nil || twice || !utf8.ValidString(plain) {
		return nil, fault.InvalidArgument("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.", "x-amz-tagging", text)
	}
	var tags []configuration.Tag
	for _, k := range slices.Sorted(maps.Keys(values)) {
		tags = append(tags, configuration.Tag{Key: k, Value: values.Get(k)})
	}
	return tags, configuration.CheckTags(tags, 10)
}

func requestTagKeys(tags []configuration.Tag) map[string]iam.Strings {
	keys := map[string]iam.Strings{}
	for _, t := range tags {
		keys["s3:RequestObjectTag/"+t.Key] = iam.Strings{t.Value}
		keys["s3:RequestObjectTagKeys"] = append(keys["s3:RequestObjectTagKeys"], t.Key)
	}
	return keys
}

func existingTagKeys(tags []configuration.Tag) map[string]iam.Strings {
	keys := map[string]iam.Strings{}
	for _, t := range tags {
		keys["s3:ExistingObjectTag/"+t.Key] = iam.Strings{t.Value}
	}
	return keys
}

// taggedVersion finds the version of a tagging request. The SSE-C key is not
// needed for tags.
func (s *Service) taggedVersion(rq *request, b *bucket, action string, keys map[string]iam.Strings) (*reading, error) {
	v, err := s.openVersion(rq, b, action, keys)
	if err == nil {
		rq.versionHeader(b, v.id)
		v.close()
	}
	return v, err
}

func (s *Service) getObjectTagging(rq *request, b *bucket) error {
	v, err := s.taggedVersion(rq, b, "s3:GetObjectTagging", nil)
	if err != nil {
		return err
	}
	return rq.answer(http.StatusOK, configuration.Tagging{Tags: v.tags})
}

func (s *Service) putObjectTagging(rq *request, b *bucket) error {
	var t configuration.Tagging
	if err := rq.document("Tagging", &t); err != nil {
		return err
	}
	if err := configuration.CheckTags(t.Tags, 10); err != nil {
		return err
	}
	v, err := s.taggedVersion(rq, b, "s3:PutObjectTagging", requestTagKeys(t.Tags))
	if err != nil {
		return err
	}
	s.setTags(b, v, t.Tags)
	return rq.done(http.StatusOK)
}

func (s *Service) deleteObjectTagging(rq *request, b *bucket) error {
	v, err := s.taggedVersion(rq, b, "s3:DeleteObjectTagging", nil)
	if err != nil {
		return err
	}
	s.setTags(b, v, nil)
	return rq.done(http.StatusNoContent)
}

// setTags replaces the tags of a version, and has replication follow.
func (s *Service) setTags(b *bucket, v *reading, tags []configuration.Tag) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if current := b.index.version(v.key, v.id); current != nil {
		current.tags = tags
		if current.replication == "PENDING" || current.replication == "COMPLETED" {
			s.replication.add(task{bucket: b, key: v.key, version: v.id, kind: replicateTags})
		}
	}
}
