package kms

import (
	"crypto/rand"
	"maps"
	"net/http"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// maxPlaintext is what Encrypt accepts under a symmetric key, in bytes.
//
// Source: API reference, Encrypt.
const maxPlaintext = 4096

// GenerateDataKey makes a 32-byte data key. It is part of api.KMS.
func (s *Service) GenerateDataKey(c api.Call, id string, encryptionContext map[string]string) (api.DataKey, error) {
	return s.generate(c, "kms:GenerateDataKey", id, 32, encryptionContext)
}

// Encrypt encrypts up to 4096 bytes. It is part of api.KMS.
func (s *Service) Encrypt(c api.Call, id string, plaintext []byte, encryptionContext map[string]string) (api.DataKey, error) {
	if len(plaintext) == 0 || len(plaintext) > maxPlaintext {
		return api.DataKey{}, validation("1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length between 1 and %d", maxPlaintext)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.encrypt(c, "kms:Encrypt", id, plaintext, encryptionContext, cryptographicKeys(encryptionContext))
}

// Decrypt decrypts a ciphertext of Encrypt or GenerateDataKey. It is part of
// api.KMS.
func (s *Service) Decrypt(c api.Call, ciphertext []byte, encryptionContext map[string]string) (api.DataKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.decrypt(c, "kms:Decrypt", "", ciphertext, encryptionContext, cryptographicKeys(encryptionContext))
}

// Authorize decides an operation on a key without carrying it out. The key must
// be there and enabled. It is part of api.KMS.
func (s *Service) Authorize(c api.Call, action, id string, encryptionContext map[string]string, keys map[string]iam.Strings) error {
	conditions := cryptographicKeys(encryptionContext)
	maps.Copy(conditions, keys)
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.usable(c, action, id, conditions)
	return err
}

// usable finds a key for an operation, asks, and refuses a key that is not
// enabled. s.mu is held.
func (s *Service) usable(c api.Call, action, id string, conditions map[string]iam.Strings) (target, error) {
	t, err := s.find(c, action, id)
	if err != nil {
		return target{}, err
	}
	if err := s.authorize(c, action, t, conditions); err != nil {
		return target{}, err
	}
	return t, t.key.needEnabled()
}

// generate makes a data key of size bytes.
func (s *Service) generate(c api.Call, action, id string, size int, context map[string]string) (api.DataKey, error) {
	plaintext := make([]byte, size)
	_, _ = rand.Read(plaintext)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.encrypt(c, action, id, plaintext, context, cryptographicKeys(context))
}

// encrypt finds the key, asks, and encrypts. s.mu is held.
func (s *Service) encrypt(c api.Call, action, id string, plaintext []byte, context map[string]string, conditions map[string]iam.Strings) (api.DataKey, error) {
	s.count(c)
	t, err := s.usable(c, action, id, conditions)
	if err != nil {
		return api.DataKey{}, err
	}
	blob, err := t.key.seal(plaintext, context)
	return api.DataKey{KeyARN: t.key.arn, Plaintext: plaintext, Ciphertext: blob}, err
}

// decrypt finds the key from the ciphertext, asks, and decrypts. expected is
// the key that the caller named, or "". s.mu is held.
func (s *Service) decrypt(c api.Call, action, expected string, blob []byte, context map[string]string, conditions map[string]iam.Strings) (api.DataKey, error) {
	s.count(c)
	t, err := s.keyOfBlob(c, action, expected, blob)
	if err != nil {
		return api.DataKey{}, err
	}
	if err := s.authorize(c, action, t, conditions); err != nil {
		return api.DataKey{}, err
	}
	if err := t.key.needEnabled(); err != nil {
		return api.DataKey{}, err
	}
	plaintext, err := t.key.open(blob, context)
	if err != nil {
		return api.DataKey{}, err
	}
	return api.DataKey{KeyARN: t.key.arn, Plaintext: plaintext, Ciphertext: blob}, nil
}

// keyOfBlob finds the key that made a ciphertext. s.mu is held.
func (s *Service) keyOfBlob(c api.Call, action, expected string, blob []byte) (target, error) {
	id, err := keyOf(blob)
	if err != nil {
		return target{}, err
	}
	if expected != "" {
		t, err := s.find(c, action, expected)
		if err == nil && t.key.id != id {
			err = api.Errorf(http.StatusBadRequest, "IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation.")
		}
		return t, err
	}
	s.settle()
	if k := s.keys[id]; k != nil && k.place.Region == c.Region {
		return target{key: k}, nil
	}
	return target{}, noSuchResource(c, action, "the resource associated with this ciphertext")
}
