package s3

import (
	"bytes"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
)

// Holds says whether plaintext occurs in any body that is held: versions,
// parts of unfinished uploads, and every file of the private folder. It is for
// tests that bodies are held as ciphertext only.
func (s *Service) Holds(plaintext []byte) (bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, b := range s.buckets {
		if b.holds(plaintext) {
			return true, nil
		}
	}
	return s.bodies.Holds(plaintext)
}

func (b *bucket) holds(plaintext []byte) bool {
	holds := func(body sealed.Body) bool { return bytes.Contains(body.InMemory(), plaintext) }
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, vs := range b.index.versions {
		for _, v := range vs {
			if slices.ContainsFunc(v.bodies, holds) {
				return true
			}
		}
	}
	for _, u := range b.uploads {
		for _, p := range u.parts {
			if holds(p.body) {
				return true
			}
		}
	}
	return false
}
