package s3

import (
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

type objectAttributes struct {
	XMLName      xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ GetObjectAttributesResponse"`
	ETag         string   `xml:",omitempty"`
	Checksum     *attributeChecksum
	ObjectParts  *attributeParts
	StorageClass string `xml:",omitempty"`
	ObjectSize   *int64
}

type attributeChecksum struct {
	checksum.Elements
	ChecksumType string
}

// attributeParts has all but the count only if the upload named the algorithm
// of its parts' checksums.
type attributeParts struct {
	PartsCount           int
	PartNumberMarker     *int
	NextPartNumberMarker *int
	MaxParts             *int
	IsTruncated          *bool
	Part                 []attributePart
}

type attributePart struct {
	PartNumber int
	Size       int64
	checksum.Elements
}

// getObjectAttributes answers the attributes that x-amz-object-attributes
// names. An SSE-C object needs its key.
//
// Source: S3 API reference, API_GetObjectAttributes: s3:GetObject and
// s3:GetObjectAttributes, each in the form for versions if one is named.
func (s *Service) getObjectAttributes(rq *request, b *bucket) error {
	v, customer, err := s.openForRead(rq, b, "s3:GetObject")
	if err != nil {
		return err
	}
	defer v.close()
	if err := s.authorizeRead(rq, b, "s3:GetObjectAttributes", v, nil); err != nil {
		return err
	}
	if err := v.encryption.OpensWith(customer); err != nil {
		return err
	}
	wanted := rq.Request.Header.Values("x-amz-object-attributes")
	if len(wanted) == 0 {
		return fault.InvalidArgument("At least one attribute must be specified in x-amz-object-attributes", "x-amz-object-attributes", "")
	}
	var out objectAttributes
	for _, name := range strings.Split(strings.Join(wanted, ","), ",") {
		switch name = strings.TrimSpace(name); name {
		case "ETag":
			out.ETag = v.etag
		case "Checksum":
			sum := v.checksum
			if sum.Composite { // shown without the number of parts
				sum.Value = strings.TrimSuffix(sum.Value, "-"+strconv.Itoa(len(v.partSizes)))
			}
			out.Checksum = &attributeChecksum{checksum.ElementOf(sum), sum.Kind()}
		case "ObjectParts":
			if out.ObjectParts, err = rq.attributeParts(v); err != nil {
				return err
			}
		case "StorageClass":
			out.StorageClass = v.class
		case "ObjectSize":
			out.ObjectSize = &v.size
		default:
			return fault.InvalidArgument("Invalid attribute name specified.", "x-amz-object-attributes", name)
		}
	}
	rq.versionHeader(b, v.id)
	rq.w.Header().Set("Last-Modified", httpTime(v.modified))
	return rq.answer(http.StatusOK, out)
}

// maxParts are the parts of a page.
const maxParts = 1000

// attributeParts is a page of the parts of a multipart object.
//
// Source: S3 API reference, API_GetObjectAttributesParts: no Part without an
// additional checksum. That the other elements are left out with it, that the
// markers are always there, and that MaxParts is echoed as it came, is known
// from test suites that are run against S3.
func (rq *request) attributeParts(v *reading) (*attributeParts, error) {
	if len(v.partSizes) == 0 {
		return nil, nil
	}
	most, err := rq.count("x-amz-max-parts", maxParts)
	if err != nil {
		return nil, err
	}
	after, err := rq.count("x-amz-part-number-marker", 0)
	if err != nil {
		return nil, err
	}
	out := &attributeParts{PartsCount: len(v.partSizes)}
	if len(v.partSums) == 0 {
		return out, nil
	}
	first := min(after, len(v.partSizes))
	last := min(first+min(most, maxParts), len(v.partSizes))
	for i := first; i < last; i++ {
		out.Part = append(out.Part, attributePart{i + 1, v.partSizes[i], checksum.ElementOf(v.partSums[i])})
	}
	next, truncated := after, most > 0 && last < len(v.partSizes)
	if last > first {
		next = last
	}
	out.PartNumberMarker, out.NextPartNumberMarker, out.MaxParts, out.IsTruncated = &after, &next, &most, &truncated
	return out, nil
}

// count reads a header with a number that is not negative.
func (rq *request) count(name string, otherwise int) (int, error) {
	text := rq.header(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, fault.InvalidArgument("Argument "+name+" must be an integer between 0 and 2147483647", name, text)
	}
	return int(n), nil
}
