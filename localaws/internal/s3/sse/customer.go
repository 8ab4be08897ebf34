package sse

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// CustomerKey is the key of an SSE-C request.
type CustomerKey struct {
	key []byte
	md5 string // base64, as sent
}

const customerKeyLength = 32

const mustCustomer = "Requests specifying Server Side Encryption with Customer provided keys must "

// ReadCustomerKey reads the three SSE-C headers that begin with prefix; nil if
// the request has none of them. Codes and texts are those of S3; they are
// checked before the policies are.
//
// Source: S3 user guide, specifying-s3-c-encryption and
// ServerSideEncryptionCustomerKeys (TLS is needed).
func ReadCustomerKey(h http.Header, prefix string, secure bool) (*CustomerKey, error) {
	algorithm, key, sum := h.Get(prefix+"algorithm"), h.Get(prefix+"key"), h.Get(prefix+"key-MD5")
	if !has(h, prefix+"algorithm") && !has(h, prefix+"key") && !has(h, prefix+"key-MD5") {
		return nil, nil
	}
	bad := func(message string) error { return fault.InvalidArgument(message, Header, "null") }
	switch {
	case !secure:
		return nil, fault.InvalidRequest("%s", mustCustomer+"be made over a secure connection.")
	case algorithm == "":
		return nil, bad(mustCustomer + "provide a valid encryption algorithm.")
	case algorithm != "AES256":
		return nil, fault.With(api.Errorf(400, "InvalidEncryptionAlgorithmError",
			"The Encryption request you specified is not valid. Supported value: AES256."),
			"ArgumentName", Header, "ArgumentValue", algorithm)
	case key == "":
		return nil, bad(mustCustomer + "provide an appropriate secret key.")
	case sum == "":
		return nil, bad(mustCustomer + "provide the client calculated MD5 of the secret key.")
	}
	raw, err := base64.StdEncoding.DecodeString(key)
	if err != nil || len(raw) != customerKeyLength {
		return nil, bad("The secret key was invalid for the specified algorithm.")
	}
	want := md5.Sum(raw)
	got, err := base64.StdEncoding.DecodeString(sum)
	if err != nil || subtle.ConstantTimeCompare(got, want[:]) != 1 {
		return nil, bad("The calculated MD5 hash of the key did not match the hash that was provided.")
	}
	return &CustomerKey{key: raw, md5: sum}, nil
}

// keyCheck is what S3 keeps of a customer's key: a salted HMAC.
//
// Source: S3 user guide, ServerSideEncryptionCustomerKeys.
func keyCheck(key, salt []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(salt)
	return m.Sum(nil)
}

// has says whether the header is there, even an empty one.
func has(h http.Header, name string) bool { return len(h.Values(name)) > 0 }
