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
// If-Modified-Since in the order of S3.
//
// Source: S3 API reference, API_GetObject.
func (rq *request) unchanged(v *reading) error {
	return conditions(v, rq.header("If-Match"), rq.header("If-None-Match"), rq.header("If-Modified-Since"), rq.header("If-Unmodified-Since"), 304)
}

func conditions(v *reading, match, noneMatch, since, unmodifiedSince string, unchangedStatus int) error {
	modified := v.modified.Truncate(time.Second)
	unchanged := api.Errorf(unchangedStatus, "NotModified", "Not Modified")
	if unchangedStatus == 412 {
		unchanged = fault.PreconditionFailed("x-amz-copy-source-If-None-Match")
	}
	if match != "" {
		if !matchesETag(match, v.etag) {
			return fault.PreconditionFailed("If-Match")
		}
	} else if t, err := http.ParseTime(unmodifiedSince); err == nil && modified.After(t) {
		return fault.PreconditionFailed("If-Unmodified-Since")
	}
	if noneMatch != "" {
		if matchesETag(noneMatch, v.etag) {
			return unchanged
		}
	} else if t, err := http.ParseTime(since); err == nil && !modified.After(t) {
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
