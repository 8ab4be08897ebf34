package template

import (
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Form is all that a stack says, with its numbered words apart: those of two
// stacks with the same Text have their words at the same places. A numbered word
// is an account, a part of a name with two digits or more, such as "prod17" or, of
// "search-017", "-017", and a name that ends in a hash of the CDK. Other numbers
// belong to the text.
type Form struct {
	Text  [sha256.Size]byte
	words string // each with a space behind it
}

// Words are the numbered words, in their order.
func (f Form) Words() iter.Seq[string] { return strings.FieldsSeq(f.words) }

// Form is the stack's, with what the manifest says of it but the paths of
// constructs. ok is false where a number is a part of a pattern, since whether
// "s1*" means a word is no matter of its place; and for a stack of no file.
func (s *Stack) Form() (f Form, ok bool) {
	if s.written == nil {
		return f, false
	}
	about, ok := formOf(fmt.Appendf(nil, "%q", []any{
		s.Name, s.Stage, s.Account, s.Region, s.AnyAccount, s.AnyRegion, s.Tags, s.Parameters, s.NotificationARNs, s.Dependencies,
	}))
	both := append(about.Text[:], s.written.Text[:]...)
	return Form{sha256.Sum256(both), about.words + s.written.words}, ok
}

// NumberedWords are those of a text.
func NumberedWords(text string) iter.Seq[string] {
	f, _ := formOf([]byte(text))
	return f.Words()
}

func formOf(data []byte) (f Form, ok bool) {
	text, words := slices.Clone(data), strings.Builder{}
	for i := 0; i < len(data); i++ {
		from, digits := i, 0
		for ; i < len(data) && isWord(data[i]); i++ {
			if isDigit(data[i]) {
				digits++
			}
		}
		word := data[from:i]
		if digits > 0 && (from > 0 && isPattern(data[from-1]) || i < len(data) && isPattern(data[i])) {
			return f, false
		}
		hash, isName := Hash(string(word))
		switch number := digits == len(word) && digits != accountDigits; {
		case isName:
			copy(text[i-len(hash):], "00000000")
		case digits < 2 || number && (from == 0 || data[from-1] != '-'):
			continue
		case number:
			words.WriteByte('-')
		}
		for j, c := range text[from:i] {
			if isDigit(c) {
				text[from+j] = '0'
			}
		}
		words.Write(word)
		words.WriteByte(' ')
	}
	return Form{sha256.Sum256(text), words.String()}, true
}

// Hash is what the CDK puts at the end of the names and ids that it makes, of the
// path of a construct: eight hexadecimal digits behind letters.
func Hash(word string) (hash string, ok bool) {
	const digits = 8
	n := len(word) - digits
	if n <= 0 || isDigit(word[n-1]) {
		return "", false
	}
	return word[n:], strings.Trim(word[n:], "0123456789ABCDEF") == ""
}

const accountDigits = 12

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWord(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isPattern(c byte) bool { return c == '*' || c == '?' }
