package sse

import (
	"strconv"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Update wraps the data key of an object's version under another KMS key.
//
// The pages name kms:Encrypt, kms:Decrypt, kms:GenerateDataKey and
// kms:ReEncrypt*, and leave open which key needs what. Here each key needs all
// that it could be used for, whatever the version is under:
//
//   - the key that it is under: kms:Decrypt, kms:ReEncryptFrom;
//   - the key of the request: kms:Encrypt, kms:GenerateDataKey, kms:Decrypt,
//     kms:ReEncryptTo.
func (k *Keeper) Update(c api.Call, b Bucket, key string, old Encryption, keyARN string, bucketKey bool) (Encryption, error) {
	e := Encryption{Mode: KMS, BucketKey: bucketKey, context: b.context(key, bucketKey)}
	id, err := k.keyID(c, b, keyARN)
	if err != nil {
		return e, kmsError(c, err, "")
	}
	dataKeys, err := k.DataKeys(c, b, &old, nil)
	if err != nil {
		return e, err
	}
	c = c.Via("s3", b.Region)
	var reEncrypt map[string]iam.Strings
	if old.Mode.UsesKMS() {
		reEncrypt = map[string]iam.Strings{"kms:ReEncryptOnSameKey": {strconv.FormatBool(old.KeyARN == keyARN)}}
		if err := k.kms.Authorize(c, "kms:ReEncryptFrom", old.KeyARN, kmsContext(old.context), reEncrypt); err != nil {
			return e, kmsError(c, err, old.KeyARN)
		}
	}
	for _, need := range []struct {
		action string
		keys   map[string]iam.Strings
	}{{"kms:Encrypt", nil}, {"kms:GenerateDataKey", nil}, {"kms:Decrypt", nil}, {"kms:ReEncryptTo", reEncrypt}} {
		if err := k.kms.Authorize(c, need.action, id, kmsContext(e.context), need.keys); err != nil {
			return e, kmsError(c, err, "")
		}
	}
	if e.BucketKey {
		err := k.wrapUnderBucketKey(c, b, id, &e, dataKeys[0])
		return e, err
	}
	dk, err := k.kms.Encrypt(c, id, dataKeys[0], kmsContext(e.context))
	e.KeyARN, e.fromKMS = dk.KeyARN, dk.Ciphertext
	return e, kmsError(c, err, "")
}

// OpenForReplica is the data key of a version of the bucket, for whoever
// replicates it. Its error is that of KMS.
func (k *Keeper) OpenForReplica(c api.Call, b Bucket, e Encryption) ([]byte, error) {
	return k.openKMS(c.Via("s3", b.Region), &e)
}

// SealForReplica is the encryption of a replica in the bucket: that of its
// source, with the data key wrapped under another KMS key. Its error is that of
// KMS.
func (k *Keeper) SealForReplica(c api.Call, b Bucket, key string, e Encryption, dataKey []byte, keyID string) (Encryption, error) {
	e.context = b.context(key, e.BucketKey)
	id, err := k.keyID(c, b, keyID)
	if err != nil {
		return e, err
	}
	c = c.Via("s3", b.Region)
	if !e.BucketKey {
		dk, err := k.kms.Encrypt(c, id, dataKey, kmsContext(e.context))
		e.KeyARN, e.fromKMS = dk.KeyARN, dk.Ciphertext
		return e, err
	}
	dk, err := k.kms.GenerateDataKey(c, id, kmsContext(e.context))
	if err != nil {
		return e, err
	}
	if _, err := k.kms.Decrypt(c, dk.Ciphertext, kmsContext(e.context)); err != nil {
		return e, err
	}
	return e, e.underBucketKey(dk, dataKey)
}
