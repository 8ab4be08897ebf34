package sweep

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// A Cursor is where a list of versions goes on: behind this version, or behind
// all versions of the key if it names none. Its zero value is the beginning.
type Cursor struct {
	Key       string `json:"key,omitempty"`
	VersionID string `json:"versionId,omitempty"`
}

// pageSize is the most that S3 lists at once.
const pageSize = 1000

// entry is a version of a list.
type entry struct {
	key, versionID string
	size           int64
	latest         bool
	marker         bool // a delete marker
}

// page is a part of a list, ordered by key.
type page struct {
	entries []entry
	next    *Cursor // nil behind the last page
}

// list returns the page behind a cursor.
func (s *Sweeper) list(ctx context.Context, from Cursor) (page, error) {
	in := &s3.ListObjectVersionsInput{
		Bucket:  &s.Bucket,
		MaxKeys: aws.Int32(s.pageSize()),
		// A key may have characters that XML has not.
		EncodingType: types.EncodingTypeUrl,
	}
	if from.Key != "" {
		in.KeyMarker = &from.Key
		if from.VersionID != "" {
			in.VersionIdMarker = &from.VersionID
		}
	}
	out, err := retrying(ctx, s, func() (*s3.ListObjectVersionsOutput, error) { return s.S3.ListObjectVersions(ctx, in) })
	if err != nil {
		return page{}, classify(ctx, "listing the versions", err)
	}
	var p page
	for _, v := range out.Versions {
		p.add(aws.ToString(v.Key), entry{versionID: aws.ToString(v.VersionId), size: aws.ToInt64(v.Size), latest: aws.ToBool(v.IsLatest)}, &err)
	}
	for _, m := range out.DeleteMarkers {
		p.add(aws.ToString(m.Key), entry{versionID: aws.ToString(m.VersionId), latest: aws.ToBool(m.IsLatest), marker: true}, &err)
	}
	slices.SortStableFunc(p.entries, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	if aws.ToBool(out.IsTruncated) {
		p.next = &Cursor{VersionID: aws.ToString(out.NextVersionIdMarker)}
		p.next.Key, err = url.QueryUnescape(aws.ToString(out.NextKeyMarker))
	}
	if err != nil {
		return page{}, fmt.Errorf("reading the list of versions: %w", err)
	}
	return p, nil
}

func (p *page) add(encoded string, e entry, err *error) {
	key, wrong := url.QueryUnescape(encoded)
	if wrong != nil {
		*err = wrong
	}
	e.key = key
	p.entries = append(p.entries, e)
}

// behind is the cursor after the first done entries of the page, not all, and how
// many of them are before it: it is behind a whole key, since what a list has of
// one key may go on in the next page. The cursor from is where the page began.
func (p *page) behind(done int, from Cursor) (Cursor, int) {
	for ; done > 0; done-- {
		if p.entries[done-1].key != p.entries[done].key {
			return Cursor{Key: p.entries[done-1].key}, done
		}
	}
	return from, 0
}
