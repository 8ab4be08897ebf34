package object

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/function"
)

// maxKeys is the most that S3 lists in one answer.
const maxKeys = 1000

// A ListRequest asks for a page of the bucket's list.
type ListRequest struct {
	Prefix            string `json:"prefix"`            // of the keys to list
	Delimiter         string `json:"delimiter"`         // keys that share what is before it are listed as one prefix
	StartAfter        string `json:"startAfter"`        // list the keys after this one
	ContinuationToken string `json:"continuationToken"` // of the page before, whose other fields stay
	MaxKeys           *int   `json:"maxKeys"`           // 1-1000; nil means 1000
	Versions          bool   `json:"versions"`          // list noncurrent versions and delete markers too
}

// A ListResult is a page.
type ListResult struct {
	Bucket            string   `json:"bucket"`
	Objects           []Listed `json:"objects"`
	Prefixes          []string `json:"prefixes,omitempty"`
	ContinuationToken string   `json:"continuationToken,omitempty"` // "" on the last page
}

// A Listed object is a line of a list. All after LastModified is of lists of
// versions only.
type Listed struct {
	Key          string    `json:"key"`
	Size         *int64    `json:"size,omitempty"` // nil for a delete marker, as ETag and StorageClass
	ETag         string    `json:"etag,omitempty"`
	StorageClass string    `json:"storageClass,omitempty"`
	LastModified time.Time `json:"lastModified"`
	VersionID    string    `json:"versionId,omitempty"`
	Latest       bool      `json:"latest,omitempty"`
	DeleteMarker bool      `json:"deleteMarker,omitempty"`
}

// List lists a page of objects, in the order of their keys. Errors are
// *function.Error.
func (s *Store) List(ctx context.Context, r ListRequest) (*ListResult, error) {
	page := int32(maxKeys)
	if r.MaxKeys != nil {
		if *r.MaxKeys < 1 || *r.MaxKeys > maxKeys {
			return nil, function.Errorf(function.BadRequest, nil, `"maxKeys" is %d: want 1 to %d`, *r.MaxKeys, maxKeys)
		}
		page = int32(*r.MaxKeys)
	}
	if r.StartAfter != "" && r.ContinuationToken != "" {
		return nil, function.Errorf(function.BadRequest, nil, `the event has both "startAfter" and "continuationToken": send one`)
	}
	list := s.listObjects
	if r.Versions {
		list = s.listVersions
	}
	result, err := list(ctx, r, page)
	if err != nil {
		return nil, err
	}
	s.log.InfoContext(ctx, "list", "prefix", r.Prefix, "objects", len(result.Objects))
	return result, nil
}

func (s *Store) listObjects(ctx context.Context, r ListRequest, page int32) (*ListResult, error) {
	out, err := s.s3.ListObjectsV2(ctx, &s3.ListObjectsV2Input{
		Bucket:            &s.config.Bucket,
		Prefix:            optional(r.Prefix),
		Delimiter:         optional(r.Delimiter),
		StartAfter:        optional(r.StartAfter),
		ContinuationToken: optional(r.ContinuationToken),
		MaxKeys:           &page,
		EncodingType:      types.EncodingTypeUrl, // XML cannot carry every key
	})
	if err != nil {
		return nil, function.Classify(ctx, "listing the objects", err)
	}
	result := &ListResult{Bucket: s.config.Bucket, Objects: []Listed{}, ContinuationToken: aws.ToString(out.NextContinuationToken)}
	var keys decoder
	for _, o := range out.Contents {
		result.Objects = append(result.Objects, Listed{
			Key: keys.decode(o.Key), Size: aws.Int64(aws.ToInt64(o.Size)), ETag: aws.ToString(o.ETag),
			StorageClass: string(o.StorageClass), LastModified: aws.ToTime(o.LastModified),
		})
	}
	for _, p := range out.CommonPrefixes {
		result.Prefixes = append(result.Prefixes, keys.decode(p.Prefix))
	}
	return result, keys.err
}

// A mark is where a page of versions ends. As a continuation token it is JSON in
// base64.
type mark struct {
	Key     string `json:"k"`
	Version string `json:"v,omitempty"`
}

func (s *Store) listVersions(ctx context.Context, r ListRequest, page int32) (*ListResult, error) {
	from := mark{Key: r.StartAfter}
	if r.ContinuationToken != "" {
		text, err := base64.RawURLEncoding.DecodeString(r.ContinuationToken)
		if err != nil || json.Unmarshal(text, &from) != nil || from.Key == "" {
			return nil, function.Errorf(function.BadRequest, nil, `"continuationToken" is none of a list of versions: send the one of the page before`)
		}
	}
	out, err := s.s3.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{
		Bucket:          &s.config.Bucket,
		Prefix:          optional(r.Prefix),
		Delimiter:       optional(r.Delimiter),
		KeyMarker:       optional(from.Key),
		VersionIdMarker: optional(from.Version),
		MaxKeys:         &page,
		EncodingType:    types.EncodingTypeUrl,
	})
	if err != nil {
		return nil, function.Classify(ctx, "listing the versions", err)
	}
	result := &ListResult{Bucket: s.config.Bucket, Objects: []Listed{}}
	var keys decoder
	for _, v := range out.Versions {
		result.Objects = append(result.Objects, Listed{
			Key: keys.decode(v.Key), Size: aws.Int64(aws.ToInt64(v.Size)), ETag: aws.ToString(v.ETag),
			StorageClass: string(v.StorageClass), LastModified: aws.ToTime(v.LastModified),
			VersionID: aws.ToString(v.VersionId), Latest: aws.ToBool(v.IsLatest),
		})
	}
	for _, m := range out.DeleteMarkers {
		result.Objects = append(result.Objects, Listed{
			Key: keys.decode(m.Key), LastModified: aws.ToTime(m.LastModified),
			VersionID: aws.ToString(m.VersionId), Latest: aws.ToBool(m.IsLatest), DeleteMarker: true,
		})
	}
	// S3 lists both in one order, which the SDK takes apart.
	slices.SortStableFunc(result.Objects, func(a, b Listed) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), b.LastModified.Compare(a.LastModified))
	})
	for _, p := range out.CommonPrefixes {
		result.Prefixes = append(result.Prefixes, keys.decode(p.Prefix))
	}
	if aws.ToBool(out.IsTruncated) {
		text, err := json.Marshal(mark{keys.decode(out.NextKeyMarker), aws.ToString(out.NextVersionIdMarker)})
		if err != nil {
			return nil, err
		}
		result.ContinuationToken = base64.RawURLEncoding.EncodeToString(text)
	}
	return result, keys.err
}

// A decoder decodes the keys of a list that was asked for in the encoding "url".
type decoder struct{ err error }

func (d *decoder) decode(key *string) string {
	text, err := url.QueryUnescape(aws.ToString(key))
	if err != nil {
		d.err = function.Errorf(function.Internal, err, "S3 listed a key that is not URL-encoded")
	}
	return text
}
