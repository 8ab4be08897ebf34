package s3

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"net/http"
	"strconv"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

func hexString(b []byte) string { return hex.EncodeToString(b) }

type completeResult struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CompleteMultipartUploadResult"`
	Location string
	Bucket   string
	Key      string
	ETag     string
	checksum.Elements
	ChecksumType string
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
	list, err := rq.partList()
	if err != nil {
		return err
	}
	u, err := b.findUpload(rq)
	if err != nil {
		return err
	}
	if err := s.openChecksums(rq, b, u, customer); err != nil {
		return err
	}
	may, err := s.writeCondition(rq, b)
	if err != nil {
		return err
	}
	v, taken, err := b.assemble(rq, u, list)
	if err != nil {
		return err
	}
	id, err := s.finishUpload(b, u, v, taken, may)
	if err != nil {
		return err
	}
	rq.made(v, id, nil)
	s.notify(rq, b, created[rq.Operation], eventObject{Key: v.key, Size: v.size, ETag: v.etag, VersionID: id})
	return rq.answer(http.StatusOK, completeResult{
		Location: "/" + b.name + "/" + rq.Key, Bucket: b.name, Key: rq.Key, ETag: quote(v.etag),
		Elements: checksum.ElementOf(v.checksum), ChecksumType: v.checksum.Kind(),
	})
}

// openChecksums decides whether the caller may have the checksums of the parts
// put together, which are encrypted as the parts are. If CreateMultipartUpload
// named no algorithm, the parts are accepted as they are.
func (s *Service) openChecksums(rq *request, b *bucket, u *upload, customer *sse.CustomerKey) error {
	e := &u.version.encryption
	if customer != nil || (e.Mode == sse.C && u.scheme.Named) {
		return e.FitsPart(customer)
	}
	if !u.scheme.Named || !e.Mode.UsesKMS() {
		return nil
	}
	_, err := s.keys.DataKeys(rq.Call, b.sse(), e, nil)
	return err
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
	var sums []checksum.Sum
	for _, want := range list {
		p := u.parts[want.PartNumber]
		taken[p.number] = p
		sum.Write(p.md5)
		sums = append(sums, p.checksum)
		v.bodies = append(v.bodies, p.body)
		v.partSizes = append(v.partSizes, p.body.Size())
		v.size += p.body.Size()
	}
	v.etag = hexString(sum.Sum(nil)) + "-" + strconv.Itoa(len(list))
	if size := rq.header("x-amz-mp-object-size"); size != "" && size != strconv.FormatInt(v.size, 10) {
		return nil, nil, fault.InvalidRequest("The provided 'x-amz-mp-object-size' header value %s does not match what was computed: %d", size, v.size)
	}
	v.checksum = u.scheme.Of(sums, v.partSizes)
	if u.scheme.Named {
		v.partSums = sums
	}
	return &v, taken, u.scheme.CheckObject(rq.Request.Header, v.checksum, len(list))
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
