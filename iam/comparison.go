package iam

import (
	"bytes"
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

func equal(want pattern, have string) bool     { return want.text == have }
func equalFold(want pattern, have string) bool { return strings.EqualFold(want.text, have) }

// matchConditionARN compares the six components one by one; a value that doesn't
// have six is no ARN and matches nothing.
func matchConditionARN(want pattern, have string) bool {
	return sixSegments(want.text) && matchARN(want, have, false)
}

func sixSegments(s string) bool { return strings.Count(s, ":") >= 5 }

func isBool(s string) bool { return strings.EqualFold(s, "true") || strings.EqualFold(s, "false") }

func equalBinary(want pattern, have string) bool {
	a, err := base64.StdEncoding.DecodeString(want.text)
	if err != nil {
		return false
	}
	b, err := base64.StdEncoding.DecodeString(have)
	return err == nil && bytes.Equal(a, b)
}

func isBase64(s string) bool {
	_, err := base64.StdEncoding.DecodeString(s)
	return err == nil
}

// inRange accepts an address or a CIDR block on both sides; a block is in a range
// if all of it is. aws:VpcSourceIp and aws:SourceIp have addresses only.
func inRange(want pattern, have string) bool {
	w, ok := parsePrefix(want.text)
	if !ok {
		return false
	}
	h, ok := parsePrefix(have)
	return ok && w.Bits() <= h.Bits() && w.Contains(h.Addr())
}

func parsePrefix(s string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

func isRange(s string) bool {
	_, ok := parsePrefix(s)
	return ok
}

func isNumber(s string) bool {
	n, err := strconv.ParseFloat(s, 64)
	return err == nil && n == n
}

func numeric(holds func(int) bool) comparison {
	return func(want pattern, have string) bool {
		w, errW := strconv.ParseFloat(want.text, 64)
		h, errH := strconv.ParseFloat(have, 64)
		if errW != nil || errH != nil || w != w || h != h {
			return false
		}
		switch {
		case h < w:
			return holds(-1)
		case h > w:
			return holds(1)
		}
		return holds(0)
	}
}

func date(holds func(int) bool) comparison {
	return func(want pattern, have string) bool {
		w, okW := parseDate(want.text)
		h, okH := parseDate(have)
		return okW && okH && holds(h.Compare(w))
	}
}

func isDate(s string) bool {
	_, ok := parseDate(s)
	return ok
}

// parseDate reads the W3C profile of ISO 8601 and seconds since 1970. Four
// digits are a year.
//
// Source: https://www.w3.org/TR/NOTE-datetime.
func parseDate(s string) (time.Time, bool) {
	for _, layout := range []string{
		time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return time.Unix(n, 0), true
	}
	return time.Time{}, false
}
