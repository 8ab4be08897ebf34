package objecttest

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
)

// CheckNoKey fails the test if a text holds the SSE-C key in a form in which it
// could get there: as it is, in hexadecimal, as the headers' base64 and MD5, or
// with the rest of the secret.
func CheckNoKey(t testing.TB, raw []byte, texts ...string) {
	t.Helper()
	sum, digits, base := md5.Sum(raw), hex.EncodeToString(raw), base64.StdEncoding.EncodeToString
	for _, form := range []string{string(raw), digits, strings.ToUpper(digits), base(raw), base(sum[:]), `"primary":`} {
		for _, text := range texts {
			if strings.Contains(text, form) {
				t.Errorf("a key leaks as %q in %.500q", form, text)
			}
		}
	}
}
