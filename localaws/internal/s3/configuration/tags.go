package configuration

import (
	"encoding/xml"
	"strings"
	"unicode/utf8"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Tag is a tag of a bucket or an object.
type Tag = api.Tag

// Tagging is the tags of a bucket or an object.
type Tagging struct {
	XMLName xml.Name `xml:"Tagging"`
	Tags    []Tag    `xml:"TagSet>Tag"`
}

// CheckTags applies S3's limits: 10 tags for an object, 50 for a bucket, keys
// of 128 and values of 256 characters, no key twice.
//
// Source: S3 user guide, object-tagging.
func CheckTags(tags []Tag, most int) error {
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

// Apply implements Setting: it sets the tags of the bucket.
func (t *Tagging) Apply(b *Bucket) error {
	b.Tags = t.Tags
	return CheckTags(t.Tags, 50)
}
