package rule

import (
	"encoding/json"
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
		check:    eachOf("AWS::SecretsManager::Secret", (*checker).checkEntropy),
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
	if generated, known := c.exists(r, v); !known || !generated || !c.holdsSSECKeys(r) {
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
	if !spaceKnown || !excludedKnown || !lengthKnown {
		return
	}
	characters := 0
	for i, alphabet := range alphabets {
		if !off[i] {
			characters += remaining(alphabet, excluded)
		}
	}
	if space {
		characters += remaining(" ", excluded)
	}
	switch bits := entropy(characters, length); {
	case characters == 0:
		c.find(r, v.Path(), "no character is left to generate a key from")
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

// entropy is the number of bits of a random string of so many characters.
//
// RequireEachIncludedType isn't counted: it takes off the strings that lack a
// kind of character, which are few among those of 256 bits. That is at most 1.2
// bits, where three kinds have one character left, and 0.00000000000012 of a bit
// of 64 hexadecimal digits.
func entropy(characters, length int) float64 {
	return float64(length) * math.Log2(float64(characters))
}
