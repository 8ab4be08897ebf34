package sse

import (
	"net/http"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// Wish is the encryption that a write asks for, or that its bucket's default
// gives.
type Wish struct {
	Mode      Mode
	KeyID     string // KMS key id, ARN or alias; "" for alias/aws/s3
	BucketKey bool
	Customer  *CustomerKey
}

// ReadWish reads what a write asks for; byDefault is what its bucket gives. It refuses contradictions and modes that
// need TLS over plain http before any policy is asked, as S3 does.
//
// Source: S3 user guide, UsingKMSEncryption, UsingDSSEncryption, bucket-key.
func ReadWish(h http.Header, secure bool, byDefault Wish) (Wish, error) {
	customer, err := ReadCustomerKey(h, HeaderCustomer, secure)
	if err != nil {
		return Wish{}, err
	}
	header, keyID := Mode(h.Get(Header)), h.Get(HeaderKMSKeyID)
	switch {
	case customer != nil && (has(h, Header) || has(h, HeaderKMSKeyID)):
		return Wish{}, fault.InvalidArgument("Server Side Encryption with Customer provided key is incompatible with the encryption method specified", Header, string(header))
	case customer != nil:
		return Wish{Mode: C, Customer: customer}, nil
	case has(h, Header) && header != S3 && !header.UsesKMS():
		return Wish{}, fault.InvalidArgument("The encryption method specified is not supported", Header, string(header))
	case keyID != "" && !header.UsesKMS():
		return Wish{}, fault.InvalidArgument("Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms", Header, string(header))
	}
	w := byDefault
	if header != "" {
		// A header without a key id means alias/aws/s3, not the key of the
		// bucket's default.
		w = Wish{Mode: header, KeyID: keyID, BucketKey: byDefault.BucketKey}
	}
	switch strings.ToLower(h.Get(HeaderBucketKey)) {
	case "":
	case "true":
		w.BucketKey = true
	case "false":
		w.BucketKey = false
	default:
		return Wish{}, fault.InvalidArgument("The value of "+HeaderBucketKey+" must be true or false", HeaderBucketKey, h.Get(HeaderBucketKey))
	}
	if w.Mode != KMS {
		w.BucketKey = false // bucket keys exist for SSE-KMS only
	}
	if w.Mode.UsesKMS() && !secure {
		return Wish{}, NeedsTLS()
	}
	return w, nil
}
