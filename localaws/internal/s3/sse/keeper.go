package sse

import (
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
)

// Keeper makes data keys and opens them again.
type Keeper struct {
	kms        api.KMS
	now        func() time.Time
	rootKey    []byte // wraps the data keys of SSE-S3 and of DSSE-KMS's outer layer
	bucketKeys bucketKeys
}

// NewKeeper makes a Keeper with a root key of its own.
func NewKeeper(kms api.KMS, now func() time.Time) *Keeper {
	return &Keeper{kms: kms, now: now, rootKey: sealed.RandomBytes(32), bucketKeys: bucketKeys{entries: map[bucketKeyID]bucketKey{}}}
}

// Bucket is where an object is.
type Bucket struct{ ARN, Account, Region string }

// context is the ARN that is the KMS encryption context's aws:s3:arn: of the
// object, or with a Bucket Key of the bucket.
//
// Source: S3 user guide, UsingKMSEncryption, bucket-key.
func (b Bucket) context(key string, bucketKey bool) string {
	if bucketKey {
		return b.ARN
	}
	return b.ARN + "/" + key
}

// Encrypt makes the encryption of a new version or upload, and its data keys,
// the innermost layer's first.
func (k *Keeper) Encrypt(c api.Call, b Bucket, key string, w Wish) (Encryption, [][]byte, error) {
	e := Encryption{Mode: w.Mode, BucketKey: w.BucketKey}
	switch w.Mode {
	case C:
		e.salt = sealed.RandomBytes(16)
		e.check = keyCheck(w.Customer.key, e.salt)
		return e, [][]byte{w.Customer.key}, nil
	case KMS, DSSEKMS:
		return k.encryptKMS(c, b, key, w, e)
	}
	dataKey := sealed.RandomBytes(32)
	var err error
	e.wrapped, err = sealed.WrapKey(k.rootKey, dataKey)
	return e, [][]byte{dataKey}, err
}

// DataKeys unwraps the data keys of a version on behalf of the caller.
func (k *Keeper) DataKeys(c api.Call, b Bucket, e *Encryption, customer *CustomerKey) ([][]byte, error) {
	if err := e.OpensWith(customer); err != nil {
		return nil, err
	}
	switch e.Mode {
	case C:
		return [][]byte{customer.key}, nil
	case KMS, DSSEKMS:
		return k.dataKeysKMS(c, b, e)
	}
	dataKey, err := sealed.UnwrapKey(k.rootKey, e.wrapped)
	return [][]byte{dataKey}, err
}
