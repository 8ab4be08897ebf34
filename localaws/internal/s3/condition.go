package s3

import (
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// condition says whether a write may go ahead, seeing the current version,
// which may be nil or a delete marker.
type condition func(current *version) error

// writeCondition reads If-Match and If-None-Match of a write. It checks them
// now, before the body is read, and returns the check for the moment when the
// version becomes visible. If-Match needs s3:GetObject too.
//
// Source: S3 user guide, conditional-writes.
func (s *Service) writeCondition(rq *request, b *bucket) (condition, error) {
	match, none := rq.header("If-Match"), rq.header("If-None-Match")
	if match == "" && none == "" {
		return nil, nil
	}
	if (none != "" && none != "*") || match == "*" || (match != "" && none != "") {
		return nil, fault.With(api.Errorf(501, "NotImplemented", "A header you provided implies functionality that is not implemented"),
			"Header", "If-None-Match")
	}
	v := b.read(rq.Key, "")
	var seen *version
	defer v.close()
	if v != nil {
		seen = &v.version
	}
	may := createOnly(seen)
	if match != "" {
		if err := s.authorize(rq, b, "s3:GetObject", rq.Key, nil); err != nil {
			return nil, err
		}
		may = replaceOnly(rq.Key, match)
	}
	return may, may(seen)
}

// createOnly is If-None-Match: *. A delete marker that came since the request
// began is a conflict.
func createOnly(seen *version) condition {
	return func(current *version) error {
		switch {
		case current == nil:
			return nil
		case !current.marker:
			return fault.PreconditionFailed("If-None-Match")
		case seen == nil || seen.id != current.id:
			return api.Errorf(409, "ConditionalRequestConflict", "The conditional request cannot succeed due to a conflicting operation against this resource.")
		}
		return nil
	}
}

// replaceOnly is If-Match.
func replaceOnly(key, etag string) condition {
	return func(current *version) error {
		switch {
		case current == nil || current.marker:
			return fault.NoSuchKey(key)
		case current.etag != strings.Trim(etag, `"`):
			return fault.PreconditionFailed("If-Match")
		}
		return nil
	}
}
