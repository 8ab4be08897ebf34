package ssec

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"
)

// MaxText is how large a secret may be, in bytes: about 600 keys.
//
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
const MaxText = 65_536

// NearlyFull is the size of a ring from which people should retire keys. It leaves
// room for about 60 rotations.
const NearlyFull = MaxText * 9 / 10

// NewRandomKey returns a key of 32 random bytes of the operating system.
func NewRandomKey() Key {
	var raw [KeySize]byte
	rand.Read(raw[:]) // never fails: crypto/rand ends the process instead
	return NewKey(raw)
}

// NewID returns an id for a key that is made at the given time: "k", the day in
// UTC, and a random part, such as k20260405-6r3jd2ab. MadeOn reads the day back.
func NewID(at time.Time) string {
	return "k" + at.UTC().Format(idDay) + "-" + strings.ToLower(rand.Text()[:8])
}

const idDay = "20060102"

// MadeOn returns the day in UTC on which the key with the given id was made, and
// whether the id tells.
func MadeOn(id string) (time.Time, bool) {
	day, random, ok := strings.Cut(id, "-")
	if !ok || len(random) != 8 || len(day) != 1+len(idDay) || day[0] != 'k' {
		return time.Time{}, false
	}
	t, err := time.Parse(idDay, day[1:])
	return t, err == nil
}

// Rotate returns the ring with one more key, which is its primary. Every other
// key stays: objects need it. parent is the secret version that holds r.
//
// Errors: a bad or known id, a key that the ring has under another id, or a
// *FullError.
func (r *Ring) Rotate(id string, key Key, parent string) (*Ring, error) {
	if !ValidID(id) {
		return nil, fmt.Errorf("%q can't name a key: want 1-64 of A-Z a-z 0-9 . _ -, and not v, primary or parent", id)
	}
	if _, has := r.keys[id]; has {
		return nil, fmt.Errorf("the ring has a key %s already: a key never changes", id)
	}
	for other, k := range r.keys {
		if k.Equal(key) {
			return nil, fmt.Errorf("the key of %s is that of %s: want a new one", id, other)
		}
	}
	keys := maps.Clone(r.keys)
	keys[id] = key
	made := newRing(id, parent, keys)
	if size := len(made.Text()); size > MaxText {
		return nil, &FullError{size}
	}
	return made, nil
}

// A FullError says that a ring with one more key is larger than a secret.
type FullError struct{ Size int } // in bytes, of the ring with the key

func (e *FullError) Error() string {
	return fmt.Sprintf("the ring would have %d bytes, and a secret holds %d: retire keys that no object needs", e.Size, MaxText)
}

// Retire returns the ring without a key that no object needs any longer. parent
// is the secret version that holds r.
//
// Errors: an unknown id, or that of the primary.
func (r *Ring) Retire(id, parent string) (*Ring, error) {
	switch _, has := r.keys[id]; {
	case !has:
		return nil, fmt.Errorf("the ring has no key %s", id)
	case id == r.primary:
		return nil, fmt.Errorf("%s is the primary key, under which objects are written: rotate first", id)
	}
	keys := maps.Clone(r.keys)
	delete(keys, id)
	return newRing(r.primary, parent, keys), nil
}

// Holds returns an error that says which key of old r lacks, or has with other
// bytes. It is what a rotation must not do: objects would be lost.
func (r *Ring) Holds(old *Ring) error {
	for _, id := range old.ids {
		key, has := r.keys[id]
		switch {
		case !has:
			return fmt.Errorf("key %s is gone, and objects may need it", id)
		case !key.Equal(old.keys[id]):
			return fmt.Errorf("key %s is another key now, and objects may need the one it was", id)
		}
	}
	return nil
}

// Lacks returns the ids of old's keys whose bytes r has under no id. A key that
// r has under another id opens the same objects: their tag is only a hint.
func (r *Ring) Lacks(old *Ring) []string {
	var missing []string
	for _, id := range old.ids {
		if !r.has(old.keys[id]) {
			missing = append(missing, id)
		}
	}
	return missing
}

func (r *Ring) has(key Key) bool {
	for _, k := range r.keys {
		if k.Equal(key) {
			return true
		}
	}
	return false
}

// Text returns the secret's text, which ParseRing reads. It is the keys
// themselves: it belongs into PutSecretValue and nowhere else.
func (r *Ring) Text() string {
	fields := map[string]any{"v": 1, "primary": r.primary}
	if r.parent != "" {
		fields["parent"] = r.parent
	}
	for id, key := range r.keys {
		raw := key.raw()
		fields[id] = hex.EncodeToString(raw[:])
	}
	text, err := json.Marshal(fields)
	if err != nil {
		panic(err) // a map of strings and a number is always JSON
	}
	return string(text)
}
