package s3

import (
	"encoding/base64"
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

type listAllMyBuckets struct {
	XMLName           xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListAllMyBucketsResult"`
	Owner             owner
	Buckets           []listedBucket `xml:"Buckets>Bucket"`
	Prefix            string         `xml:",omitempty"`
	ContinuationToken string         `xml:",omitempty"`
}

type listedBucket struct {
	Name         string
	CreationDate string
	BucketRegion string
}

type owner struct{ ID string }

// maxBuckets is the longest page, and the quota of a request without pages.
const maxBuckets = 10000

// listBuckets lists the caller's buckets by name.
//
// Source: S3 API reference, API_ListBuckets.
func (s *Service) listBuckets(rq *request) error {
	err := s.opt.Authorizer.Authorize(rq.Call, api.Access{
		Action: "s3:ListAllMyBuckets", Resource: "*", ResourceAccount: rq.Call.Account,
	})
	if err != nil {
		return err
	}
	most := maxBuckets
	if text := rq.query.Get("max-buckets"); text != "" {
		if most, err = strconv.Atoi(text); err != nil || most < 1 || most > maxBuckets {
			return fault.InvalidArgument("Argument max-buckets must be an integer between 1 and 10000", "max-buckets", text)
		}
	}
	after, err := readToken(rq.query.Get("continuation-token"))
	if err != nil {
		return err
	}
	region := rq.query.Get("bucket-region")
	out := listAllMyBuckets{Owner: owner{CanonicalUserID(rq.Call.Account)}, Prefix: rq.query.Get("prefix")}
	s.mu.RLock()
	for _, name := range slices.Sorted(maps.Keys(s.buckets)) {
		b := s.buckets[name]
		if name <= after || b.account != rq.Call.Account || !strings.HasPrefix(name, out.Prefix) || (region != "" && region != b.region) {
			continue
		}
		if len(out.Buckets) == most {
			out.ContinuationToken = token(out.Buckets[most-1].Name)
			break
		}
		out.Buckets = append(out.Buckets, listedBucket{name, isoTime(b.created), b.region})
	}
	s.mu.RUnlock() // before a client that reads slowly
	return rq.answer(http.StatusOK, out)
}

// token is what a client gives back to go on behind a name.
func token(last string) string { return base64.URLEncoding.EncodeToString([]byte(last)) }

// readToken reads a token; "" is the beginning.
func readToken(text string) (after string, err error) {
	name, err := base64.URLEncoding.DecodeString(text)
	if err != nil {
		return "", fault.InvalidArgument("The continuation token provided is incorrect", "continuation-token", "")
	}
	return string(name), nil
}
