package ssec

import (
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
)

// KeyIDTag is the object tag that holds the id of the object's key. It is
// written in the same PutObject as the object, so the two cannot disagree.
const KeyIDTag = "ssec-kid"

// KeySize is the size of an SSE-C key in bytes: S3 accepts AES-256 only.
const KeySize = 32

const redacted = "[KEY REDACTED]"

// A Key is one SSE-C key. Its zero value is no key.
type Key struct {
	// In a function, because fmt prints an unexported field of another struct
	// by reflection, past every method below: then an array shows as its bytes,
	// a pointer too (under %s), and a function as an address.
	raw func() [KeySize]byte
}

// NewKey returns the key with the given bytes.
func NewKey(raw [KeySize]byte) Key {
	return Key{func() [KeySize]byte { return raw }}
}

// Customer returns the key as the parameters SSECustomerAlgorithm,
// SSECustomerKey and SSECustomerKeyMD5 of an S3 request: "AES256", the key in
// base64, and the MD5 of the key's bytes in base64. The AWS SDK for Go computes
// none of them.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-s3-c-encryption.html
func (k Key) Customer() (algorithm, key, keyMD5 *string) {
	raw := k.raw()
	sum := md5.Sum(raw[:])
	a, b, m := "AES256", base64.StdEncoding.EncodeToString(raw[:]), base64.StdEncoding.EncodeToString(sum[:])
	return &a, &b, &m
}

// Equal reports whether both are the same key.
func (k Key) Equal(other Key) bool { return k.raw() == other.raw() }

// Format writes "[KEY REDACTED]", whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { io.WriteString(f, redacted) }

// String returns "[KEY REDACTED]".
func (k Key) String() string { return redacted }

// MarshalText returns "[KEY REDACTED]"; encoding/json calls it too.
func (k Key) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns "[KEY REDACTED]".
func (k Key) LogValue() slog.Value { return slog.StringValue(redacted) }
