package stage

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxDepth is how many mappings and lists may stand in each other. The format
// itself needs six; the parser's stack grows with the depth, and a stack that
// overflows cannot be recovered from.
const maxDepth = 16

// parse returns the root of the file's only YAML document, or nil with a problem
// reported, or nil alone for a file without content.
func (d *document) parse(text string) (root ast.Node) {
	defer func() {
		// The parser has panicked on malformed text before. Whatever it
		// stumbled over, it wasn't the YAML of a stages.yaml.
		if r := recover(); r != nil {
			root = nil
			d.report("", "not YAML that can be read: check indentation, brackets and quotes")
		}
	}()
	if at, ok := tabIndent(text); ok {
		d.reportAt(at, "a tab in the indentation: indent with spaces, which is all that YAML takes")
		return nil
	}
	tokens := lexer.Tokenize(text)
	if d.refuse(tokens); len(d.problems) > 0 {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // mapping reports duplicates, with both places
	if err != nil {
		d.syntaxError(err)
		return nil
	}
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType || doc.Body.Type() == ast.CommentGroupType {
			continue
		}
		if root != nil {
			d.reportAt(firstPlace(doc.Body), "a second YAML document: keep all stages in one")
			return nil
		}
		root = doc.Body
	}
	return root
}

// refuse reports the first token of what YAML has and this format hasn't: all
// that makes a field mean something else than it says where it stands, or makes
// a small file large.
func (d *document) refuse(tokens token.Tokens) {
	var nesting nesting
	for i, t := range tokens {
		at, what := placeOf(t), ""
		switch t.Type {
		case token.AnchorType:
			what = "an anchor (&): write the value out at each place"
		case token.AliasType:
			what = "an alias (*): write the value out, or quote it if it is text"
		case token.MergeKeyType:
			what = "a merge key (<<): write the fields out"
		case token.TagType:
			what = "a tag (!): leave it out, and put text in quotes"
		case token.MappingKeyType:
			what = "a complex key (?): write key: value"
		case token.DirectiveType:
			what = "a directive (%): remove it"
		case token.DocumentHeaderType:
			if i > 0 && holdsContent(tokens[:i]) {
				what = "a second YAML document (---): keep all stages in one"
			}
		}
		if what == "" && nesting.add(t) > maxDepth {
			what = fmt.Sprintf("more than %d levels of nesting: the fields of a stage need six", maxDepth)
		}
		if what != "" {
			d.reportAt(at, "%s", what)
			return
		}
	}
}

// holdsContent reports whether any token is more than a comment.
func holdsContent(tokens token.Tokens) bool {
	for _, t := range tokens {
		if t.Type != token.CommentType {
			return true
		}
	}
	return false
}

// nesting follows how deep the tokens stand in each other: flow brackets, and
// the columns of what begins a line or follows a "-".
type nesting struct {
	flow     int
	columns  []int
	line     int
	afterBar bool // the token before was a "-" of a block list
}

// add takes the next token and returns its depth.
func (n *nesting) add(t *token.Token) int {
	at := placeOf(t)
	switch t.Type {
	case token.CommentType:
		return 0
	case token.SequenceStartType, token.MappingStartType:
		n.flow++
	case token.SequenceEndType, token.MappingEndType:
		n.flow--
	}
	if n.flow <= 0 && (at.line != n.line || n.afterBar) {
		for len(n.columns) > 0 && n.columns[len(n.columns)-1] >= at.column {
			n.columns = n.columns[:len(n.columns)-1]
		}
		n.columns = append(n.columns, at.column)
	}
	n.line, n.afterBar = at.line, t.Type == token.SequenceEntryType
	return len(n.columns) + max(n.flow, 0)
}

// syntaxError reports the parser's error, without the excerpt that it draws over
// several lines.
func (d *document) syntaxError(err error) {
	var positioned interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if !errors.As(err, &positioned) {
		d.report("", "not YAML: %s", strings.Join(strings.Fields(err.Error()), " "))
		return
	}
	d.reportAt(placeOf(positioned.GetToken()), "not YAML: %s: check indentation, brackets and quotes here and on the line before",
		strings.Join(strings.Fields(positioned.GetMessage()), " "))
}

// reportAt records a problem of the file at a place.
func (d *document) reportAt(at place, format string, args ...any) {
	d.places[""] = at
	d.report("", format, args...)
}

func placeOf(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{}
	}
	return place{t.Position.Line, t.Position.Column}
}

// firstPlace returns where n begins; a mapping's own token is its first colon.
func firstPlace(n ast.Node) place {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return placeOf(m.Values[0].Key.GetToken())
	}
	return placeOf(n.GetToken())
}

// tabIndent finds the first line that is indented with a tab. The parser would
// find it too, but say only that a character cannot start a token.
func tabIndent(text string) (place, bool) {
	line := 0
	for l := range strings.Lines(text) {
		line++
		content := strings.TrimLeft(l, " \t")
		indent := l[:len(l)-len(content)]
		if tab := strings.IndexByte(indent, '\t'); tab >= 0 && strings.TrimSpace(content) != "" && content[0] != '#' {
			return place{line, tab + 1}, true
		}
	}
	return place{}, false
}
