package s3

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// minPart is the least size of every part but the last: 5 MiB.
const minPart = 5 << 20

func hexString(b []byte) string { return hex.EncodeToString(b) }

type completeRequest struct {
	Parts []completePart `xml:"Part"`
}

type completePart struct {
	PartNumber int
	ETag       string
	checksum.Elements
}

type completeResult struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CompleteMultipartUploadResult"`
	Location string
	Bucket   string
	Key      string
	ETag     string
}

// completeMultipartUpload makes an object of the parts. Their ciphertext stays
// as it is: each part is a body.
//
// Source: S3 API reference, API_CompleteMultipartUpload.
func (s *Service) completeMultipartUpload(rq *request, b *bucket) error {
	customer, err := rq.customerKey(sse.HeaderCustomer)
	if err != nil {
		return err
	}
	if err := s.authorize(rq, b, "s3:PutObject", rq.Key, rq.writeKeys(true)); err != nil {
		return err
	}
	var in completeRequest
	if err := rq.document("CompleteMultipartUpload", &in); err != nil {
		return err
	}
	if len(in.Parts) == 0 {
		return fault.MalformedXML("You must specify at least one part")
	}
	u, err := b.findUpload(rq)
	if err != nil {
		return err
	}
	if customer != nil || (u.version.encryption.Mode == sse.C && u.algorithm != "") {
		// Needed for the checksum; without one, S3 accepts the parts as they are.
		if err := u.version.encryption.FitsPart(customer); err != nil {
			return err
		}
	}
	may, err := s.writeCondition(rq, b)
	if err != nil {
		return err
	}
	v, taken, err := b.assemble(rq, u, in.Parts)
	if err != nil {
		return err
	}
	id, err := s.finishUpload(b, u, v, taken, may)
	if err != nil {
		return err
	}
	rq.made(v, id, nil)
	return rq.answer(http.StatusOK, completeResult{Location: "/" + b.name + "/" + rq.Key, Bucket: b.name, Key: rq.Key, ETag: quote(v.etag)})
}

// assemble makes the version of the listed parts.
func (b *bucket) assemble(rq *request, u *upload, list []completePart) (*version, map[int]*part, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if err := u.check(list); err != nil {
		return nil, nil, err
	}
	v := *u.version
	taken := map[int]*part{}
	sum := md5.New()
	for _, want := range list {
		p := u.parts[want.PartNumber]
		taken[p.number] = p
		sum.Write(p.md5)
		v.bodies = append(v.bodies, p.body)
		v.partSizes = append(v.partSizes, p.body.Size())
		v.partSums = append(v.partSums, p.checksum)
		v.size += p.body.Size()
	}
	v.etag = hexString(sum.Sum(nil)) + "-" + strconv.Itoa(len(list))
	if size := rq.header("x-amz-mp-object-size"); size != "" && size != strconv.FormatInt(v.size, 10) {
		return nil, nil, fault.InvalidRequest("The provided 'x-amz-mp-object-size' header value %s does not match what was computed: %d", size, v.size)
	}
	if u.algorithm == "" {
		return &v, taken, nil
	}
	if u.fullSum {
		v.checksum = checksum.Full(u.algorithm, v.partSums, v.partSizes)
	} else {
		v.checksum = checksum.Composite(u.algorithm, v.partSums)
	}
	if given := rq.header(checksum.Header(u.algorithm)); given != "" && given != v.checksum.Value {
		return nil, nil, checksum.BadDigest(u.algorithm)
	}
	return &v, taken, nil
}

// check refuses a list out of order, with parts that aren't there or are
// others, and with small parts before the last.
func (u *upload) check(list []completePart) error {
	last := 0
	for _, want := range list {
		if want.PartNumber <= last {
			return api.Errorf(400, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.")
		}
		last = want.PartNumber
	}
	for _, want := range list {
		p := u.parts[want.PartNumber]
		sum := want.Value(u.algorithm)
		needed := u.algorithm != "" && !u.fullSum // a composite checksum lists those of the parts
		if p == nil || strings.Trim(want.ETag, `"`) != p.etag || ((needed || sum != "") && sum != p.checksum.Value) {
			return fault.With(api.Errorf(400, "InvalidPart", "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag."),
				"PartNumber", strconv.Itoa(want.PartNumber), "UploadId", u.id, "ETag", strings.Trim(want.ETag, `"`))
		}
	}
	for _, want := range list[:len(list)-1] {
		if p := u.parts[want.PartNumber]; p.body.Size() < minPart {
			return fault.With(api.Errorf(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"),
				"PartNumber", strconv.Itoa(p.number), "ProposedSize", strconv.FormatInt(p.body.Size(), 10), "MinSizeAllowed", strconv.Itoa(minPart), "ETag", p.etag)
		}
	}
	return nil
}

// finishUpload makes the version visible and ends the upload; a part that came
// in between fails it, one that wasn't listed is dropped.
func (s *Service) finishUpload(b *bucket, u *upload, v *version, taken map[int]*part, may condition) (string, error) {
	current := func(seen *version) error {
		if _, err := b.upload(v.key, u.id); err != nil {
			return err
		}
		for number, p := range taken {
			if u.parts[number] != p {
				return api.Errorf(409, "OperationAborted", "A conflicting conditional operation is currently in progress against this resource. Please try again.")
			}
		}
		if may != nil {
			if err := may(seen); err != nil {
				return err
			}
		}
		delete(b.uploads, u.id)
		return nil
	}
	id, err := s.commit(b, v, current)
	if err != nil {
		return "", err
	}
	for number, p := range u.parts {
		if taken[number] == nil {
			p.body.Release()
		}
	}
	return id, nil
}
