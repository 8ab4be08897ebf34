// Package sealed holds bodies as ciphertext, in memory or in files of a private
// folder, and gives any range of them back.
//
//	store, err := sealed.NewStore("")
//	defer store.Close()
//	body, err := store.Seal(reader, dataKeys)
//	err = body.WriteRange(w, dataKeys, from, n)
//	body.Release()
//
// A body is sealed in frames of FrameSize plaintext bytes with AES-256-GCM, so
// that a range needs only its own frames. The key of a body is derived from the
// data key and a random salt of the body; therefore the nonce can be the frame's
// number. The last frame is marked in the additional data: a cut-off body
// doesn't open. With two data keys (DSSE-KMS) each frame is sealed twice.
package sealed
