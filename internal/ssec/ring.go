package ssec

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/strictjson"
)

// LegacyID is the id of the key of a secret that is 32 bytes of text.
const LegacyID = "legacy"

// A Ring is the keys of one secret. It never changes, so it can be shared.
type Ring struct {
	primary string
	parent  string
	keys    map[string]Key
	ids     []string // the primary first, then by name
}

// BadSecretError says what is wrong with the text of a secret. It never quotes
// the text: of a secret that is no key ring, any part may be a key.
type BadSecretError struct {
	Reason string
}

func (e *BadSecretError) Error() string {
	return "the secret is no key ring: " + e.Reason
}

func bad(reason string) error { return &BadSecretError{reason} }

// ReadRing reads the ring that a version of the secret holds. The error, if any,
// is a *BadSecretError.
func ReadRing(version *secretsmanager.GetSecretValueOutput) (*Ring, error) {
	if version.SecretString == nil {
		return nil, bad("it is binary; store it as text (SecretString)")
	}
	return ParseRing(*version.SecretString)
}

// ParseRing reads the text of a secret, as the package comment describes it.
// The error, if any, is a *BadSecretError.
func ParseRing(text string) (*Ring, error) {
	if len(text) == KeySize && text[0] != '{' {
		return newRing(LegacyID, "", map[string]Key{LegacyID: NewKey([KeySize]byte([]byte(text)))}), nil
	}
	fields, err := readObject(text)
	if err != nil {
		return nil, err
	}
	if v, ok := fields["v"].(json.Number); !ok || v != "1" {
		return nil, bad(`"v" has to be the number 1`)
	}
	primary, ok := fields["primary"].(string)
	if !ok {
		return nil, bad(`"primary" has to be the id of a key`)
	}
	parent := ""
	if p, ok := fields["parent"]; ok {
		if parent, ok = p.(string); !ok || parent == "" {
			return nil, bad(`"parent" has to be the id of a secret version`)
		}
	}
	keys := make(map[string]Key)
	for id, value := range fields {
		if id == "v" || id == "primary" || id == "parent" {
			continue
		}
		if !ValidID(id) {
			return nil, bad("the id of a key has to be 1-64 of A-Z a-z 0-9 . _ -")
		}
		digits, _ := value.(string)
		raw, err := hex.DecodeString(digits)
		if err != nil || len(raw) != KeySize {
			return nil, bad("a key has to be a string of 64 hexadecimal digits")
		}
		keys[id] = NewKey([KeySize]byte(raw))
	}
	if _, ok := keys[primary]; !ok {
		return nil, bad(`"primary" names no key of the ring`)
	}
	return newRing(primary, parent, keys), nil
}

func newRing(primary, parent string, keys map[string]Key) *Ring {
	r := &Ring{primary: primary, parent: parent, keys: keys}
	for id := range keys {
		if id != primary {
			r.ids = append(r.ids, id)
		}
	}
	slices.Sort(r.ids)
	r.ids = slices.Insert(r.ids, 0, primary)
	return r
}

// ValidID reports whether id can name a key in a ring and in an object tag.
func ValidID(id string) bool {
	if len(id) < 1 || len(id) > 64 || id == "v" || id == "primary" || id == "parent" {
		return false
	}
	for _, c := range id {
		switch {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', strings.ContainsRune("._-", c):
		default:
			return false
		}
	}
	return true
}

// Primary returns the id and the key for new objects.
func (r *Ring) Primary() (string, Key) { return r.primary, r.keys[r.primary] }

// Key returns the key with the given id, and whether the ring has it.
func (r *Ring) Key(id string) (Key, bool) {
	k, ok := r.keys[id]
	return k, ok
}

// IDs returns the ids of all keys, the primary first, then by name.
func (r *Ring) IDs() []string { return slices.Clone(r.ids) }

// Len returns the number of keys, at least 1.
func (r *Ring) Len() int { return len(r.ids) }

// Parent returns the secret version from which a rotation made the ring, "" if
// none did.
func (r *Ring) Parent() string { return r.parent }

// readObject reads one flat JSON object. The reader's error quotes the input, so
// only its kind is told.
func readObject(text string) (map[string]any, error) {
	value, err := strictjson.Decode([]byte(text), 1, nil)
	var wrong *strictjson.Error
	if errors.As(err, &wrong) {
		switch wrong.Fault {
		case strictjson.TooDeep:
			return nil, bad("its values have to be strings, not objects or arrays")
		case strictjson.Twice:
			return nil, bad("it has the same name twice")
		case strictjson.Trailing:
			return nil, bad("there is more text after the JSON object")
		}
	}
	fields, ok := value.(map[string]any)
	if !ok {
		return nil, bad("it is neither 32 bytes of text nor one JSON object")
	}
	return fields, nil
}
