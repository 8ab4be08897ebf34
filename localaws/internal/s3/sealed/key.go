package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
)

// WrapKey seals a data key under another key; the random nonce comes first.
func WrapKey(under, key []byte) ([]byte, error) {
	a, err := newGCM(under)
	if err != nil {
		return nil, err
	}
	nonce := RandomBytes(a.NonceSize())
	return a.Seal(nonce, nonce, key, nil), nil
}

// UnwrapKey opens what WrapKey sealed.
func UnwrapKey(under, wrapped []byte) ([]byte, error) {
	a, err := newGCM(under)
	if err != nil {
		return nil, err
	}
	return a.Open(nil, wrapped[:a.NonceSize()], wrapped[a.NonceSize():], nil)
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// RandomBytes are n bytes from the system's source.
func RandomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails, since Go 1.24
	return b
}
