package s3

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
)

const (
	awsManagedAlias  = "alias/aws/s3"
	encryptionARNKey = "aws:s3:arn"
)

// forKMS is the call that S3 makes to KMS for a requester: the requester is
// the caller, S3 the service in between.
//
// Source: KMS developer guide, conditions-kms (kms:ViaService).
func forKMS(c api.Call, region string) api.Call {
	c.Region = region
	c.Context = maps.Clone(c.Context)
	if c.Context == nil {
		c.Context = map[string]iam.Strings{}
	}
	c.Context["kms:ViaService"] = iam.Strings{"s3." + region + ".amazonaws.com"}
	c.Context["aws:ViaAWSService"] = iam.Strings{"true"}
	return c
}

// kmsKey turns the key id of a wish into one for KMS: aws/s3 of the
// requester's account if there is none. A key must be in the bucket's Region.
func (s *Service) kmsKey(c api.Call, b *bucket, id string) (string, error) {
	if p := strings.SplitN(id, ":", 6); len(p) == 6 {
		if p[3] != b.region {
			return "", api.Errorf(400, "NotFoundException", "Invalid arn %s", p[3])
		}
		if p[5] != awsManagedAlias {
			return id, nil
		}
		return s.opt.KMS.AWSManagedKey(p[4], b.region, awsManagedAlias)
	}
	if id != "" && id != awsManagedAlias {
		return id, nil
	}
	account := c.Account
	if account == "" {
		account = b.account // services and anonymous callers have no key of their own
	}
	return s.opt.KMS.AWSManagedKey(account, b.region, awsManagedAlias)
}

func (s *Service) encryptKMS(c api.Call, b *bucket, key string, w wish, e encryption) (encryption, [][]byte, error) {
	id, err := s.kmsKey(c, b, w.keyID)
	if err != nil {
		return e, nil, kmsError(c, err, "")
	}
	c = forKMS(asOwnAccount(c, w.keyID), b.region)
	if w.bucketKey {
		return s.encryptBucketKey(c, b, id, e)
	}
	e.context = b.arn(key)
	dk, err := s.opt.KMS.GenerateDataKey(c, id, map[string]string{encryptionARNKey: e.context})
	if err != nil {
		return e, nil, kmsError(c, err, "")
	}
	e.keyARN, e.fromKMS = dk.KeyARN, dk.Ciphertext
	keys := [][]byte{dk.Plaintext}
	if e.mode == dsseKMS {
		outer := sealed.RandomBytes(32)
		if e.outer, err = sealed.WrapKey(s.rootKey, outer); err != nil {
			return e, nil, err
		}
		keys = append(keys, outer)
	}
	return e, keys, nil
}

func (s *Service) dataKeysKMS(c api.Call, b *bucket, e *encryption) ([][]byte, error) {
	if !c.Secure {
		return nil, fault.InvalidArgument("Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a secure connection.", headerSSE, "null")
	}
	c = forKMS(c, b.region)
	dk, err := s.opt.KMS.Decrypt(c, e.fromKMS, map[string]string{encryptionARNKey: e.context})
	if err != nil {
		return nil, kmsError(c, err, e.keyARN)
	}
	dataKey := dk.Plaintext
	if e.bucketKey {
		if dataKey, err = sealed.UnwrapKey(dk.Plaintext, e.wrapped); err != nil {
			return nil, err
		}
	}
	keys := [][]byte{dataKey}
	if e.mode == dsseKMS {
		outer, err := sealed.UnwrapKey(s.rootKey, e.outer)
		if err != nil {
			return nil, err
		}
		keys = append(keys, outer)
	}
	return keys, nil
}

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
	bucket, requester, session, keyID string
}

type bucketKey struct {
	api.DataKey
	expires time.Time
}

// encryptBucketKey makes a data key under the requester's bucket key.
func (s *Service) encryptBucketKey(c api.Call, b *bucket, keyID string, e encryption) (encryption, [][]byte, error) {
	dataKey := sealed.RandomBytes(32)
	e.context = b.arn("")
	e, err := s.underBucketKey(c, b, keyID, e, dataKey)
	return e, [][]byte{dataKey}, err
}

// underBucketKey wraps a data key under the requester's bucket key.
func (s *Service) underBucketKey(c api.Call, b *bucket, keyID string, e encryption, dataKey []byte) (encryption, error) {
	session, err := json.Marshal(c.Session)
	if err != nil {
		return e, err
	}
	id := bucketKeyID{bucket: b.name + "@" + b.account, requester: c.Account + " " + c.Caller.PrincipalARN() + c.Caller.Service(), session: string(session), keyID: keyID}
	now := s.opt.Now()
	s.bucketKeys.mu.Lock()
	bk, ok := s.bucketKeys.entries[id]
	s.bucketKeys.mu.Unlock()
	if !ok || now.After(bk.expires) {
		dk, err := s.opt.KMS.GenerateDataKey(c, keyID, map[string]string{encryptionARNKey: e.context})
		if err != nil {
			return e, kmsError(c, err, "")
		}
		bk = bucketKey{DataKey: dk, expires: now.Add(bucketKeyLife)}
		s.bucketKeys.mu.Lock()
		s.bucketKeys.entries[id] = bk
		s.bucketKeys.mu.Unlock()
	}
	e.keyARN, e.fromKMS = bk.KeyARN, bk.Ciphertext
	e.wrapped, err = sealed.WrapKey(bk.Plaintext, dataKey)
	return e, err
}

// unreadable is what S3 passes on from KMS when the caller's account isn't
// the key's and the key policy doesn't admit it.
const unreadable = "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access."

// kmsError turns an error of KMS into one of S3. decryptARN is the key that a
// Decrypt would have used, "" for other calls.
//
// Source: S3 API reference, ErrorResponses (KMS.*); S3 user guide,
// replication-troubleshoot for the cross-account text.
func kmsError(c api.Call, err error, decryptARN string) error {
	var e *api.Error
	if !errors.As(err, &e) {
		return err
	}
	code := strings.TrimSuffix(e.Code, "Exception")
	switch code {
	case "AccessDenied":
		if decryptARN != "" && arnAccount(decryptARN) != c.Account {
			return api.Errorf(403, "AccessDenied", unreadable)
		}
		return api.Errorf(403, "AccessDenied", "%s", e.Message)
	case "NotFound":
		return api.Errorf(400, "KMS.NotFoundException", "%s", e.Message)
	case "Disabled":
		return api.Errorf(400, "KMS.DisabledException", "%s", e.Message)
	case "KMSInvalidState":
		return api.Errorf(400, "KMS.KMSInvalidStateException", "%s", e.Message)
	case "InvalidCiphertext":
		return api.Errorf(400, "KMS.InvalidCiphertextException", "%s", e.Message)
	case "InvalidKeyUsage":
		return api.Errorf(400, "KMS.InvalidKeyUsageException", "%s", e.Message)
	}
	return api.Errorf(e.Status, "KMS."+e.Code, "%s", e.Message)
}

func arnAccount(arn string) string {
	p := strings.SplitN(arn, ":", 6)
	if len(p) < 6 {
		return ""
	}
	return p[4]
}
