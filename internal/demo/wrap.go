package demo

import (
	"strings"
	"unicode/utf8"
)

// width is that of a terminal which nobody has widened.
const width = 80

// wrap breaks a text into lines of the width at most: the first has one
// indentation, the rest have another. A word that is longer than a line is cut,
// behind a slash if it has one.
func wrap(first, rest, text string) []string {
	var lines []string
	line, empty := first, true
	next := func() {
		lines = append(lines, strings.TrimRight(line, " "))
		line, empty = rest, true
	}
	for _, word := range strings.Fields(strings.ToValidUTF8(text, string(utf8.RuneError))) { // what is counted below is what is cut
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			next()
		}
		if !empty {
			line += " "
		}
		for room := width - utf8.RuneCountInString(line); utf8.RuneCountInString(word) > room; room = width - utf8.RuneCountInString(line) {
			begin := string([]rune(word)[:room])
			if i := strings.LastIndexByte(begin, '/'); i > 0 {
				begin = begin[:i+1]
			}
			line += begin
			word = word[len(begin):]
			next()
		}
		line, empty = line+word, false
	}
	if !empty || lines == nil {
		next()
	}
	return lines
}
