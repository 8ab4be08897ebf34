package s3

import (
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
	"github.com/s3seal/s3seal/localaws/internal/s3/document"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/payload"
)

// minPart is the least size of every part but the last: 5 MiB.
const minPart = 5 << 20

type completeRequest struct {
	Parts []completePart `xml:"Part"`
}

type completePart struct {
	PartNumber int
	ETag       string
	checksum.Elements
}

// partList reads the parts that CompleteMultipartUpload lists. The checksum
// headers of the request are of the object, not of the list.
func (rq *request) partList() ([]completePart, error) {
	text, err := payload.ReadAll(rq.Request, maxDocument, payload.Options{OfObject: true})
	if err != nil {
		return nil, err
	}
	var in completeRequest
	if err := document.Decode(text, "CompleteMultipartUpload", &in); err != nil {
		return nil, err
	}
	if len(in.Parts) == 0 {
		return nil, fault.MalformedXML("You must specify at least one part")
	}
	return in.Parts, nil
}

// check refuses a list out of order, with parts that aren't there or are
// others, and with small parts before the last.
func (u *upload) check(list []completePart) error {
	if err := u.checkOrder(list); err != nil {
		return err
	}
	for _, want := range list {
		if err := u.checkPart(want); err != nil {
			return err
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

// checkOrder wants the numbers to rise; those of parts with checksums, from 1
// and without gaps.
//
// Source: S3 API reference, API_CompletedPart. S3 user guide,
// checking-object-integrity-upload, has a status of 500 for gaps.
func (u *upload) checkOrder(list []completePart) error {
	last := 0
	for _, want := range list {
		if want.PartNumber <= last || (u.scheme.Named && want.PartNumber != last+1) {
			return api.Errorf(400, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.")
		}
		last = want.PartNumber
	}
	return nil
}

// checkPart compares a listed part with the uploaded one.
//
// Source: S3 API reference, API_CompleteMultipartUpload and API_CompletedPart:
// the checksum of a part is there if CreateMultipartUpload named the algorithm.
// Which code answers which wrong checksum is known from test suites that are
// run against S3. Whether full object checksums need those of the parts is
// open; the user guide says that part boundaries need no tracking.
func (u *upload) checkPart(want completePart) error {
	p, sums := u.parts[want.PartNumber], want.Sums()
	if p == nil || strings.Trim(want.ETag, `"`) != p.etag {
		return u.invalidPart(want)
	}
	switch {
	case len(sums) > 1:
		return fault.InvalidArgument("Invalid Base64 or multiple checksums present in request", "Checksum", "")
	case len(sums) == 0 && u.scheme.Composite:
		return fault.InvalidRequest("The upload was created using a %s checksum. The complete request must include the checksum for each part. It was missing for part %d in the request.",
			strings.ToLower(u.scheme.Algorithm), want.PartNumber)
	case len(sums) == 0:
		return nil
	case u.scheme.Named && sums[0].Algorithm != u.scheme.Algorithm:
		return api.Errorf(400, "BadDigest", "The %s you specified for part %d did not match what we received.", strings.ToLower(sums[0].Algorithm), want.PartNumber)
	case !u.scheme.Named || sums[0] != p.checksum:
		return u.invalidPart(want)
	}
	return nil
}

func (u *upload) invalidPart(want completePart) error {
	return fault.With(api.Errorf(400, "InvalidPart", "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag."),
		"PartNumber", strconv.Itoa(want.PartNumber), "UploadId", u.id, "ETag", strings.Trim(want.ETag, `"`))
}
