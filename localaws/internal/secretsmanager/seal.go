package secretsmanager

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// sealedValue is a secret value, encrypted under a data key of its own.
type sealedValue struct {
	binary     bool
	ciphertext []byte // nonce and AES-256-GCM output
	// wrapped is the data key under each KMS key that the secret has had
	// since, newest first: any of them opens the value.
	//
	// Source: Secrets Manager user guide, security-encryption ("When you
	// change the encryption key").
	wrapped []wrappedKey
}

type wrappedKey struct {
	keyARN     string
	ciphertext []byte
}

// value is a secret value in plain.
type value struct {
	binary bool
	data   []byte
}

func (v value) equal(w value) bool { return v.binary == w.binary && slices.Equal(v.data, w.data) }

const managedKeyAlias = "alias/aws/secretsmanager"

// validateKeyAccess stands for the version id in calls that only find out
// whether the caller may use a key.
const validateKeyAccess = "RequestToValidateKeyAccess"

// via is the call that Secrets Manager makes in the caller's name.
//
// Source: Secrets Manager user guide, security-encryption.
func via(c api.Call) api.Call { return c.Via("secretsmanager", c.Region) }

// keyARN is the KMS key of the secret as KMS can find it from any account.
func (s *Service) keyARN(x *secret, keyID string) (string, error) {
	switch {
	case keyID == "" || keyID == managedKeyAlias:
		return s.opt.KMS.AWSManagedKey(x.place.Account, x.place.Region, managedKeyAlias)
	case strings.HasPrefix(keyID, "arn:"):
		return keyID, nil
	case strings.HasPrefix(keyID, "alias/"):
		return x.place.ARN("kms", keyID), nil
	}
	return x.place.ARN("kms", "key/"+keyID), nil
}

func encryptionContext(x *secret, versionID string) map[string]string {
	return map[string]string{"SecretARN": x.arn, "SecretVersionId": versionID}
}

// seal encrypts a value for a version of the secret.
func (s *Service) seal(c api.Call, x *secret, versionID string, v value) (*sealedValue, error) {
	keyARN, err := s.keyARN(x, x.keyID)
	if err != nil {
		return nil, encryptionFailure(err)
	}
	d, err := s.opt.KMS.GenerateDataKey(via(c), keyARN, encryptionContext(x, versionID))
	if err != nil {
		return nil, encryptionFailure(err)
	}
	aead, err := newAEAD(d.Plaintext)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(v.data)+aead.Overhead())
	_, _ = rand.Read(nonce) // never fails
	return &sealedValue{
		binary:     v.binary,
		ciphertext: aead.Seal(nonce, nonce, v.data, []byte(x.arn+"\x00"+versionID)),
		wrapped:    []wrappedKey{{d.KeyARN, d.Ciphertext}},
	}, nil
}

// open decrypts the value of a version with the first of its KMS keys that the
// caller may use.
func (s *Service) open(c api.Call, x *secret, versionID string, sealed *sealedValue) (value, error) {
	var key []byte
	var first error
	for _, w := range sealed.wrapped {
		d, err := s.opt.KMS.Decrypt(via(c), w.ciphertext, encryptionContext(x, versionID))
		if err == nil {
			key = d.Plaintext
			break
		}
		if first == nil {
			first = err
		}
	}
	if key == nil {
		return value{}, decryptionFailure(first)
	}
	aead, err := newAEAD(key)
	if err != nil {
		return value{}, err
	}
	n := aead.NonceSize()
	data, err := aead.Open(nil, sealed.ciphertext[:n], sealed.ciphertext[n:], []byte(x.arn+"\x00"+versionID))
	if err != nil {
		return value{}, decryptionFailure(err)
	}
	return value{sealed.binary, data}, nil
}

// rewrap adds the data keys of the versions that are in use under another KMS
// key. Versions that the caller may not decrypt stay as they are.
//
// Source: API reference, UpdateSecret, KmsKeyId.
func (s *Service) rewrap(c api.Call, x *secret, keyARN string) {
	done := map[string]bool{}
	for _, label := range []string{current, pending, previous} {
		v := x.versions[x.labels[label]]
		if v == nil || v.value == nil || done[v.id] {
			continue
		}
		done[v.id] = true
		context := encryptionContext(x, v.id)
		for _, w := range v.value.wrapped {
			d, err := s.opt.KMS.Decrypt(via(c), w.ciphertext, context)
			if err != nil {
				continue
			}
			if e, err := s.opt.KMS.Encrypt(via(c), keyARN, d.Plaintext, context); err == nil {
				v.value.wrapped = append([]wrappedKey{{e.KeyARN, e.Ciphertext}}, v.value.wrapped...)
			}
			break
		}
	}
}

// checkKeyAccess finds out whether the caller may encrypt and decrypt with a
// key, before the secret gets it.
//
// Source: Secrets Manager user guide, security-encryption ("Validating access
// to the KMS key").
func (s *Service) checkKeyAccess(c api.Call, x *secret, keyARN string) error {
	context := encryptionContext(x, validateKeyAccess)
	d, err := s.opt.KMS.GenerateDataKey(via(c), keyARN, context)
	if err != nil {
		return encryptionFailure(err)
	}
	if _, err := s.opt.KMS.Decrypt(via(c), d.Ciphertext, context); err != nil {
		return decryptionFailure(err)
	}
	return nil
}

func encryptionFailure(err error) error {
	return kmsFailure(err, "EncryptionFailure", "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check that the KMS key is available, enabled, and not in an invalid state.")
}

func decryptionFailure(err error) error {
	return kmsFailure(err, "DecryptionFailure", "Secrets Manager can't decrypt the protected secret text using the provided KMS key.")
}

// kmsFailure is what Secrets Manager tells of an error of KMS.
func kmsFailure(err error, code, message string) error {
	var e *api.Error
	if errors.As(err, &e) && strings.HasPrefix(e.Code, "AccessDenied") {
		return api.Errorf(http.StatusBadRequest, "AccessDeniedException", "Access to KMS is not allowed")
	}
	return api.Errorf(http.StatusBadRequest, code, "%s", message)
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// keyIDs are the ARNs of the KMS keys that open the value, newest first.
func (v *sealedValue) keyIDs() []string {
	ids := make([]string, len(v.wrapped))
	for i, w := range v.wrapped {
		ids[i] = w.keyARN
	}
	return ids
}
