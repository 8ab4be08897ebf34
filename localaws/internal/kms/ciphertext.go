package kms

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// A ciphertext blob is a header, a 12-byte nonce and the AES-256-GCM output.
// The header is a format byte, the key id (16 bytes) and the version of the
// key material (4 bytes, big endian). Header and encryption context are
// authenticated, not encrypted. AWS doesn't document its own form; it is as
// opaque as this one.
const (
	blobFormat = 0x01
	headerSize = 1 + 16 + 4
	nonceSize  = 12
)

// seal encrypts plaintext under the newest key material.
func (k *key) seal(plaintext []byte, context map[string]string) ([]byte, error) {
	version := len(k.material) - 1
	blob := make([]byte, headerSize+nonceSize, headerSize+nonceSize+len(plaintext)+16)
	blob[0] = blobFormat
	if _, err := hex.Decode(blob[1:17], []byte(strings.ReplaceAll(k.id, "-", ""))); err != nil {
		return nil, err
	}
	binary.BigEndian.PutUint32(blob[17:headerSize], uint32(version))
	nonce := blob[headerSize:]
	_, _ = rand.Read(nonce)
	aead, err := k.material[version].aead()
	if err != nil {
		return nil, err
	}
	return aead.Seal(blob, nonce, plaintext, authenticated(blob[:headerSize], context)), nil
}

// open decrypts a blob of this key. It fails if a bit of the blob or of the
// encryption context is not as it was.
func (k *key) open(blob []byte, context map[string]string) ([]byte, error) {
	version := binary.BigEndian.Uint32(blob[17:headerSize])
	if uint64(version) >= uint64(len(k.material)) {
		return nil, invalidCiphertext()
	}
	aead, err := k.material[version].aead()
	if err != nil {
		return nil, err
	}
	nonce := blob[headerSize : headerSize+nonceSize]
	plaintext, err := aead.Open(nil, nonce, blob[headerSize+nonceSize:], authenticated(blob[:headerSize], context))
	if err != nil {
		return nil, invalidCiphertext()
	}
	return plaintext, nil
}

// keyOf reads the id of the key that made a blob.
func keyOf(blob []byte) (id string, err error) {
	if len(blob) < headerSize+nonceSize || blob[0] != blobFormat {
		return "", invalidCiphertext()
	}
	h := hex.EncodeToString(blob[1:17])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:], nil
}

func (m *material) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(m[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// authenticated is the additional data of a blob: header and encryption
// context. Every string comes with its length, so that no two contexts give
// the same bytes.
func authenticated(header []byte, context map[string]string) []byte {
	data := slices.Clone(header)
	for _, k := range slices.Sorted(maps.Keys(context)) {
		for _, s := range []string{k, context[k]} {
			data = binary.BigEndian.AppendUint32(data, uint32(len(s)))
			data = append(data, s...)
		}
	}
	return data
}

// invalidCiphertext is KMS's answer to a blob that doesn't decrypt; it has no
// message, so that it says nothing about what is wrong.
func invalidCiphertext() error {
	return &api.Error{Status: http.StatusBadRequest, Code: "InvalidCiphertextException"}
}
