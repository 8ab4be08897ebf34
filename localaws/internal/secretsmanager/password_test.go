package secretsmanager

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// TestPasswordsKeepEveryRule tries all combinations of the flags with several
// lengths and exclusions, and judges each password by its rules alone.
func TestPasswordsKeepEveryRule(t *testing.T) {
	t.Parallel()
	lengths := []int{1, 2, 3, 4, 5, 32, 64}
	exclusions := []string{"", "ghijklmnopqrstuvwxyz", digits, `"@/\`, " ", lowercase + uppercase + digits + punctuation, lowercase + punctuation + " "}
	yes, no := true, false
	for flags := range 1 << 5 {
		for _, require := range []*bool{nil, &yes, &no} {
			for _, length := range lengths {
				for _, excluded := range exclusions {
					r := passwordRules{
						ExcludeLowercase: flags&1 != 0, ExcludeUppercase: flags&2 != 0, ExcludeNumbers: flags&4 != 0,
						ExcludePunctuation: flags&8 != 0, IncludeSpace: flags&16 != 0,
						ExcludeCharacters: excluded, PasswordLength: &length, RequireEachIncludedType: require,
					}
					checkPassword(t, r)
				}
			}
		}
	}
}

func checkPassword(t *testing.T, r passwordRules) {
	t.Helper()
	var included []string // types with a character left
	allowed := ""
	for characters, excluded := range map[string]bool{lowercase: r.ExcludeLowercase, uppercase: r.ExcludeUppercase, digits: r.ExcludeNumbers, punctuation: r.ExcludePunctuation} {
		left := ""
		for _, c := range characters {
			if !strings.ContainsRune(r.ExcludeCharacters, c) && !excluded {
				left += string(c)
			}
		}
		if left != "" {
			included = append(included, left)
		}
		allowed += left
	}
	if r.IncludeSpace && !strings.Contains(r.ExcludeCharacters, " ") {
		allowed += " "
	}
	require := r.RequireEachIncludedType == nil || *r.RequireEachIncludedType
	password, err := r.generate()
	if allowed == "" || require && *r.PasswordLength < len(included) {
		var e *api.Error
		if !errors.As(err, &e) || e.Code != "InvalidParameterException" {
			t.Fatalf("%+v: %q, %v; want InvalidParameterException", r, password, err)
		}
		return
	}
	if err != nil || len(password) != *r.PasswordLength {
		t.Fatalf("%+v: %q, %v", r, password, err)
	}
	if i := strings.IndexFunc(password, func(c rune) bool { return !strings.ContainsRune(allowed, c) }); i >= 0 {
		t.Fatalf("%+v: %q has %q", r, password, password[i])
	}
	for _, characters := range included {
		if require && !strings.ContainsAny(password, characters) {
			t.Fatalf("%+v: %q has none of %q", r, password, characters)
		}
	}
}

func TestPasswordsUseEveryCharacterAtEveryPlace(t *testing.T) {
	t.Parallel()
	length := 4
	r := passwordRules{ExcludeLowercase: true, ExcludeUppercase: true, ExcludePunctuation: true, PasswordLength: &length, IncludeSpace: true}
	seen := map[[2]int]bool{}
	for range 4000 {
		p, err := r.generate()
		if err != nil {
			t.Fatal(err)
		}
		for i := range p {
			seen[[2]int{i, int(p[i])}] = true
		}
	}
	if len(seen) != 4*11 {
		t.Errorf("%d pairs of place and character, want %d", len(seen), 4*11)
	}
	if p, err := (passwordRules{}).generate(); err != nil || len(p) != 32 {
		t.Errorf("by default %d characters, %v; want 32", len(p), err)
	}
	for _, n := range []int{0, -1, 4097} {
		if _, err := (passwordRules{PasswordLength: &n}).generate(); err == nil {
			t.Errorf("length %d is accepted", n)
		}
	}
}

func TestSecretStringTemplate(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	rules := func(template, key *string) stringRules {
		length := 64
		return stringRules{
			passwordRules:        passwordRules{ExcludeUppercase: true, ExcludePunctuation: true, ExcludeCharacters: "ghijklmnopqrstuvwxyz", PasswordLength: &length},
			SecretStringTemplate: template, GenerateStringKey: key,
		}
	}
	for template, prefix := range map[string]string{
		`{"v":1,"primary":"k0"}`:              `{"v":1,"primary":"k0","k0":"`,
		"{ \"b\" : [1, {}],\n \"a\":\"<&>\"}": `{"b":[1,{}],"a":"<&>","k0":"`,
		`{}`:                                  `{"k0":"`,
	} {
		got, err := rules(text(template), text("k0")).generate()
		if err != nil || !strings.HasPrefix(got, prefix) {
			t.Fatalf("%s gives %s, %v; want it to begin with %s", template, got, err, prefix)
		}
		var ring map[string]any
		if err := json.Unmarshal([]byte(got), &ring); err != nil {
			t.Fatal(err)
		}
		if key, _ := ring["k0"].(string); len(key) != 64 || strings.Trim(key, "0123456789abcdef") != "" {
			t.Errorf("k0 = %q, want 64 hex digits", key)
		}
	}
	for name, r := range map[string]stringRules{
		"template alone":    rules(text("{}"), nil),
		"key alone":         rules(nil, text("k0")),
		"no object":         rules(text("[]"), text("k0")),
		"null":              rules(text("null"), text("k0")),
		"no JSON":           rules(text("{"), text("k0")),
		"key already there": rules(text(`{"k0":1}`), text("k0")),
	} {
		if got, err := r.generate(); err == nil {
			t.Errorf("%s gives %s", name, got)
		}
	}
}
