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
	sum := md5.Sum(raw)
	for form, key := range map[string]string{
		"raw":         string(raw),
		"hex":         hex.EncodeToString(raw),
		"upper hex":   strings.ToUpper(hex.EncodeToString(raw)),
		"base64":      base64.StdEncoding.EncodeToString(raw),
		"MD5 base64":  base64.StdEncoding.EncodeToString(sum[:]),
		"secret JSON": `"primary":`,
	} {
		for _, text := range texts {
			if strings.Contains(text, key) {
				t.Errorf("a key leaks (%s) in %.500q", form, text)
			}
		}
	}
}
