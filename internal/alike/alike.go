// Package alike tells stages that differ in their names, accounts, Regions and
// tags of their own only, so that what people review of some hundred of them is written once:
//
//	form, ok := member.Form(text) // of one stage; the same for those that are alike
//	text, err := other.Fill(form) // of another one, byte for byte
//
// A form is a text with what is the member's own replaced by what it is. To fill a
// form with the values that it was made with gives the text back, whatever stands
// in it: two texts of the same form can be made of one another.
package alike

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Member is a stage of a set of which one stands for all.
type Member struct {
	Like   string            // the stage that stands for it
	Values map[string]string // what is its own, by name: one of Names, or of a tag

	// Generated are the hashes in names that the CDK makes of the stage's name,
	// by what stands between the two.
	Generated map[string]string
}

// The names of what is a member's own.
const (
	Stage          = "stage"
	Prefix         = "prefix"
	Account        = "account"
	Region         = "region"
	ReplicaAccount = "replicaAccount"
	ReplicaRegion  = "replicaRegion"
)

// Tag is the name of the value of a tag that is the member's own.
func Tag(key string) string { return tagPrefix + key }

const tagPrefix = "tag:"

// Names are all but the tags'. Where two values are the same text, the first one is
// meant.
func Names() []string {
	return []string{Stage, Prefix, Account, Region, ReplicaAccount, ReplicaRegion}
}

// Stage is the member's name.
func (m *Member) Stage() string { return m.Values[Stage] }

// letters is the stage's name as it begins the names that the CDK makes.
func (m *Member) letters() string { return strings.ReplaceAll(m.Stage(), "-", "") }

const (
	mark = "\x00" // around a name in a form; no JSON text has it

	lettersName, hashName = "letters", "hash "
)

// Form replaces what is the member's own wherever it stands as a word; ok is false
// for a text that no form can be made of. It notes the hashes that it meets.
func (m *Member) Form(text string) (form string, ok bool) {
	if strings.Contains(text, mark) {
		return "", false
	}
	own, letters := m.own(), m.letters()
	var b strings.Builder
	written := 0
	replace := func(from, to int, by string) {
		b.WriteString(text[written:from])
		b.WriteString(by)
		written = to
	}
	for i := 0; i < len(text); {
		if !isWord(text[i]) {
			i++
			continue
		}
		// A word begins here.
		if v, ok := own.at(text, i); ok {
			replace(i, i+len(v.text), mark+v.name+mark)
			i += len(v.text)
			continue
		}
		end := i
		for end < len(text) && isWord(text[end]) {
			end++
		}
		if between, hash, ok := generated(text[i:end], letters); ok && m.note(between, hash) {
			replace(i, end, mark+lettersName+mark+between+mark+hashName+between+mark)
		}
		i = end
	}
	b.WriteString(text[written:])
	return b.String(), true
}

// Fill makes a member's text of a form.
func (m *Member) Fill(form string) (string, error) {
	var b strings.Builder
	for i, part := range strings.Split(form, mark) {
		if i%2 == 0 {
			b.WriteString(part)
			continue
		}
		value, ok := m.Values[part]
		if part == lettersName {
			value, ok = m.letters(), true
		} else if between, is := strings.CutPrefix(part, hashName); is {
			value, ok = m.Generated[between]
		}
		if !ok || value == "" {
			return "", fmt.Errorf("stage %s has no %s", m.Stage(), part)
		}
		b.WriteString(value)
	}
	return b.String(), nil
}

// note keeps a hash; false if there is another one in its place.
func (m *Member) note(between, hash string) bool {
	if before, ok := m.Generated[between]; ok {
		return before == hash
	}
	if m.Generated == nil {
		m.Generated = map[string]string{}
	}
	m.Generated[between] = hash
	return true
}

type value struct{ name, text string }

// isTag reports whether the value is a tag's: any text, which may stand elsewhere as
// a word and mean something else, so it counts as a whole string only.
func (v value) isTag() bool { return strings.HasPrefix(v.name, tagPrefix) }

// values are the longest first: a prefix often begins with the stage's name.
type values []value

func (m *Member) own() values {
	var list values
	for _, name := range slices.Concat(Names(), m.tags()) {
		text := m.Values[name]
		if text != "" && !slices.ContainsFunc(list, func(v value) bool { return v.text == text }) {
			list = append(list, value{name, text})
		}
	}
	slices.SortStableFunc(list, func(a, b value) int { return cmp.Compare(len(b.text), len(a.text)) })
	return list
}

// at is the value that begins in a text at i, as whole words.
func (list values) at(text string, i int) (value, bool) {
	for _, v := range list {
		end := i + len(v.text)
		switch {
		case !strings.HasPrefix(text[i:], v.text) || end < len(text) && isWord(text[end]):
		case !v.isTag() || isQuote(text, i-1) && isQuote(text, end):
			return v, true
		}
	}
	return value{}, false
}

// isQuote reports whether a string begins or ends there, in JSON or in Markdown.
func isQuote(text string, i int) bool {
	return 0 <= i && i < len(text) && (text[i] == '"' || text[i] == '`')
}

// tags are the names of the values of its tags, in order.
func (m *Member) tags() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(m.Values)), func(name string) bool { return !strings.HasPrefix(name, tagPrefix) })
}

// generated takes a name apart that the CDK made: letters and digits of the
// construct's path, and a hash of it in eight hexadecimal digits.
func generated(word, letters string) (between, hash string, ok bool) {
	const digits = 8
	if letters == "" || !strings.HasPrefix(word, letters) || len(word) <= len(letters)+digits {
		return "", "", false
	}
	at := len(word) - digits
	between, hash = word[len(letters):at], word[at:]
	return between, hash, strings.Trim(hash, "0123456789ABCDEF") == ""
}

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// betweens are the keys of Generated, in order.
func (m *Member) betweens() []string { return slices.Sorted(maps.Keys(m.Generated)) }
