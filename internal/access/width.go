package access

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A line that a code host cuts, or that scrolls, is one that nobody reads.
const (
	widest = 160
	prose  = 100

	// Together with a reason of the rest they fit into a line.
	longestName      = 74
	longestOperation = 46
)

// short keeps a text within a length. Two long ones differ by the digits at the
// end.
func short(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	digits := fmt.Sprintf("… %.3x", sha256.Sum256([]byte(text)))
	return string([]rune(text)[:most-utf8.RuneCountInString(digits)]) + digits
}

// row writes a line of a table, or several if the list in its middle is long:
// the cells around it are repeated.
func row(b *strings.Builder, list []string, line func(list string) string) {
	for len(list) > 0 {
		n := 1
		for n < len(list) && utf8.RuneCountInString(line(strings.Join(list[:n+1], "; "))) <= widest {
			n++
		}
		b.WriteString(line(strings.Join(list[:n], "; ")) + "\n")
		list = list[n:]
	}
}

// inCell is a text that ends no cell of a table.
func inCell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
}

// item writes a point of a list, broken where it is too wide.
func item(b *strings.Builder, text string) {
	lines(b, "-", text)
}

// lines writes a text, broken where it is too wide.
func lines(b *strings.Builder, line, text string) {
	for _, word := range strings.Fields(text) {
		wide := utf8.RuneCountInString(line + word)
		switch {
		case line == "":
			line = word
		case wide >= prose:
			b.WriteString(line + "\n")
			line = "  " + word
		default:
			line += " " + word
		}
		for len(line) > widest { // which no page breaks
			b.WriteString(line[:widest] + "\n")
			line = "  " + line[widest:]
		}
	}
	b.WriteString(line + "\n")
}
