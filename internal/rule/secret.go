package rule

import (
	"encoding/json"
	"errors"
	"math"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
)

var secretRules = []Rule{
	{
		ID:       "sse-c-key-weak",
		Severity: Error,
		Reason:   "AES-256 is as strong as its key: a generated secret of fewer than 256 random bits makes one that is easier to guess.",
		Source:   "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html",
		Fix:      "Generate 64 hexadecimal digits, or 43 letters and digits or more.",
		check: func(c *checker) {
			c.each("AWS::SecretsManager::Secret", func(r *template.Resource) {
				if c.holdsSSECKeys(r) {
					c.checkEntropy(r)
				}
			})
		},
	},
}

// holdsSSECKeys: the secret is generated as a key ring, or a function works with
// it on an SSE-C bucket.
func (d *deployment) holdsSSECKeys(r *template.Resource) bool {
	text, _ := r.Properties().Get("GenerateSecretString", "SecretStringTemplate").String()
	var ring struct {
		V       int
		Primary string
	}
	if json.Unmarshal([]byte(text), &ring) == nil && ring.V > 0 && ring.Primary != "" {
		return true
	}
	arn, err := r.Ref()
	if err != nil {
		return false
	}
	for _, s := range d.stacks {
		for _, f := range s.ResourcesOfType("AWS::Lambda::Function") {
			variables := f.Properties().Get("Environment", "Variables")
			if secret, _ := variables.Get("SECRET_ARN").String(); secret == arn && d.worksWithSSEC(variables) {
				return true
			}
		}
	}
	return false
}

func (d *deployment) worksWithSSEC(variables template.Value) bool {
	if encryption, _ := variables.Get("ENCRYPTION").String(); encryption == "sse-c" {
		return true
	}
	keys, _ := variables.Keys()
	for _, key := range keys {
		name, err := variables.Get(key).String()
		if b := d.set.BucketNamed(name); err == nil && b != nil && b.Account != "" && d.demandsSSEC(b) {
			return true
		}
	}
	return false
}

func (c *checker) checkEntropy(r *template.Resource) {
	v := r.Properties().Get("GenerateSecretString")
	if generated, known := c.exists(r, v); !known || !generated {
		return // written by hand or by a function: not known from here
	}
	var off [4]bool
	for i, flag := range []string{"ExcludeLowercase", "ExcludeUppercase", "ExcludeNumbers", "ExcludePunctuation"} {
		var known bool
		if off[i], known = c.flag(r, v.Get(flag)); !known {
			return
		}
	}
	space, spaceKnown := c.flag(r, v.Get("IncludeSpace"))
	excluded, excludedKnown := c.text(r, v.Get("ExcludeCharacters"))
	length, lengthKnown := read(c, r, v.Get("PasswordLength").Default(32), template.Value.Int)
	each, err := v.Get("RequireEachIncludedType").Default(true).Bool()
	if err != nil {
		c.unknown(r, v.Path(), err)
	}
	if !spaceKnown || !excludedKnown || !lengthKnown || err != nil {
		return
	}
	var kinds []int
	for i, alphabet := range alphabets {
		if n := remaining(alphabet, excluded); !off[i] && n > 0 {
			kinds = append(kinds, n)
		}
	}
	spaces := 0
	if space {
		spaces = remaining(" ", excluded)
	}
	bits, err := entropy(kinds, spaces, length, each)
	switch {
	case err != nil:
		c.find(r, v.Path(), "%s", err)
	case bits < 256:
		c.find(r, v.Path(), "the generated key has %.1f bits", math.Floor(bits*10)/10)
	}
}

// alphabets are the characters that Secrets Manager generates from.
// Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
var alphabets = []string{
	"abcdefghijklmnopqrstuvwxyz",
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
	"0123456789",
	"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
}

func remaining(alphabet, excluded string) int {
	n := 0
	for _, c := range alphabet {
		if !strings.ContainsRune(excluded, c) {
			n++
		}
	}
	return n
}

// entropy is the number of bits of a password of the given length over kinds of
// characters. When each kind must occur, the passwords that lack one are taken
// off, by inclusion and exclusion; the space is not one of the kinds.
func entropy(kinds []int, spaces, length int, each bool) (float64, error) {
	all := spaces
	for _, n := range kinds {
		all += n
	}
	if all == 0 {
		return 0, errors.New("no character is left to generate a key from")
	}
	share := 1.0
	for subset := 1; each && subset < 1<<len(kinds); subset++ {
		left, sign := all, 1.0
		for i, n := range kinds {
			if subset>>i&1 == 1 {
				left -= n
				sign = -sign
			}
		}
		share += sign * math.Pow(float64(left)/float64(all), float64(length))
	}
	return float64(length)*math.Log2(float64(all)) + math.Log2(share), nil
}
