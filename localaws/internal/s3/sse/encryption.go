package sse

import (
	"crypto/hmac"
	"net/http"

	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// Encryption says how one version or multipart upload is encrypted. Data keys
// are in it only wrapped. It never changes; a version may get another one.
type Encryption struct {
	Mode      Mode
	KeyARN    string // of the KMS key
	BucketKey bool
	context   string // ARN that is the KMS encryption context's aws:s3:arn

	fromKMS []byte // ciphertext by KMS of the data key, or of the bucket key
	wrapped []byte // the data key under the root key or the bucket key
	outer   []byte // DSSE-KMS: the outer layer's data key under the root key

	salt, check []byte // SSE-C
}

// OpensWith refuses a request whose SSE-C headers don't fit a version: none
// for an SSE-C object, some for another one, or the wrong key. The wrong key
// is 403 AccessDenied on S3, not an error of the parameters.
func (e *Encryption) OpensWith(k *CustomerKey) error {
	switch {
	case e.Mode != C && k != nil:
		return fault.InvalidRequest("The encryption parameters are not applicable to this object.")
	case e.Mode != C:
		return nil
	case k == nil:
		return fault.InvalidRequest("The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.")
	case !hmac.Equal(keyCheck(k.key, e.salt), e.check):
		return fault.AccessDenied()
	}
	return nil
}

// FitsPart: parts use the key of the upload. S3 answers 400 where a GET would
// be 403.
func (e *Encryption) FitsPart(k *CustomerKey) error {
	switch {
	case e.Mode == C && k == nil:
		return fault.InvalidRequest("The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.")
	case e.Mode != C && k != nil:
		return fault.InvalidRequest("The multipart upload initiate did not request encryption. Please resend the request without sending encryption parameters.")
	case e.Mode == C && e.OpensWith(k) != nil:
		return fault.InvalidRequest("The provided encryption parameters did not match the ones used originally.")
	}
	return nil
}

// Headers tells the client how a version is encrypted.
func (e *Encryption) Headers(h http.Header, k *CustomerKey) {
	if e.Mode == C {
		h.Set(HeaderCustomerAlgorithm, "AES256")
		if k != nil {
			h.Set(HeaderCustomer+"key-MD5", k.md5)
		}
		return
	}
	h.Set(Header, string(e.Mode))
	if e.KeyARN != "" {
		h.Set(HeaderKMSKeyID, e.KeyARN)
	}
	if e.BucketKey {
		h.Set(HeaderBucketKey, "true")
	}
}
