package iam

// pattern is a string with wildcards, after policy variables were replaced:
// what a variable brought in is literal, even if it holds a '*'.
//
// Source: IAM user guide, reference_policies_variables.
type pattern struct {
	text string
	// literal marks the bytes of text that are no wildcards although they
	// are '*' or '?'; nil: none is.
	literal []bool
}

func (p pattern) any(i int) bool {
	return p.text[i] == '*' && (p.literal == nil || !p.literal[i])
}

func (p pattern) one(i int) bool {
	return p.text[i] == '?' && (p.literal == nil || !p.literal[i])
}

// begins says whether s begins as every instance of the pattern does: with what
// comes before its first wildcard.
func (p pattern) begins(s string) bool {
	for i := range len(p.text) {
		switch {
		case p.any(i) || p.one(i):
			return true
		case i == len(s) || p.text[i] != s[i]:
			return false
		}
	}
	return true
}

// slice is p.text[from:to] with its marks.
func (p pattern) slice(from, to int) pattern {
	q := pattern{text: p.text[from:to]}
	if p.literal != nil {
		q.literal = p.literal[from:to]
	}
	return q
}

// match says whether s is an instance of the pattern: '*' stands for any run
// of characters, the empty one too, '?' for exactly one.
func (p pattern) match(s string) bool {
	i, j := 0, 0
	star, back := -1, 0
	for j < len(s) {
		switch {
		case i < len(p.text) && p.any(i):
			star, back = i, j
			i++
		case i < len(p.text) && (p.one(i) || p.text[i] == s[j]):
			j += width(s[j:], p.one(i))
			i++
		case star >= 0:
			back += width(s[back:], true)
			i, j = star+1, back
		default:
			return false
		}
	}
	for i < len(p.text) && p.any(i) {
		i++
	}
	return i == len(p.text)
}

// width is the length of the first character of s in bytes: a wildcard stands for
// whole characters, and a literal is compared byte by byte.
func width(s string, whole bool) int {
	n := 1
	for whole && n < len(s) && s[n]&0xC0 == 0x80 {
		n++
	}
	return n
}
