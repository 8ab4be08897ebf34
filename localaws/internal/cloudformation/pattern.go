package cloudformation

import (
	"errors"
	"regexp"
	"regexp/syntax"
)

// maxPatterns is the size that all patterns of a template may have together,
// repetitions written out: matching takes as many steps for each character of a
// value. It is no quota of AWS.
const maxPatterns = 10_000

// compile reads an AllowedPattern, which must match all of a value. Its language
// is that of Java on AWS and RE2's here: what only Java has is refused by name.
func compile(path, pattern string, size *int) (*regexp.Regexp, error) {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	var wrong *syntax.Error
	switch {
	case errors.As(err, &wrong) && (wrong.Code == syntax.ErrInvalidPerlOp || wrong.Code == syntax.ErrInvalidEscape || wrong.Code == syntax.ErrInvalidRepeatSize || wrong.Code == syntax.ErrLarge):
		return nil, invalid("the local AWS does not carry out the regular expression at %s: %s", path, wrong.Code)
	case err != nil:
		return nil, invalid("Template format error: [%s] %s", path, err)
	}
	if *size += length(parsed); *size > maxPatterns {
		return nil, invalid("the local AWS does not carry out regular expressions of this size: %s and those before it have together more than %d parts", path, maxPatterns)
	}
	return regexp.Compile("^(?:" + pattern + ")$")
}

// length is the size of an expression once its repetitions are written out.
func length(r *syntax.Regexp) int {
	n := 1 + len(r.Rune)/2
	for _, sub := range r.Sub {
		n = min(n+length(sub), maxPatterns+1)
	}
	if r.Op == syntax.OpRepeat {
		n *= max(r.Min, r.Max, 1)
	}
	return min(n, maxPatterns+1)
}
