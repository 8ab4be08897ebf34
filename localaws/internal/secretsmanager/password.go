package secretsmanager

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// The types of characters of a password.
//
// Source: API reference, GetRandomPassword.
const (
	lowercase   = "abcdefghijklmnopqrstuvwxyz"
	uppercase   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits      = "0123456789"
	punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
)

const (
	defaultPasswordLength = 32
	maxPasswordLength     = 4096
)

// passwordRules are the parameters of GetRandomPassword.
type passwordRules struct {
	ExcludeCharacters       string `json:",omitempty"`
	ExcludeLowercase        bool   `json:",omitempty"`
	ExcludeNumbers          bool   `json:",omitempty"`
	ExcludePunctuation      bool   `json:",omitempty"`
	ExcludeUppercase        bool   `json:",omitempty"`
	IncludeSpace            bool   `json:",omitempty"`
	PasswordLength          *int   `json:",omitempty"`
	RequireEachIncludedType *bool  `json:",omitempty"` // nil: true
}

// types gives the characters of each type that is included, without those that
// are excluded one by one. The space belongs to no type.
func (r passwordRules) types() (types []string, space string) {
	without := func(characters string) string {
		return strings.Map(func(c rune) rune {
			if strings.ContainsRune(r.ExcludeCharacters, c) {
				return -1
			}
			return c
		}, characters)
	}
	for _, t := range []struct {
		excluded   bool
		characters string
	}{{r.ExcludeLowercase, lowercase}, {r.ExcludeUppercase, uppercase}, {r.ExcludeNumbers, digits}, {r.ExcludePunctuation, punctuation}} {
		if characters := without(t.characters); !t.excluded && characters != "" {
			types = append(types, characters)
		}
	}
	if r.IncludeSpace {
		space = without(" ")
	}
	return types, space
}

// generate makes a password by the rules.
//
// A type whose every character is excluded counts as not included: the
// documents don't say so, but a template that excludes types by
// ExcludeCharacters is accepted by AWS. The wording of the errors is that
// which moto records for AWS.
func (r passwordRules) generate() (string, error) {
	length := defaultPasswordLength
	if r.PasswordLength != nil {
		length = *r.PasswordLength
	}
	if length < 1 || length > maxPasswordLength {
		return "", validation("1 validation error detected: Value '%d' at 'passwordLength' failed to satisfy constraint: Member must have value between 1 and %d", length, maxPasswordLength)
	}
	if len(r.ExcludeCharacters) > 4096 {
		return "", validation("1 validation error detected: Value at 'excludeCharacters' failed to satisfy constraint: Member must have length less than or equal to 4096")
	}
	types, space := r.types()
	all := strings.Join(types, "") + space
	if all == "" {
		return "", invalidParameter("The password can't be generated because every character is excluded.")
	}
	password := make([]byte, 0, length)
	if r.RequireEachIncludedType == nil || *r.RequireEachIncludedType {
		if length < len(types) {
			return "", invalidParameter("Password length is too short based on the required types.")
		}
		for _, t := range types {
			password = append(password, pick(t))
		}
	}
	for len(password) < length {
		password = append(password, pick(all))
	}
	// Without this the required types would stand at known places.
	for i := len(password) - 1; i > 0; i-- {
		j := below(i + 1)
		password[i], password[j] = password[j], password[i]
	}
	return string(password), nil
}

// pick is one of the characters, each as likely as the other.
func pick(characters string) byte { return characters[below(len(characters))] }

// below is a random number in [0, n), each as likely as the other: the numbers
// at the top that would favour some remainders are drawn again.
func below(n int) int {
	limit := 1<<32 - 1<<32%uint64(n)
	for {
		var b [4]byte
		_, _ = rand.Read(b[:]) // never fails
		if r := uint64(binary.BigEndian.Uint32(b[:])); r < limit {
			return int(r % uint64(n))
		}
	}
}

// stringRules are GenerateSecretString of AWS::SecretsManager::Secret: a
// password, alone or as a member of a JSON object.
type stringRules struct {
	passwordRules
	SecretStringTemplate *string `json:",omitempty"`
	GenerateStringKey    *string `json:",omitempty"`
}

// generate makes the secret string. The password is added behind the members
// of the template; a template that already has a member of that name is
// refused, for the documents don't say which of the two would win.
//
// Source: CloudFormation template reference, GenerateSecretString.
func (r stringRules) generate() (string, error) {
	if (r.SecretStringTemplate == nil) != (r.GenerateStringKey == nil) {
		return "", invalidParameter("SecretStringTemplate and GenerateStringKey must be given together.")
	}
	password, err := r.passwordRules.generate()
	if err != nil || r.SecretStringTemplate == nil {
		return password, err
	}
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(*r.SecretStringTemplate), &members); err != nil || members == nil {
		return "", invalidParameter("SecretStringTemplate is not a JSON object.")
	}
	if _, ok := members[*r.GenerateStringKey]; ok {
		return "", invalidParameter("SecretStringTemplate already has the member %q of GenerateStringKey.", *r.GenerateStringKey)
	}
	var object bytes.Buffer
	if err := json.Compact(&object, []byte(*r.SecretStringTemplate)); err != nil {
		return "", invalidParameter("SecretStringTemplate is not a JSON object.")
	}
	object.Truncate(object.Len() - 1)
	if len(members) > 0 {
		object.WriteByte(',')
	}
	object.Write(quote(*r.GenerateStringKey))
	object.WriteByte(':')
	object.Write(quote(password))
	object.WriteByte('}')
	return object.String(), nil
}

// quote writes a JSON string without escaping <, > and &.
func quote(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return bytes.TrimRight(b.Bytes(), "\n")
}

type getRandomPasswordOutput struct{ RandomPassword string }

func (s *Service) getRandomPassword(c api.Call, in passwordRules) (getRandomPasswordOutput, error) {
	if err := s.authorizeNoSecret(c, "GetRandomPassword"); err != nil {
		return getRandomPasswordOutput{}, err
	}
	password, err := in.generate()
	return getRandomPasswordOutput{password}, err
}
