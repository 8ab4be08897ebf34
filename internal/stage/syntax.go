package stage

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/s3seal/s3seal/internal/yamlnode"
)

const (
	maxDepth   = 16   // mappings and lists in each other; the format itself needs six
	maxEntries = 1000 // of one mapping or list
)

// parse returns the root of the file's only YAML document, or nil with a problem
// reported, or nil alone for a file without content.
func (d *document) parse(text string) *yaml.Node {
	lines := strings.SplitAfter(text, "\n")
	if at, what := unread(lines); what != "" {
		d.reportAt(at, "", "%s", what)
		return nil
	}
	documents, err := yamlnode.Load([]byte(text), 2*maxDepth) // refusal names the place of the first that is too deep
	switch {
	case err != nil:
		d.syntaxError(err)
		return nil
	case len(documents) == 0:
		return nil
	case len(documents) > 1:
		second, mark := placeOf(documents[1]), ""
		if second != placeOf(documents[1].Content[0]) {
			mark = " (---)"
		}
		d.reportAt(second, "", "a second YAML document%s: keep all stages in one", mark)
		return nil
	}
	root := documents[0].Content[0]
	var characters [][]rune // by line and column, as places count
	for _, l := range lines {
		characters = append(characters, []rune(l))
	}
	if at, what := refusal(root, characters, 1); what != "" {
		d.reportAt(at, "", "%s", what)
		return nil
	}
	return root
}

// refusal returns the first place in n that uses a part of YAML which this format
// refuses: whatever gives a field another meaning than its own text has, or makes
// a small file large. It is "" when there is none.
func refusal(n *yaml.Node, characters [][]rune, depth int) (place, string) {
	at := placeOf(n)
	switch {
	case n.Kind == yaml.AliasNode:
		return at, "an alias (*): write the value out, or quote it if it is text"
	case n.Anchor != "":
		return at, "an anchor (&): write the value out at each place"
	case n.Style&yaml.TaggedStyle != 0, n.Tag == "!":
		return at, "a tag (!): leave it out, and put text in quotes"
	case n.Kind != yaml.ScalarNode && depth > maxDepth:
		return at, tooDeep
	}
	step := 1
	if n.Kind == yaml.MappingNode {
		step = 2 // keys and values in turn
	}
	for i, below := range n.Content {
		if step == 2 && i%2 == 0 {
			if mark, complex := questionMark(below, characters); complex {
				return mark, "a complex key (?): write key: value"
			}
			if below.Tag == "!!merge" {
				return placeOf(below), "a merge key (<<): write the fields out"
			}
		}
		if i/step >= maxEntries {
			return placeOf(below), fmt.Sprintf("more than %d entries in one mapping or list: split the file", maxEntries)
		}
		if at, what := refusal(below, characters, depth+1); what != "" {
			return at, what
		}
	}
	return place{}, ""
}

var tooDeep = fmt.Sprintf("more than %d levels of nesting: the fields of a stage need six", maxDepth)

// questionMark returns where the ? before a key stands, if there is one: nodes
// don't show it.
func questionMark(key *yaml.Node, characters [][]rune) (place, bool) {
	at := placeOf(key)
	var line []rune
	if at.line <= len(characters) { // YAML knows other ends of lines too
		line = characters[at.line-1]
	}
	column := min(at.column-1, len(line))
	for column > 0 && line[column-1] == ' ' {
		column--
	}
	if column > 0 && line[column-1] == '?' {
		return place{line: at.line, column: column}, true
	}
	return at, key.Kind != yaml.ScalarNode
}

// syntaxError reports what Load returned.
func (d *document) syntaxError(err error) {
	var wrong *yamlnode.Error
	errors.As(err, &wrong)
	at, what := place{line: wrong.Line, column: wrong.Column}, "not YAML: "+wrong.Message+": check indentation, brackets and quotes here and on the line before"
	switch {
	case wrong.TooDeep:
		what = tooDeep
	case strings.Contains(wrong.Message, "scanning an alias"), strings.HasPrefix(wrong.Message, "unknown anchor"):
		what = "an alias (*): write the value out, or quote it if it is text"
	}
	d.reportAt(at, "", "%s", what)
}

// placeOf returns where a node of the file stands.
func placeOf(n *yaml.Node) place { return place{line: n.Line, column: n.Column} }

// placeOf returns where a node stands, or what a group has made it of.
func (d *document) placeOf(n *yaml.Node) place {
	if at, ok := d.filled[n]; ok {
		return at
	}
	return placeOf(n)
}

// unread finds what is told before the YAML library reads the text: a directive,
// which nodes don't show, and an indentation with a tab, of which it says only that
// a character cannot start a token.
func unread(lines []string) (at place, what string) {
	begun := false
	for i, l := range lines {
		content := strings.TrimLeft(l, " \t")
		if strings.TrimSpace(content) == "" || content[0] == '#' {
			continue
		}
		if l[0] == '%' && !begun {
			return place{line: i + 1, column: 1}, "a directive (%): remove it"
		}
		begun = true
		if tab := strings.IndexByte(l[:len(l)-len(content)], '\t'); tab >= 0 {
			return place{line: i + 1, column: tab + 1}, "a tab in the indentation: indent with spaces, since YAML allows no tabs there"
		}
	}
	return place{}, ""
}
