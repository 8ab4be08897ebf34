package stage

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/scanner"
	"github.com/goccy/go-yaml/token"
)

// The parser's stack grows with the depth, and with the number of entries of one
// block mapping, whose parsing takes quadratic time. A stack that overflows
// cannot be recovered from, so both are limited before it runs.
const (
	maxDepth   = 16    // mappings and lists in each other; the format itself needs six
	maxEntries = 1000  // of one block mapping or list
	maxTokens  = 40000 // a stage with every field takes about 300
)

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
	tokens := d.tokens(text)
	if len(d.problems) > 0 {
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

// tokens scans the text up to the first token that is refused.
func (d *document) tokens(text string) token.Tokens {
	var (
		scan    scanner.Scanner
		tokens  token.Tokens
		nesting nesting
		content bool // a token but a comment was before
		count   int
	)
	scan.Init(text)
	for {
		next, err := scan.Scan()
		if err == io.EOF {
			return tokens
		}
		for _, t := range next {
			what := refusal(t, content)
			switch depth, entries := nesting.add(t); {
			case what != "":
			case depth > maxDepth:
				what = fmt.Sprintf("more than %d levels of nesting: the fields of a stage need six", maxDepth)
			case entries > maxEntries:
				what = fmt.Sprintf("more than %d entries in one mapping or list: split the file", maxEntries)
			case count >= maxTokens:
				what = fmt.Sprintf("more than %d words and marks: split the file", maxTokens)
			}
			if what != "" {
				d.reportAt(placeOf(t), "%s", what)
				return nil
			}
			content = content || t.Type != token.CommentType
			count++
		}
		tokens.Add(next...)
	}
}

// refusal says what is wrong with a token of what YAML has and this format
// hasn't: all that makes a field mean something else than it says where it
// stands, or makes a small file large. It is "" for other tokens.
func refusal(t *token.Token, contentBefore bool) string {
	switch t.Type {
	case token.AnchorType:
		return "an anchor (&): write the value out at each place"
	case token.AliasType:
		return "an alias (*): write the value out, or quote it if it is text"
	case token.MergeKeyType:
		return "a merge key (<<): write the fields out"
	case token.TagType:
		return "a tag (!): leave it out, and put text in quotes"
	case token.MappingKeyType:
		return "a complex key (?): write key: value"
	case token.DirectiveType:
		return "a directive (%): remove it"
	case token.DocumentHeaderType:
		if contentBefore {
			return "a second YAML document (---): keep all stages in one"
		}
	}
	return ""
}

// nesting follows how deep the tokens stand in each other: flow brackets, and
// the columns of what begins a line or follows the "-" of a list.
type nesting struct {
	flow        int
	blocks      []block // from the outermost
	line        int
	afterHyphen bool
}

// block is a block mapping or list: its column, and its entries so far.
type block struct{ column, entries int }

// add takes the next token and returns its depth, and the entries so far of the
// block that it is in.
func (n *nesting) add(t *token.Token) (depth, entries int) {
	at := placeOf(t)
	switch t.Type {
	case token.CommentType:
		return 0, 0
	case token.SequenceStartType, token.MappingStartType:
		n.flow++
	case token.SequenceEndType, token.MappingEndType:
		n.flow = max(0, n.flow-1)
	}
	if n.flow == 0 && (at.line != n.line || n.afterHyphen) {
		for len(n.blocks) > 0 && n.blocks[len(n.blocks)-1].column > at.column {
			n.blocks = n.blocks[:len(n.blocks)-1]
		}
		if len(n.blocks) == 0 || n.blocks[len(n.blocks)-1].column < at.column {
			n.blocks = append(n.blocks, block{column: at.column})
		}
		n.blocks[len(n.blocks)-1].entries++
	}
	n.line, n.afterHyphen = at.line, t.Type == token.SequenceEntryType
	if len(n.blocks) > 0 {
		entries = n.blocks[len(n.blocks)-1].entries
	}
	return len(n.blocks) + n.flow, entries
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
