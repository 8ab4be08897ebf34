package rule

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/template"
)

func TestKeysAreWeakByTheirCharactersAndLengthAlone(t *testing.T) {
	t.Parallel()
	const hexadecimal = "ExcludePunctuation: true, ExcludeUppercase: true, ExcludeCharacters: ghijklmnopqrstuvwxyz"
	const lettersAndDigits = "ExcludePunctuation: true"
	for name, tt := range map[string]struct {
		generate string
		weak     string // what is said, "" for nothing
	}{
		"64 hexadecimal digits":                     {"PasswordLength: 64, RequireEachIncludedType: false, " + hexadecimal, ""},
		"64 hexadecimal digits, of each kind":       {"PasswordLength: 64, RequireEachIncludedType: true, " + hexadecimal, ""},
		"64 hexadecimal digits, of each by default": {"PasswordLength: 64, " + hexadecimal, ""},
		"63 hexadecimal digits":                     {"PasswordLength: 63, RequireEachIncludedType: false, " + hexadecimal, "252.0 bits"},
		"43 letters and digits":                     {"PasswordLength: 43, " + lettersAndDigits, ""},
		"42 letters and digits":                     {"PasswordLength: 42, " + lettersAndDigits, "250.0 bits"},
		"32 lower-case letters and digits":          {"ExcludePunctuation: true, ExcludeUppercase: true", "165.4 bits"},
		"40 of everything":                          {"PasswordLength: 40", ""},
		"39 of everything":                          {"PasswordLength: 39", "255.6 bits"},
		"39 of everything and spaces":               {"PasswordLength: 39, IncludeSpace: true", ""},
		"one character":                             {"PasswordLength: 4096, ExcludePunctuation: true, ExcludeUppercase: true, ExcludeLowercase: true, ExcludeCharacters: '123456789'", "0.0 bits"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "app.yaml")
			text := "Resources: {Key: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {SecretStringTemplate: '{\"v\":1,\"primary\":\"k0\"}', GenerateStringKey: k0, " + tt.generate + "}}}}\n"
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := template.ReadTemplate(path, "111122223333", "eu-west-1")
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, f := range Check([]*template.Stack{s}, Options{}).Findings {
				if f.Rule == "sse-c-key-weak" {
					said = append(said, f.Message)
				}
			}
			if got := strings.TrimPrefix(strings.Join(said, "; "), "the generated key has "); got != tt.weak {
				t.Errorf("said %q, want %q", got, tt.weak)
			}
		})
	}
}

// What RequireEachIncludedType takes off is bounded, as the comment of entropy
// says, so that leaving it out hides no weakness.
func TestStringsThatLackAKindAreFewAmongThoseOf256Bits(t *testing.T) {
	t.Parallel()
	most, worst := 0.0, ""
	// The fewer characters a kind has, the more often a string lacks it: one kind
	// is as large as any, the others have two characters, one or none.
	for large := 1; large <= len(alphabets[3]); large++ {
		for few := range 27 {
			kinds := []int{large, few % 3, few / 3 % 3, few / 9}
			all := large + kinds[1] + kinds[2] + kinds[3]
			if all == 1 {
				continue // no length has 256 bits
			}
			length := int(math.Ceil(256 / math.Log2(float64(all))))
			if lost := lostToKinds(kinds, length); lost > most {
				most, worst = lost, fmt.Sprint(kinds, length)
			}
		}
	}
	if most > 1.2 || most < 1.1 {
		t.Errorf("%v bits are lost with %s, said are 1.2", most, worst)
	}
	if lost := lostToKinds([]int{6, 0, 10, 0}, 64); lost > 1.3e-13 {
		t.Errorf("64 hexadecimal digits lose %v bits", lost)
	}
}

// lostToKinds is how many bits a random string loses when each kind of character
// must occur, by inclusion and exclusion.
func lostToKinds(kinds []int, length int) float64 {
	all := 0
	for _, n := range kinds {
		all += n
	}
	share := 0.0
	for subset := 1; subset < 1<<len(kinds); subset++ {
		left, sign, counts := all, 1.0, true
		for i, n := range kinds {
			if subset>>i&1 == 1 {
				left, sign, counts = left-n, -sign, counts && n > 0
			}
		}
		if counts {
			share -= sign * math.Pow(float64(left)/float64(all), float64(length))
		}
	}
	return -math.Log1p(-share) / math.Ln2
}
