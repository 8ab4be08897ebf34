package s3

import (
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"
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
	listedChecksum
	ChecksumType string
}

// listedChecksum has an element for each algorithm; one of them is set.
type listedChecksum struct {
	ChecksumCRC32     string `xml:",omitempty"`
	ChecksumCRC32C    string `xml:",omitempty"`
	ChecksumSHA1      string `xml:",omitempty"`
	ChecksumSHA256    string `xml:",omitempty"`
	ChecksumCRC64NVME string `xml:",omitempty"`
}

type attributeParts struct {
	TotalPartsCount int `xml:"PartsCount"`
}

// getObjectAttributes answers the attributes that x-amz-object-attributes
// names. An SSE-C object needs its key.
//
// Source: S3 API reference, API_GetObjectAttributes: s3:GetObject and
// s3:GetObjectAttributes, each in the form for versions if one is named.
func (s *Service) getObjectAttributes(rq *request) error {
	b, v, customer, err := s.openForRead(rq, "s3:GetObject")
	if err != nil {
		return err
	}
	defer v.close()
	if err := s.authorizeRead(rq, b, "s3:GetObjectAttributes", v, nil); err != nil {
		return err
	}
	if err := v.encryption.opensWith(customer); err != nil {
		return err
	}
	wanted := rq.r.Header.Values("x-amz-object-attributes")
	if len(wanted) == 0 {
		return invalidArgument("At least one attribute must be specified in x-amz-object-attributes", "x-amz-object-attributes", "")
	}
	var out objectAttributes
	for _, name := range strings.Split(strings.Join(wanted, ","), ",") {
		switch name = strings.TrimSpace(name); name {
		case "ETag":
			out.ETag = v.etag
		case "Checksum":
			if v.checksum.value != "" {
				out.Checksum = &attributeChecksum{ChecksumType: v.checksum.kind()}
				out.Checksum.set(v.checksum)
				if v.checksum.composite {
					out.Checksum.set(checksum{algorithm: v.checksum.algorithm, value: strings.TrimSuffix(v.checksum.value, "-"+strconv.Itoa(len(v.partSizes)))})
				}
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
			return invalidArgument("Invalid attribute name specified.", "x-amz-object-attributes", name)
		}
	}
	rq.versionHeader(b, v.id)
	rq.w.Header().Set("Last-Modified", httpTime(v.modified))
	return rq.answer(http.StatusOK, out)
}
