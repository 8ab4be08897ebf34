package template

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// parseYAML reads one YAML document with CloudFormation's short-form tags.
// Anchors, aliases and merge keys are refused, as CloudFormation does
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html).
func parseYAML(data []byte) (value any, err error) {
	// The YAML parser is not ours and is fed files of other people.
	defer func() {
		if r := recover(); r != nil {
			value, err = nil, fmt.Errorf("not YAML that this program can read: %v", r)
		}
	}()
	if err := boundNesting(data); err != nil {
		return nil, err
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, yamlError(err)
	}
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	if len(bodies) != 1 {
		return nil, fmt.Errorf("%d YAML documents: a template is one", len(bodies))
	}
	return yamlValue(bodies[0], 0)
}

// yamlError keeps of the parser's many-line message the place and the first line.
func yamlError(err error) error {
	var located yaml.Error
	if errors.As(err, &located) {
		if at := located.GetToken(); at != nil && at.Position != nil {
			return fmt.Errorf("%d:%d: %s", at.Position.Line, at.Position.Column, located.GetMessage())
		}
		return errors.New(located.GetMessage())
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return errors.New(line)
}

func yamlValue(node ast.Node, depth int) (any, error) {
	if depth > maxDepth {
		return nil, nodeErrorf(node, "nested deeper than %d", maxDepth)
	}
	switch n := node.(type) {
	case *ast.MappingNode:
		return yamlMap(n.Values, depth)
	case *ast.MappingValueNode:
		return yamlMap([]*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		list := []any{}
		for _, element := range n.Values {
			if text, ok := plainWithColon(element); ok {
				list = append(list, text)
				continue
			}
			value, err := yamlValue(element, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return list, nil
	case *ast.TagNode:
		return yamlTag(n, depth)
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case *ast.BoolNode:
		return n.Value, nil
	case *ast.IntegerNode:
		return yamlNumber(n.Token.Value), nil
	case *ast.FloatNode:
		return yamlNumber(n.Token.Value), nil
	case *ast.NullNode, nil:
		return nil, nil
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return nil, nodeErrorf(node, "CloudFormation has no YAML anchors, aliases and merge keys: write the value out")
	}
	return nil, nodeErrorf(node, "a %s has no place in a template", node.Type())
}

// plainWithColon is the text of an element such as s3:GetObject or an ARN. A
// colon separates a key from a value only before white space, but the parser
// takes [s3:GetObject] inside of { } for a list of mappings.
// Source: https://yaml.org/spec/1.2.2/#733-plain-style
func plainWithColon(node ast.Node) (string, bool) {
	if mapping, ok := node.(*ast.MappingNode); ok && len(mapping.Values) == 1 && mapping.Start.Type != token.MappingStartType {
		node = mapping.Values[0]
	}
	m, ok := node.(*ast.MappingValueNode)
	if !ok {
		return "", false
	}
	key, ok := m.Key.(*ast.StringNode)
	if !ok || key.Token.Type != token.StringType {
		return "", false
	}
	value, ok := m.Value.(*ast.StringNode)
	if !ok || value.Token.Type != token.StringType ||
		value.Token.Position.Line != m.Start.Position.Line ||
		value.Token.Position.Column != m.Start.Position.Column+1 {
		return "", false
	}
	return key.Value + ":" + value.Value, true
}

func yamlMap(entries []*ast.MappingValueNode, depth int) (any, error) {
	object := make(map[string]any, len(entries))
	for _, entry := range entries {
		key, err := yamlKey(entry.Key)
		if err != nil {
			return nil, err
		}
		if _, twice := object[key]; twice {
			return nil, nodeErrorf(entry.Key, "key %q occurs twice in one mapping", key)
		}
		if object[key], err = yamlValue(entry.Value, depth+1); err != nil {
			return nil, err
		}
	}
	return object, nil
}

func yamlKey(node ast.Node) (string, error) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		// Account ids and versions as keys of Mappings, unquoted.
		return n.GetToken().Value, nil
	case *ast.MergeKeyNode:
		_, err := yamlValue(n, 0)
		return "", err
	}
	return "", nodeErrorf(node, "a %s can't be a key", node.Type())
}

// yamlTag turns the short form of an intrinsic function into the long one:
// !Ref and !Condition stay as they are called, all others get "Fn::" before.
func yamlTag(n *ast.TagNode, depth int) (any, error) {
	tag := n.Start.Value
	value, err := yamlValue(n.Value, depth+1)
	if err != nil {
		return nil, err
	}
	name, short := strings.CutPrefix(tag, "!")
	if !short || name == "" {
		return nil, nodeErrorf(n, "tag %q is not a CloudFormation function", tag)
	}
	switch name {
	case "!str", "!int", "!bool", "!float", "!map", "!seq", "!null":
		if text, ok := scalarText(value); ok && name == "!str" {
			return text, nil
		}
		return value, nil
	case "Ref", "Condition":
		return map[string]any{name: value}, nil
	}
	if strings.HasPrefix(name, "!") {
		return nil, nodeErrorf(n, "tag %q is not a CloudFormation function", tag)
	}
	return map[string]any{"Fn::" + name: value}, nil
}

// jsonNumber is the form of numbers that JSON has.
var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

// yamlNumber keeps a number's text. Forms that only YAML has stay strings: with
// leading zeros they are account ids and file modes, which an octal reading
// would turn into something else. AWS doesn't document what CloudFormation
// makes of them.
func yamlNumber(text string) any {
	if jsonNumber.MatchString(text) {
		return json.Number(text)
	}
	return text
}

func nodeErrorf(node ast.Node, format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	if node != nil {
		if t := node.GetToken(); t != nil && t.Position != nil {
			return fmt.Errorf("%d:%d: %s", t.Position.Line, t.Position.Column, text)
		}
	}
	return errors.New(text)
}

// boundNesting refuses text that nests so deep that a recursive parser would
// use up the stack, which no recover can catch. Brackets in quoted text count
// as well; they are closed there as a rule.
func boundNesting(data []byte) error {
	open := 0
	for number, line := range strings.Split(string(data), "\n") {
		// Sequence entries, explicit keys, tags and anchors nest within a line.
		words := strings.Fields(line)
		run := 0
		for run < len(words) && strings.ContainsRune("-?:!&", rune(words[run][0])) {
			run++
		}
		open += strings.Count(line, "[") + strings.Count(line, "{")
		if run > maxDepth || open > 5*maxDepth {
			return fmt.Errorf("%d:1: nested deeper than %d", number+1, maxDepth)
		}
		open = max(0, open-strings.Count(line, "]")-strings.Count(line, "}"))
	}
	return nil
}
