package function

import (
	"encoding/binary"
	"errors"
	"unicode/utf16"
	"unicode/utf8"
)

// A scanner reads one JSON object, name by name. It is for payloads of megabytes
// that are mostly one string: encoding/json reads such a string byte by byte,
// three times.
type scanner struct {
	data []byte // UTF-8
	at   int
}

var (
	errNotJSON   = errors.New("not JSON")
	errSurrogate = errors.New("half of a surrogate pair")
)

func (s *scanner) space() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// skip skips c and the space around it, if c is next.
func (s *scanner) skip(c byte) bool {
	s.space()
	if s.at == len(s.data) || s.data[s.at] != c {
		return false
	}
	s.at++
	s.space()
	return true
}

// open skips the brace that opens an object, and reports whether a name follows.
func (s *scanner) open() bool { return s.skip('{') && !s.skip('}') }

// colon skips what is between a name and its value.
func (s *scanner) colon() bool { return s.skip(':') }

// next skips what is behind a value, and reports whether a name follows.
func (s *scanner) next() (bool, error) {
	if s.skip(',') {
		return true, nil
	}
	if s.skip('}') {
		return false, nil
	}
	return false, errNotJSON
}

// text reads a string in place: what it means is never longer than what it is
// written as.
func (s *scanner) text() (Text, error) {
	if s.at == len(s.data) || s.data[s.at] != '"' {
		return nil, errNotJSON
	}
	s.at++
	start, end := s.at, s.at // of the text
	for {
		n := plain(s.data[s.at:])
		if end != s.at {
			copy(s.data[end:], s.data[s.at:s.at+n])
		}
		s.at, end = s.at+n, end+n
		switch {
		case s.at == len(s.data):
			return nil, errNotJSON
		case s.data[s.at] == '"':
			s.at++
			return s.data[start:end:end], nil
		case s.data[s.at] != '\\':
			return nil, errNotJSON // a control character
		}
		r, size, err := escaped(s.data[s.at:])
		if err != nil {
			return nil, err
		}
		s.at += size
		end += utf8.EncodeRune(s.data[end:], r)
	}
}

// plain is how many bytes stand for themselves before a quote, a backslash or a
// control character. It looks at eight at a time.
func plain(b []byte) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		quote, slash := w^(ones*'"'), w^(ones*'\\')
		// The top bit of each byte that is zero, and of each that is below 0x20.
		if ((quote-ones)&^quote|(slash-ones)&^slash|(w-ones*0x20)&^w)&tops != 0 {
			break
		}
	}
	for i < len(b) && b[i] != '"' && b[i] != '\\' && b[i] >= 0x20 {
		i++
	}
	return i
}

// escaped reads the escape at the start of b: the character, and how many bytes
// it is written with.
func escaped(b []byte) (rune, int, error) {
	if len(b) < 2 {
		return 0, 0, errNotJSON
	}
	switch c := b[1]; c {
	case '"', '\\', '/':
		return rune(c), 2, nil
	case 'b':
		return '\b', 2, nil
	case 'f':
		return '\f', 2, nil
	case 'n':
		return '\n', 2, nil
	case 'r':
		return '\r', 2, nil
	case 't':
		return '\t', 2, nil
	}
	first, ok := unit(b)
	switch {
	case !ok:
		return 0, 0, errNotJSON
	case !utf16.IsSurrogate(first):
		return first, 6, nil
	}
	second, _ := unit(b[6:])
	if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
		return r, 12, nil
	}
	return 0, 0, errSurrogate
}

// unit reads \uXXXX.
func unit(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range b[2:6] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// value returns the text of the next value, which need not be JSON, and skips it.
func (s *scanner) value() ([]byte, bool) {
	start, depth := s.at, 0
	for s.at < len(s.data) {
		switch c := s.data[s.at]; c {
		case '"':
			if !s.skipString() {
				return nil, false
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth < 0 {
				return s.data[start:s.at], s.at > start
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return s.data[start:s.at], s.at > start
			}
		}
		s.at++
	}
	return s.data[start:], depth == 0 && s.at > start
}

// skipString skips a string as it is written.
func (s *scanner) skipString() bool {
	for s.at++; s.at < len(s.data); s.at++ {
		switch s.data[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			return true
		}
	}
	return false
}

// loneSurrogate reports whether a JSON value has half of a surrogate pair.
func loneSurrogate(raw []byte) bool {
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		_, size, err := escaped(raw[i:])
		if err != nil {
			return true
		}
		i += size - 1
	}
	return false
}
