package sse

import (
	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
)

const awsManagedAlias = "alias/aws/s3"

// kmsContext is the encryption context of a call to KMS.
func kmsContext(text string) map[string]string { return map[string]string{"aws:s3:arn": text} }

// asOwnAccount is the call by which a service that writes with an account of
// its own uses the AWS managed key of that account: as the account does, since
// the policy of such a key admits principals of its account only. keyID is the
// key of the upload or of the bucket's default; "" and the bare alias mean the
// requester's own.
//
// Source: S3 user guide, enable-server-access-logging. That logs might come
// encrypted with a key that one cannot access is all that it says.
func asOwnAccount(c api.Call, keyID string) api.Call {
	if c.Caller.Service() != "" && c.Account != "" && (keyID == "" || keyID == awsManagedAlias) {
		c.Caller = iam.AccountRoot(c.Account)
	}
	return c
}

// keyID turns the key id of a wish into one for KMS: aws/s3 of the requester's
// account if there is none. A key must be in the bucket's Region.
func (k *Keeper) keyID(c api.Call, b Bucket, id string) (string, error) {
	account := c.Account
	if a, err := arn.Parse(id); err == nil {
		if a.Region != b.Region {
			return "", api.Errorf(400, "NotFoundException", "Invalid arn %s", a.Region)
		}
		id, account = a.Resource, a.AccountID
		if id != awsManagedAlias {
			return a.String(), nil
		}
	}
	switch {
	case id != "" && id != awsManagedAlias:
		return id, nil
	case account == "":
		account = b.Account // services and anonymous callers have no key of their own
	}
	return k.kms.AWSManagedKey(account, b.Region, awsManagedAlias)
}

func (k *Keeper) encryptKMS(c api.Call, b Bucket, key string, w Wish, e Encryption) (Encryption, [][]byte, error) {
	id, err := k.keyID(c, b, w.KeyID)
	if err != nil {
		return e, nil, kmsError(c, err, "")
	}
	c = asOwnAccount(c, w.KeyID).Via("s3", b.Region)
	e.context = b.context(key, e.BucketKey)
	if e.BucketKey {
		dataKey := sealed.RandomBytes(32)
		err := k.wrapUnderBucketKey(c, b, id, &e, dataKey)
		return e, [][]byte{dataKey}, err
	}
	dk, err := k.kms.GenerateDataKey(c, id, kmsContext(e.context))
	if err != nil {
		return e, nil, kmsError(c, err, "")
	}
	e.KeyARN, e.fromKMS = dk.KeyARN, dk.Ciphertext
	if e.Mode != DSSEKMS {
		return e, [][]byte{dk.Plaintext}, nil
	}
	outer := sealed.RandomBytes(32)
	e.outer, err = sealed.WrapKey(k.rootKey, outer)
	return e, [][]byte{dk.Plaintext, outer}, err
}

func (k *Keeper) dataKeysKMS(c api.Call, b Bucket, e *Encryption) ([][]byte, error) {
	if !c.Secure {
		return nil, NeedsTLS()
	}
	dataKey, err := k.openKMS(c.Via("s3", b.Region), e)
	if err != nil {
		return nil, kmsError(c, err, e.KeyARN)
	}
	if e.Mode != DSSEKMS {
		return [][]byte{dataKey}, nil
	}
	outer, err := sealed.UnwrapKey(k.rootKey, e.outer)
	return [][]byte{dataKey, outer}, err
}

// openKMS has KMS open the data key, or the bucket key that it is under.
func (k *Keeper) openKMS(c api.Call, e *Encryption) ([]byte, error) {
	dk, err := k.kms.Decrypt(c, e.fromKMS, kmsContext(e.context))
	if err != nil || !e.BucketKey {
		return dk.Plaintext, err
	}
	return sealed.UnwrapKey(dk.Plaintext, e.wrapped)
}
