package sse

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
)

// bucketKeys are the bucket-level keys in use, one for each requester.
//
// S3 says that it uses one "for a time-limited period", not how long; here it
// is bucketKeyLife. S3 reuses them for reads too, so that a right taken away
// may still work for a while. Here each read asks KMS: a right that is taken
// away is gone at once.
//
// Source: S3 user guide, bucket-key.
type bucketKeys struct {
	mu      sync.Mutex
	entries map[bucketKeyID]bucketKey
}

const bucketKeyLife = 5 * time.Minute

// bucketKeyID tells requesters apart as S3 does: by role or account, and the
// same role with different scoping policies.
type bucketKeyID struct {
	bucket             Bucket
	requester, session string
	keyID              string
}

type bucketKey struct {
	api.DataKey
	expires time.Time
}

// wrapUnderBucketKey wraps a data key under the requester's bucket key.
func (k *Keeper) wrapUnderBucketKey(c api.Call, b Bucket, keyID string, e *Encryption, dataKey []byte) error {
	session, err := json.Marshal(c.Session)
	if err != nil {
		return err
	}
	id := bucketKeyID{bucket: b, requester: c.Account + " " + c.Caller.PrincipalARN() + c.Caller.Service(), session: string(session), keyID: keyID}
	now := k.now()
	k.bucketKeys.mu.Lock()
	bk, ok := k.bucketKeys.entries[id]
	k.bucketKeys.mu.Unlock()
	if !ok || now.After(bk.expires) {
		dk, err := k.kms.GenerateDataKey(c, keyID, kmsContext(e.context))
		if err != nil {
			return kmsError(c, err, "")
		}
		bk = bucketKey{DataKey: dk, expires: now.Add(bucketKeyLife)}
		k.bucketKeys.mu.Lock()
		k.bucketKeys.entries[id] = bk
		k.bucketKeys.mu.Unlock()
	}
	return e.underBucketKey(bk.DataKey, dataKey)
}

// underBucketKey wraps a data key under a bucket key of KMS.
func (e *Encryption) underBucketKey(bucketKey api.DataKey, dataKey []byte) error {
	var err error
	e.KeyARN, e.fromKMS = bucketKey.KeyARN, bucketKey.Ciphertext
	e.wrapped, err = sealed.WrapKey(bucketKey.Plaintext, dataKey)
	return err
}
