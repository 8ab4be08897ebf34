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

type attributeParts struct {
	TotalPartsCount int `xml:"PartsCount"`
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
			if v.checksum.Value != "" {
				sum := v.checksum
				if sum.Composite {
					sum.Value = strings.TrimSuffix(sum.Value, "-"+strconv.Itoa(len(v.partSizes)))
				}
				out.Checksum = &attributeChecksum{checksum.ElementOf(sum), sum.Kind()}
			}
		case "ObjectParts":
			if n := len(v.partSizes); n > 0 {
				out.ObjectParts = &attributeParts{TotalPartsCount: n}
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
