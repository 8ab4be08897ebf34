package objecttest

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// CheckNoKey fails the test if a text holds the SSE-C key in a form in which it
// could get there, or its MD5, which tells it from other keys, or a part of the
// secret around it.
func CheckNoKey(t testing.TB, raw []byte, texts ...string) {
	t.Helper()
	for _, form := range append(KeyForms(raw), `"primary":`) {
		for _, text := range texts {
			if strings.Contains(text, form) {
				t.Errorf("a key leaks as %q in %.500q", form, text)
			}
		}
	}
}

// KeyForms are the forms of a key and of its MD5: as they are, as Go and JSON
// quote them, as Go prints bytes, in hexadecimal, and in base64 of both alphabets,
// also as it is in a URL.
func KeyForms(raw []byte) []string {
	sum := md5.Sum(raw)
	var forms []string
	for _, b := range [][]byte{raw, sum[:]} {
		digits, numbers := hex.EncodeToString(b), strings.Trim(fmt.Sprint(b), "[]")
		var escaped strings.Builder
		for _, c := range b {
			fmt.Fprintf(&escaped, `\u%04x`, c)
		}
		forms = append(forms, string(b), strings.Trim(strconv.QuoteToASCII(string(b)), `"`), escaped.String(),
			numbers, strings.ReplaceAll(numbers, " ", ","), fmt.Sprintf("%#v", b), digits, strings.ToUpper(digits), fmt.Sprintf("% x", b))
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := encoding.EncodeToString(b) // without padding, it is also in what has some
			forms = append(forms, text, url.QueryEscape(text))
		}
		forms = append(forms, base64.RawStdEncoding.EncodeToString([]byte(digits)))
	}
	return forms
}
