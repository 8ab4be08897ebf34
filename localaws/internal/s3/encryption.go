package s3

import (
	"net/http"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
)

// mode is a server-side encryption, by the value of its header.
type mode string

const (
	sseS3   mode = "AES256"
	sseKMS  mode = "aws:kms"
	dsseKMS mode = "aws:kms:dsse"
	sseC    mode = "SSE-C"
)

func (m mode) kms() bool { return m == sseKMS || m == dsseKMS }

// wish is the encryption that a write asks for, or that its bucket's default
// gives.
type wish struct {
	mode      mode
	keyID     string // KMS key id, ARN or alias; "" for alias/aws/s3
	bucketKey bool
	customer  *customerKey
}

// encryption says how one version or multipart upload is encrypted. Data keys
// are in it only wrapped. It never changes; a version may get another one.
type encryption struct {
	mode      mode
	keyARN    string // of the KMS key
	bucketKey bool
	context   string // ARN that is the KMS encryption context's aws:s3:arn

	fromKMS []byte // ciphertext by KMS of the data key, or of the bucket key
	wrapped []byte // the data key under the root key or the bucket key
	outer   []byte // DSSE-KMS: the outer layer's data key under the root key

	salt, check []byte // SSE-C
}

// wish reads what a write asks for. It refuses contradictions and modes that
// need TLS over plain http before any policy is asked, as S3 does.
//
// Source: S3 user guide, UsingKMSEncryption, UsingDSSEncryption, bucket-key.
func (rq *request) wish(c *config) (wish, error) {
	customer, err := rq.customerKey(headerCustomer)
	if err != nil {
		return wish{}, err
	}
	header, keyID := mode(rq.header(headerSSE)), rq.header(headerKMSKeyID)
	switch {
	case customer != nil && (rq.has(headerSSE) || rq.has(headerKMSKeyID)):
		return wish{}, fault.InvalidArgument("Server Side Encryption with Customer provided key is incompatible with the encryption method specified", headerSSE, string(header))
	case customer != nil:
		return wish{mode: sseC, customer: customer}, nil
	case rq.has(headerSSE) && header != sseS3 && !header.kms():
		return wish{}, fault.InvalidArgument("The encryption method specified is not supported", headerSSE, string(header))
	case keyID != "" && !header.kms():
		return wish{}, fault.InvalidArgument("Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms", headerSSE, string(header))
	}
	w := c.encryption.wish()
	if header != "" {
		// A header without a key id means alias/aws/s3, not the key of the
		// bucket's default.
		w = wish{mode: header, keyID: keyID, bucketKey: c.encryption.BucketKeyEnabled}
	}
	switch strings.ToLower(rq.header(headerBucketKey)) {
	case "":
	case "true":
		w.bucketKey = true
	case "false":
		w.bucketKey = false
	default:
		return wish{}, fault.InvalidArgument("The value of "+headerBucketKey+" must be true or false", headerBucketKey, rq.header(headerBucketKey))
	}
	if w.mode != sseKMS {
		w.bucketKey = false // bucket keys exist for SSE-KMS only
	}
	if w.mode.kms() && !rq.call.Secure {
		return wish{}, fault.With(api.Errorf(400, "InvalidArgument",
			"Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a secure connection."),
			"ArgumentName", headerSSE, "ArgumentValue", "null")
	}
	return w, nil
}

// blocked refuses SSE-C where the bucket blocks it. It is asked after the
// policies.
//
// Source: S3 user guide, blocking-unblocking-s3-c-encryption-gpb.
func (w wish) blocked(rq *request, b *bucket, c *config) error {
	if w.mode == sseC && c.encryption.blocksCustomerKeys() {
		return blockedCustomerKey(rq.call, b.arn(rq.key))
	}
	return nil
}

func blockedCustomerKey(c api.Call, resource string) error {
	return api.Errorf(403, "AccessDenied", "User: %s is not authorized to perform: s3:PutObject on resource: %q because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). Please specify a different server-side encryption type.",
		c.Caller.String(), resource)
}

// encrypt makes the encryption of a new version or upload, and its data keys,
// the innermost layer's first.
func (s *Service) encrypt(c api.Call, b *bucket, key string, w wish) (encryption, [][]byte, error) {
	e := encryption{mode: w.mode, bucketKey: w.bucketKey}
	switch w.mode {
	case sseC:
		e.salt = sealed.RandomBytes(16)
		e.check = keyCheck(w.customer.key, e.salt)
		return e, [][]byte{w.customer.key}, nil
	case sseKMS, dsseKMS:
		return s.encryptKMS(c, b, key, w, e)
	}
	dataKey := sealed.RandomBytes(32)
	var err error
	e.wrapped, err = sealed.WrapKey(s.rootKey, dataKey)
	return e, [][]byte{dataKey}, err
}

// dataKeys unwraps the data keys of a version on behalf of the caller.
func (s *Service) dataKeys(c api.Call, b *bucket, e *encryption, k *customerKey) ([][]byte, error) {
	if err := e.opensWith(k); err != nil {
		return nil, err
	}
	switch e.mode {
	case sseC:
		return [][]byte{k.key}, nil
	case sseKMS, dsseKMS:
		return s.dataKeysKMS(c, b, e)
	}
	dataKey, err := sealed.UnwrapKey(s.rootKey, e.wrapped)
	return [][]byte{dataKey}, err
}

// headers tells the client how a version is encrypted.
func (e *encryption) headers(h http.Header, k *customerKey) {
	if e.mode == sseC {
		h.Set(headerCustomerAlg, "AES256")
		if k != nil {
			h.Set(headerCustomerKeyMD5, k.md5)
		}
		return
	}
	h.Set(headerSSE, string(e.mode))
	if e.keyARN != "" {
		h.Set(headerKMSKeyID, e.keyARN)
	}
	if e.bucketKey {
		h.Set(headerBucketKey, "true")
	}
}

// hashedETag says whether the ETag is the MD5 of the body. It isn't under
// SSE-KMS, DSSE-KMS and SSE-C.
//
// Source: S3 API reference, API_Object.
func (m mode) hashedETag() bool { return m == sseS3 }
