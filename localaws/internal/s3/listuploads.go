package s3

import (
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

type listPartsResult struct {
	XMLName      xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListPartsResult"`
	Bucket       string
	Key          string
	UploadID     string `xml:"UploadId"`
	Initiator    owner
	Owner        owner
	StorageClass string
	listedChecksum
	PartNumberMarker     int
	NextPartNumberMarker int
	MaxParts             int
	IsTruncated          bool
	Parts                []listedPart `xml:"Part"`
}

type listedPart struct {
	PartNumber   int
	LastModified string
	ETag         string
	Size         int64
	checksum.Elements
}

func (s *Service) listParts(rq *request, b *bucket) error {
	l, err := s.listing(rq, b, "max-parts", "")
	if err != nil {
		return err
	}
	after := 0
	if text := rq.query.Get("part-number-marker"); text != "" {
		if after, err = strconv.Atoi(text); err != nil {
			return fault.InvalidArgument("Argument part-number-marker must be an integer", "part-number-marker", text)
		}
	}
	u, err := b.findUpload(rq)
	if err != nil {
		return err
	}
	out := listPartsResult{
		Bucket: b.name, Key: rq.Key, UploadID: u.id, Initiator: u.initiator, Owner: owner{CanonicalUserID(u.version.owner)}, StorageClass: u.version.class,
		listedChecksum: u.listedChecksum(), PartNumberMarker: after, MaxParts: l.max,
	}
	b.mu.RLock()
	for _, number := range slices.Sorted(maps.Keys(u.parts)) {
		if number <= after {
			continue
		}
		if len(out.Parts) == l.max {
			out.IsTruncated = true
			break
		}
		p := u.parts[number]
		listed := listedPart{PartNumber: number, LastModified: isoTime(p.modified), ETag: quote(p.etag), Size: p.body.Size()}
		if u.scheme.Named {
			listed.Elements = checksum.ElementOf(p.checksum)
		}
		out.Parts = append(out.Parts, listed)
		out.NextPartNumberMarker = number
	}
	b.mu.RUnlock()
	return rq.answer(http.StatusOK, out)
}

// initiatorOf names who began an upload: an account by its canonical id, as an
// owner, and a user by its ARN. The page doesn't speak of sessions of roles.
//
// Source: S3 API reference, API_Initiator.
func initiatorOf(c iam.Caller) owner {
	arn := c.ARN()
	if strings.HasSuffix(arn, ":root") {
		return owner{CanonicalUserID(c.Account())}
	}
	return owner{arn}
}

type listUploadsResult struct {
	XMLName            xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListMultipartUploadsResult"`
	Bucket             string
	KeyMarker          keyText
	UploadIDMarker     string  `xml:"UploadIdMarker"`
	NextKeyMarker      keyText `xml:",omitempty"`
	NextUploadIDMarker string  `xml:"NextUploadIdMarker,omitempty"`
	Prefix             keyText
	Delimiter          keyText `xml:",omitempty"`
	EncodingType       string  `xml:",omitempty"`
	MaxUploads         int
	IsTruncated        bool
	Uploads            []listedUpload `xml:"Upload"`
	CommonPrefixes     []commonPrefix
}

type listedUpload struct {
	Key          keyText
	UploadID     string `xml:"UploadId"`
	Initiator    owner
	Owner        owner
	StorageClass string
	Initiated    string
	listedChecksum
}

// listedChecksum is what CreateMultipartUpload named.
func (u *upload) listedChecksum() listedChecksum {
	if !u.scheme.Named {
		return listedChecksum{}
	}
	return listedChecksum{u.scheme.Algorithm, u.scheme.Kind()}
}

func (s *Service) listMultipartUploads(rq *request, b *bucket) error {
	l, err := s.listing(rq, b, "max-uploads", "s3:ListBucketMultipartUploads")
	if err != nil {
		return err
	}
	keyMarker, idMarker := rq.query.Get("key-marker"), rq.query.Get("upload-id-marker")
	out := listUploadsResult{
		Bucket: b.name, KeyMarker: l.name(keyMarker), UploadIDMarker: idMarker, Prefix: l.name(l.prefix),
		Delimiter: l.name(l.delimiter), EncodingType: rq.query.Get("encoding-type"), MaxUploads: l.max,
	}
	seen := map[string]bool{}
	passed := idMarker == ""
	b.mu.RLock()
	for _, u := range b.sortedUploads() {
		key := u.version.key
		if !strings.HasPrefix(key, l.prefix) || key < keyMarker {
			continue
		}
		if key == keyMarker && keyMarker != "" {
			show := passed && idMarker != ""
			passed = passed || u.id == idMarker
			if !show {
				continue
			}
		}
		g := l.group(key)
		if g != "" && (seen[g] || g <= keyMarker) {
			continue
		}
		if len(out.Uploads)+len(out.CommonPrefixes) == l.max {
			out.IsTruncated = l.max > 0
			break
		}
		out.NextKeyMarker, out.NextUploadIDMarker = l.name(key), u.id
		if g != "" {
			seen[g] = true
			out.CommonPrefixes = append(out.CommonPrefixes, commonPrefix{l.name(g)})
			continue
		}
		out.Uploads = append(out.Uploads, listedUpload{
			Key: l.name(key), UploadID: u.id, Initiator: u.initiator, Owner: owner{CanonicalUserID(u.version.owner)},
			StorageClass: u.version.class, Initiated: isoTime(u.started), listedChecksum: u.listedChecksum(),
		})
	}
	b.mu.RUnlock()
	if !out.IsTruncated {
		out.NextKeyMarker, out.NextUploadIDMarker = "", ""
	}
	return rq.answer(http.StatusOK, out)
}
