package kms

import (
	"crypto/rand"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

type encryptInput struct {
	KeyId               string
	Plaintext           []byte
	EncryptionContext   map[string]string
	EncryptionAlgorithm string
}

type encryptOutput struct {
	CiphertextBlob      []byte
	EncryptionAlgorithm string
	KeyId               string
}

func (s *Service) encryptOperation(c api.Call, in encryptInput) (encryptOutput, error) {
	if err := checkAlgorithm(in.EncryptionAlgorithm); err != nil {
		return encryptOutput{}, err
	}
	d, err := s.Encrypt(c, in.KeyId, in.Plaintext, in.EncryptionContext)
	return encryptOutput{d.Ciphertext, keySpec, d.KeyARN}, err
}

type decryptInput struct {
	CiphertextBlob      []byte
	EncryptionContext   map[string]string
	KeyId               string
	EncryptionAlgorithm string
}

type decryptOutput struct {
	EncryptionAlgorithm string
	KeyId               string
	Plaintext           []byte
}

func (s *Service) decryptOperation(c api.Call, in decryptInput) (decryptOutput, error) {
	if err := checkAlgorithm(in.EncryptionAlgorithm); err != nil {
		return decryptOutput{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.decrypt(c, "kms:Decrypt", in.KeyId, in.CiphertextBlob, in.EncryptionContext, cryptographicKeys(in.EncryptionContext))
	return decryptOutput{keySpec, d.KeyARN, d.Plaintext}, err
}

type dataKeyInput struct {
	KeyId             string
	EncryptionContext map[string]string
	KeySpec           string
	NumberOfBytes     *int
}

// size is the length of the data key that is asked for, in bytes.
func (in dataKeyInput) size() (int, error) {
	switch {
	case (in.KeySpec == "") == (in.NumberOfBytes == nil):
		return 0, validation("Please specify either number of bytes or key spec.")
	case in.KeySpec == "AES_256":
		return 32, nil
	case in.KeySpec == "AES_128":
		return 16, nil
	case in.KeySpec != "":
		return 0, validation("1 validation error detected: Value '%s' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [AES_256, AES_128]", in.KeySpec)
	}
	return *in.NumberOfBytes, checkBytes(*in.NumberOfBytes)
}

func checkBytes(n int) error {
	if n < 1 || n > 1024 {
		return validation("1 validation error detected: Value '%d' at 'numberOfBytes' failed to satisfy constraint: Member must have value between 1 and 1024", n)
	}
	return nil
}

type dataKeyOutput struct {
	CiphertextBlob []byte
	KeyId          string
	Plaintext      []byte `json:",omitempty"`
}

func (s *Service) generateDataKeyOperation(c api.Call, in dataKeyInput) (dataKeyOutput, error) {
	size, err := in.size()
	if err != nil {
		return dataKeyOutput{}, err
	}
	d, err := s.generate(c, "kms:GenerateDataKey", in.KeyId, size, in.EncryptionContext)
	return dataKeyOutput{d.Ciphertext, d.KeyARN, d.Plaintext}, err
}

func (s *Service) generateDataKeyWithoutPlaintext(c api.Call, in dataKeyInput) (dataKeyOutput, error) {
	// Without a plaintext to use, KMS makes 256 bits unless told otherwise.
	if in.KeySpec == "" && in.NumberOfBytes == nil {
		in.KeySpec = "AES_256"
	}
	size, err := in.size()
	if err != nil {
		return dataKeyOutput{}, err
	}
	d, err := s.generate(c, "kms:GenerateDataKeyWithoutPlaintext", in.KeyId, size, in.EncryptionContext)
	return dataKeyOutput{CiphertextBlob: d.Ciphertext, KeyId: d.KeyARN}, err
}

type reEncryptInput struct {
	CiphertextBlob                 []byte
	SourceEncryptionContext        map[string]string
	SourceKeyId                    string
	SourceEncryptionAlgorithm      string
	DestinationKeyId               string
	DestinationEncryptionContext   map[string]string
	DestinationEncryptionAlgorithm string
}

type reEncryptOutput struct {
	CiphertextBlob                 []byte
	DestinationEncryptionAlgorithm string
	KeyId                          string
	SourceEncryptionAlgorithm      string
	SourceKeyId                    string
}

// reEncrypt needs kms:ReEncryptFrom on the source key and kms:ReEncryptTo on
// the destination key.
//
// Source: API reference, ReEncrypt; KMS developer guide, conditions-kms
// (kms:ReEncryptOnSameKey).
func (s *Service) reEncrypt(c api.Call, in reEncryptInput) (reEncryptOutput, error) {
	for _, a := range []string{in.SourceEncryptionAlgorithm, in.DestinationEncryptionAlgorithm} {
		if err := checkAlgorithm(a); err != nil {
			return reEncryptOutput{}, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	source, err := s.keyOfBlob(c, "kms:ReEncryptFrom", in.SourceKeyId, in.CiphertextBlob)
	if err != nil {
		return reEncryptOutput{}, err
	}
	destination, err := s.find(c, "kms:ReEncryptTo", in.DestinationKeyId)
	if err != nil {
		return reEncryptOutput{}, err
	}
	conditions := func(context map[string]string) map[string]iam.Strings {
		keys := cryptographicKeys(context)
		keys["kms:ReEncryptOnSameKey"] = boolKey(source.key == destination.key)
		return keys
	}
	d, err := s.decrypt(c, "kms:ReEncryptFrom", in.SourceKeyId, in.CiphertextBlob, in.SourceEncryptionContext, conditions(in.SourceEncryptionContext))
	if err != nil {
		return reEncryptOutput{}, err
	}
	e, err := s.encrypt(c, "kms:ReEncryptTo", in.DestinationKeyId, d.Plaintext, in.DestinationEncryptionContext, conditions(in.DestinationEncryptionContext))
	return reEncryptOutput{e.Ciphertext, keySpec, e.KeyARN, keySpec, d.KeyARN}, err
}

type generateRandomInput struct{ NumberOfBytes int }

type generateRandomOutput struct{ Plaintext []byte }

func (s *Service) generateRandom(c api.Call, in generateRandomInput) (generateRandomOutput, error) {
	if err := s.authorizeIdentity(c, "kms:GenerateRandom", "*", nil); err != nil {
		return generateRandomOutput{}, err
	}
	if err := checkBytes(in.NumberOfBytes); err != nil {
		return generateRandomOutput{}, err
	}
	b := make([]byte, in.NumberOfBytes)
	_, _ = rand.Read(b)
	return generateRandomOutput{b}, nil
}

func checkAlgorithm(a string) error {
	if a != "" && a != keySpec {
		return validation("the local AWS encrypts with %s only, not with %s", keySpec, a)
	}
	return nil
}
