package ssec

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// forms are the ways in which a key could show up in a text.
func forms(raw []byte) map[string]string {
	sum := md5.Sum(raw)
	return map[string]string{
		"raw":        string(raw),
		"hex":        hex.EncodeToString(raw),
		"upper hex":  strings.ToUpper(hex.EncodeToString(raw)),
		"base64":     base64.StdEncoding.EncodeToString(raw),
		"MD5 base64": base64.StdEncoding.EncodeToString(sum[:]),
		"decimal":    strings.Trim(fmt.Sprint(raw), "[]"),
	}
}

func TestKeyRedactsItself(t *testing.T) {
	t.Parallel()
	raw := [KeySize]byte([]byte("hws7rqxtlcwd98e8nds94jf8al3yyi5t"))
	key := NewKey(raw)
	ring := newRing("k0", "", map[string]Key{"k0": key})
	type holder struct {
		Key    Key
		hidden Key
		at     *Key
	}
	values := map[string]any{
		"key": key, "pointer": &key, "slice": []Key{key}, "map": map[string]Key{"a": key},
		"fields": holder{key, key, &key}, "pointer to fields": &holder{key, key, &key},
		"ring": ring, "ring value": *ring,
	}
	for name, v := range values {
		var texts []string
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			texts = append(texts, fmt.Sprintf(verb, v))
		}
		if out, err := json.Marshal(v); err == nil {
			texts = append(texts, string(out))
		}
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "v", v)
		slog.New(slog.NewTextHandler(&log, nil)).Info("m", "v", v)
		texts = append(texts, log.String(), fmt.Errorf("wrapped: %v", v).Error())
		for form, secret := range forms(raw[:]) {
			for _, text := range texts {
				if strings.Contains(text, secret) {
					t.Errorf("%s: the key leaks (%s) in %q", name, form, text)
				}
			}
		}
	}
	if got := fmt.Sprintf("%v %#v %s", key, key, key); got != "[KEY REDACTED] [KEY REDACTED] [KEY REDACTED]" {
		t.Errorf("key prints as %q", got)
	}
}

// The key and its MD5 are those that a published walk-through of SSE-C computed
// with base64 and openssl.
func TestCustomerComputesTheHeaders(t *testing.T) {
	t.Parallel()
	key := NewKey([KeySize]byte([]byte("hws7rqxtlcwd98e8nds94jf8al3yyi5t")))
	algorithm, b64, sum := key.Customer()
	if *algorithm != "AES256" || *b64 != "aHdzN3JxeHRsY3dkOThlOG5kczk0amY4YWwzeXlpNXQ=" || *sum != "aLkI4bOu2sXS3Guq7vU37A==" {
		t.Errorf("Customer() = %s, %s, %s", *algorithm, *b64, *sum)
	}
}
