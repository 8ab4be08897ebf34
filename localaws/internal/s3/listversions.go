package s3

import (
	"encoding/xml"
	"net/http"

	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

type listVersionsResult struct {
	XMLName             xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListVersionsResult"`
	Name                string
	Prefix              keyText
	KeyMarker           keyText
	VersionIDMarker     string  `xml:"VersionIdMarker"`
	NextKeyMarker       keyText `xml:",omitempty"`
	NextVersionIDMarker string  `xml:"NextVersionIdMarker,omitempty"`
	MaxKeys             int
	Delimiter           keyText `xml:",omitempty"`
	EncodingType        string  `xml:",omitempty"`
	IsTruncated         bool
	Entries             []listedVersion
	CommonPrefixes      []commonPrefix
}

// listedVersion is a Version or, by XMLName, a DeleteMarker.
type listedVersion struct {
	XMLName      xml.Name
	Key          keyText
	VersionID    string `xml:"VersionId"`
	IsLatest     bool
	LastModified string
	ETag         string `xml:",omitempty"`
	listedChecksum
	Size         *int64
	StorageClass string `xml:",omitempty"`
	Owner        owner
}

// listObjectVersions lists all versions, the newest of each key first.
//
// Source: S3 API reference, API_ListObjectVersions.
func (s *Service) listObjectVersions(rq *request, b *bucket) error {
	l, err := s.listing(rq, b, "max-keys", "s3:ListBucketVersions")
	if err != nil {
		return err
	}
	keyMarker, versionMarker := rq.query.Get("key-marker"), rq.query.Get("version-id-marker")
	if versionMarker != "" && keyMarker == "" {
		return fault.InvalidArgument("A version-id marker cannot be specified without a key marker.", "version-id-marker", versionMarker)
	}
	if versionMarker != "" {
		if err := checkVersionID(versionMarker, "version-id-marker"); err != nil {
			return err
		}
	}
	out := listVersionsResult{
		Name: b.name, Prefix: l.name(l.prefix), KeyMarker: l.name(keyMarker), VersionIDMarker: versionMarker,
		MaxKeys: l.max, Delimiter: l.name(l.delimiter), EncodingType: rq.query.Get("encoding-type"),
	}
	count := 0
	full := func() bool {
		if count < l.max {
			count++
			return false
		}
		out.IsTruncated = l.max > 0
		return true
	}
	// versions lists those of one key behind the version marker.
	versions := func(key, marker string) bool {
		vs := b.index.versions[key]
		skip := marker != ""
		for i := len(vs) - 1; i >= 0; i-- {
			v := vs[i]
			if skip {
				skip = v.id != marker
				continue
			}
			if full() {
				return false
			}
			out.Entries = append(out.Entries, listVersion(l, v, i == len(vs)-1))
			out.NextKeyMarker, out.NextVersionIDMarker = l.name(key), v.id
		}
		return true
	}
	b.mu.RLock()
	if versionMarker == "" || versions(keyMarker, versionMarker) {
		l.walk(&b.index, keyMarker, func(key, group string) bool {
			if group == "" {
				return versions(key, "")
			}
			if full() {
				return false
			}
			out.CommonPrefixes = append(out.CommonPrefixes, commonPrefix{l.name(group)})
			out.NextKeyMarker, out.NextVersionIDMarker = l.name(group), ""
			return true
		})
	}
	b.mu.RUnlock()
	if !out.IsTruncated {
		out.NextKeyMarker, out.NextVersionIDMarker = "", ""
	}
	return rq.answer(http.StatusOK, out)
}

func listVersion(l listing, v *version, latest bool) listedVersion {
	e := listedVersion{
		XMLName: xml.Name{Local: "Version"},
		Key:     l.name(v.key), VersionID: v.id, IsLatest: latest,
		LastModified: isoTime(v.modified), Owner: owner{CanonicalUserID(v.owner)},
	}
	if v.marker {
		e.XMLName.Local = "DeleteMarker"
		return e
	}
	size := v.size
	e.ETag, e.Size, e.StorageClass = quote(v.etag), &size, v.class
	e.listedChecksum = listedChecksum{v.checksum.Algorithm, v.checksum.Kind()}
	return e
}
