package object

import (
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/internal/function"
)

// checkRange accepts "" and one range of bytes. S3 ignores a range that it
// cannot read and answers the whole object, so a slip would go unseen.
func checkRange(r string) error {
	if r == "" {
		return nil
	}
	spec, isBytes := strings.CutPrefix(r, "bytes=")
	first, last, isRange := strings.Cut(spec, "-")
	from, errFrom := strconv.ParseUint(first, 10, 63)
	to, errTo := strconv.ParseUint(last, 10, 63)
	switch {
	case !isBytes || !isRange:
	case first == "" && errTo == nil && to > 0:
		return nil
	case last == "" && errFrom == nil:
		return nil
	case errFrom == nil && errTo == nil && from <= to:
		return nil
	}
	return function.Errorf(function.BadRequest, nil, `"range" is %q: want "bytes=<first>-<last>", "bytes=<first>-" or "bytes=-<count>"`, r)
}
