package s3

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// unchanged applies If-Match, If-Unmodified-Since, If-None-Match and
// If-Modified-Since in the order of S3. Their names begin with prefix, and a
// version that did not change is answered with the status.
//
// Source: S3 API reference, API_GetObject, API_CopyObject.
func (rq *request) unchanged(v *reading, prefix string, status int) error {
	modified := v.modified.Truncate(time.Second)
	unchanged := api.Errorf(status, "NotModified", "Not Modified")
	if status == http.StatusPreconditionFailed {
		unchanged = fault.PreconditionFailed(prefix + "If-None-Match")
	}
	if match := rq.header(prefix + "If-Match"); match != "" {
		if !matchesETag(match, v.etag) {
			return fault.PreconditionFailed("If-Match")
		}
	} else if t, err := http.ParseTime(rq.header(prefix + "If-Unmodified-Since")); err == nil && modified.After(t) {
		return fault.PreconditionFailed("If-Unmodified-Since")
	}
	if noneMatch := rq.header(prefix + "If-None-Match"); noneMatch != "" {
		if matchesETag(noneMatch, v.etag) {
			return unchanged
		}
	} else if t, err := http.ParseTime(rq.header(prefix + "If-Modified-Since")); err == nil && !modified.After(t) {
		return unchanged
	}
	return nil
}

func matchesETag(list, etag string) bool {
	return slices.ContainsFunc(strings.Split(list, ","), func(t string) bool {
		t = strings.TrimSpace(t)
		return t == "*" || strings.Trim(t, `"`) == etag
	})
}
