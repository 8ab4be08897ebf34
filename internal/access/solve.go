package access

import (
	"maps"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/s3seal/s3seal/internal/question"
)

// candidates are values that a key may have for its lines to hold, or to fail:
// each value that a line names, the nearest beyond each bound, and one that no
// line names.
func (k *keyTests) candidates() []state {
	var list []state
	add := func(value, words string, further question.Context) {
		if value != "" && !slices.ContainsFunc(list, func(s state) bool { return s.value == value }) {
			list = append(list, state{k.name, value, k.name + " " + words, further})
		}
	}
	operators := slices.Sorted(maps.Keys(k.tests))
	for _, operator := range operators {
		for _, v := range slices.Sorted(slices.Values(k.tests[operator][probe])) {
			_, base, found := strings.Cut(operator, ":")
			if !found {
				base = operator
			}
			switch {
			case operator == "Null": // which has no values
			case strings.Contains(base, "IpAddress"):
				if p, err := netip.ParsePrefix(v); err == nil {
					add(p.Masked().Addr().Next().String(), v, nil)
				}
				add(v, v, nil)
			case strings.HasPrefix(base, "Numeric"):
				n, _ := strconv.ParseFloat(v, 64)
				for _, near := range []float64{n, n - 1, n + 1} {
					text := strconv.FormatFloat(math.Round(near*1e6)/1e6, 'f', -1, 64)
					add(text, text, nil)
				}
			case strings.HasPrefix(base, "Date"):
				for _, near := range near(v) {
					add(near, near, nil)
				}
			default:
				if value, further, ok := filled(v); ok {
					add(value, v, further)
				}
			}
		}
	}
	if slices.ContainsFunc(list, func(s state) bool { return k.fits(s) }) {
		return list
	}
	for _, other := range []string{"another", "false", "true", "arn:aws:s3:::another", "198.51.100.9", "2001:db8::9", "YW5vdGhlcg=="} {
		if k.hold(question.Context{probe: {other}}) {
			add(other, "of another value", nil)
			break
		}
	}
	return list
}

// near is a moment, and a second on both sides of it.
func near(moment string) []string {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, moment); err == nil {
			return []string{moment, t.Add(-time.Second).Format(time.RFC3339), t.Add(time.Second).Format(time.RFC3339)}
		}
	}
	n, err := strconv.ParseInt(moment, 10, 64)
	if err != nil {
		return nil
	}
	return []string{moment, strconv.FormatInt(n-1, 10), strconv.FormatInt(n+1, 10)}
}

// filled is a text that fits a pattern, and the keys that its variables stand
// for; not ok if one of them follows from the caller, whom it would have to fit.
func filled(pattern string) (text string, keys question.Context, ok bool) {
	keys = question.Context{}
	for {
		before, rest, found := strings.Cut(pattern, "${")
		text += fill(before)
		if !found {
			return text, keys, true
		}
		name, after, closed := strings.Cut(rest, "}")
		key, _, _ := strings.Cut(name, ",")
		switch {
		case name == "*" || name == "?" || name == "$":
			text += name
		case !closed || derived[strings.ToLower(key)]:
			return "", nil, false
		default:
			keys[key] = []string{"any"}
			text += "any"
		}
		pattern = after
	}
}

// fill puts something in the place of wildcards.
func fill(pattern string) string {
	return strings.NewReplacer("*", "any", "?", "x").Replace(pattern)
}
