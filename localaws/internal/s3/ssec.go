package s3

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

const (
	headerSSE             = "x-amz-server-side-encryption"
	headerKMSKeyID        = "x-amz-server-side-encryption-aws-kms-key-id"
	headerBucketKey       = "x-amz-server-side-encryption-bucket-key-enabled"
	headerCustomer        = "x-amz-server-side-encryption-customer-"
	headerCopyCustomer    = "x-amz-copy-source-server-side-encryption-customer-"
	headerCustomerAlg     = headerCustomer + "algorithm"
	headerCustomerKeyMD5  = headerCustomer + "key-MD5"
	customerKeyLength     = 32
	customerHeadersPrefix = "Requests specifying Server Side Encryption with Customer provided keys must "
)

// customerKey is the key of an SSE-C request.
type customerKey struct {
	key []byte
	md5 string // base64, as sent
}

// customerKey reads the three SSE-C headers that begin with prefix; nil if
// the request has none of them. Codes and texts are those of S3; they are
// checked before the policies are.
//
// Source: S3 user guide, specifying-s3-c-encryption and
// ServerSideEncryptionCustomerKeys (TLS is needed).
func (rq *request) customerKey(prefix string) (*customerKey, error) {
	algorithm, key, sum := rq.header(prefix+"algorithm"), rq.header(prefix+"key"), rq.header(prefix+"key-MD5")
	if !rq.has(prefix+"algorithm") && !rq.has(prefix+"key") && !rq.has(prefix+"key-MD5") {
		return nil, nil
	}
	bad := func(message string) error { return fault.InvalidArgument(message, headerSSE, "null") }
	switch {
	case !rq.call.Secure:
		return nil, fault.InvalidRequest("%s", customerHeadersPrefix+"be made over a secure connection.")
	case algorithm == "":
		return nil, bad(customerHeadersPrefix + "provide a valid encryption algorithm.")
	case algorithm != "AES256":
		return nil, fault.With(api.Errorf(400, "InvalidEncryptionAlgorithmError",
			"The Encryption request you specified is not valid. Supported value: AES256."),
			"ArgumentName", headerSSE, "ArgumentValue", algorithm)
	case key == "":
		return nil, bad(customerHeadersPrefix + "provide an appropriate secret key.")
	case sum == "":
		return nil, bad(customerHeadersPrefix + "provide the client calculated MD5 of the secret key.")
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
	return &customerKey{key: raw, md5: sum}, nil
}

// keyCheck is what S3 keeps of a customer's key: a salted HMAC.
//
// Source: S3 user guide, ServerSideEncryptionCustomerKeys.
func keyCheck(key, salt []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(salt)
	return m.Sum(nil)
}

// opensWith refuses a request whose SSE-C headers don't fit a version: none
// for an SSE-C object, some for another one, or the wrong key. The wrong key
// is 403 AccessDenied on S3, not an error of the parameters.
func (e *encryption) opensWith(k *customerKey) error {
	switch {
	case e.mode != sseC && k != nil:
		return fault.InvalidRequest("The encryption parameters are not applicable to this object.")
	case e.mode != sseC:
		return nil
	case k == nil:
		return fault.InvalidRequest("The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.")
	case !hmac.Equal(keyCheck(k.key, e.salt), e.check):
		return fault.AccessDenied()
	}
	return nil
}
