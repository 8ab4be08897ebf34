package cfn

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// yamlDecoder makes values of nodes as CloudFormation does: with short forms,
// and without anchors, aliases, merge keys and the tags of binary data, sets and
// timestamps.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
type yamlDecoder struct {
	duplicates []Duplicate
}

func (y *yamlDecoder) value(n *yaml.Node, at *Path) (any, error) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return nil, noAnchors(n)
	}
	if name := shortForm(n); name != "" {
		value, err := y.content(n, true, at.Child(name))
		if text, ok := value.(string); ok && name == "Fn::GetAtt" {
			if id, attribute, dotted := strings.Cut(text, "."); dotted {
				value = []any{id, attribute}
			}
		}
		return map[string]any{name: value}, err
	}
	tagged := n.Style&yaml.TaggedStyle != 0 && strings.HasPrefix(n.ShortTag(), "!")
	if tagged {
		switch n.ShortTag() {
		case "!!str", "!!int", "!!bool", "!!float", "!!map", "!!seq", "!!null":
		default:
			return nil, nodeError(n, "tag "+strconv.Quote(n.ShortTag())+" is not a CloudFormation function")
		}
	}
	return y.content(n, tagged && n.ShortTag() == "!!str" || n.Tag == "!", at)
}

// shortForm is the long form of the function that a node's tag names; "" for
// none.
func shortForm(n *yaml.Node) string {
	name, function := strings.CutPrefix(n.ShortTag(), "!")
	switch {
	case !function || n.Style&yaml.TaggedStyle == 0 || strings.HasPrefix(name, "!"):
		return ""
	case name == "Ref" || name == "Condition":
		return name
	}
	return "Fn::" + name
}

// content is the value of a node apart from its tag. The scalar of a tag is text:
// !Sub 5 is no number.
func (y *yamlDecoder) content(n *yaml.Node, text bool, at *Path) (any, error) {
	switch n.Kind {
	case yaml.MappingNode:
		return y.mapping(n, at)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for i, element := range n.Content {
			value, err := y.value(element, at.Element(i))
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return list, nil
	}
	const quotedStyle = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	if text || n.Style&quotedStyle != 0 {
		return n.Value, nil
	}
	return plain(n.Value), nil
}

func (y *yamlDecoder) mapping(n *yaml.Node, at *Path) (any, error) {
	mapping := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind == yaml.AliasNode, key.Anchor != "", key.Tag == "!!merge":
			return nil, noAnchors(key)
		case key.Kind != yaml.ScalarNode:
			return nil, nodeError(key, "a mapping or a list can't be a key")
		case key.Style&yaml.TaggedStyle != 0: // [!ImportValue Fn::Sub: x] tags the key alone
			return nil, nodeError(key, "tag "+strconv.Quote(key.Tag)+" stands at a key: put braces around the mapping behind it")
		}
		// Account ids and versions as keys of Mappings stay as they are written.
		below := at.Child(key.Value)
		first, given := mapping[key.Value]
		place := len(y.duplicates)
		if len(y.duplicates) > maxDuplicates {
			return nil, errDuplicates
		}
		if given {
			y.duplicates = append(y.duplicates, Duplicate{Path: below.String(), Line: key.Line, Column: key.Column})
		}
		value, err := y.value(n.Content[i+1], below)
		if err != nil {
			return nil, err
		}
		if given {
			y.duplicates[place].Same = reflect.DeepEqual(first, value)
		}
		mapping[key.Value] = value
	}
	return mapping, nil
}

// jsonNumber is the form of numbers that JSON has.
var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

// plain is the value of a scalar without quotes. Dates, and numbers in forms that
// only YAML has, stay text: those with leading zeros are account ids and file
// modes, which would change if they were read as octal. yes, no, on and off stay
// text too. AWS doesn't document how CloudFormation reads them.
func plain(text string) any {
	switch text {
	case "", "~", "null", "Null", "NULL":
		return nil
	case "true", "True", "TRUE":
		return true
	case "false", "False", "FALSE":
		return false
	}
	if jsonNumber.MatchString(text) {
		return json.Number(text)
	}
	return text
}

func noAnchors(n *yaml.Node) error {
	return nodeError(n, "CloudFormation has no YAML anchors, aliases and merge keys: write the value out")
}

func nodeError(n *yaml.Node, message string) error {
	return fmt.Errorf("%d:%d: %s", n.Line, n.Column, message)
}
