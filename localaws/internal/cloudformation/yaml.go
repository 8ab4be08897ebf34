package cloudformation

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// decodeYAML reads a YAML template with CloudFormation's short forms (!Ref,
// !GetAtt A.B, !Sub, ...). A scalar that is no JSON number, such as
// 2012-10-17, stays a string.
func decodeYAML(body []byte) (any, error) {
	file, err := parser.ParseBytes(body, 0)
	if err != nil {
		return nil, fmt.Errorf("YAML not well-formed: %s", strings.TrimSpace(firstLine(err.Error())))
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, errors.New("YAML not well-formed: one document is wanted")
	}
	return yamlValue(file.Docs[0].Body)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func yamlValue(n ast.Node) (any, error) {
	switch n := n.(type) {
	case *ast.NullNode:
		return nil, nil
	case *ast.BoolNode:
		return n.Value, nil
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case *ast.IntegerNode, *ast.FloatNode:
		text := n.GetToken().Value
		if json.Valid([]byte(text)) {
			return json.Number(text), nil
		}
		return text, nil
	case *ast.TagNode:
		return yamlTag(n)
	case *ast.SequenceNode:
		l := make([]any, 0, len(n.Values))
		for _, e := range n.Values {
			v, err := yamlValue(e)
			if err != nil {
				return nil, err
			}
			l = append(l, v)
		}
		return l, nil
	case *ast.MappingNode:
		return yamlMapping(n.Values)
	case *ast.MappingValueNode:
		return yamlMapping([]*ast.MappingValueNode{n})
	}
	return nil, fmt.Errorf("YAML %s at line %d is not supported in a template", n.Type(), n.GetToken().Position.Line)
}

func yamlMapping(values []*ast.MappingValueNode) (any, error) {
	m := make(map[string]any, len(values))
	for _, e := range values {
		var key string
		switch k := e.Key.(type) {
		case *ast.StringNode:
			key = k.Value
		case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
			key = k.GetToken().Value
		default:
			return nil, fmt.Errorf("YAML key %s at line %d is not supported in a template", e.Key.Type(), e.GetToken().Position.Line)
		}
		v, err := yamlValue(e.Value)
		if err != nil {
			return nil, err
		}
		m[key] = v
	}
	return m, nil
}

func yamlTag(n *ast.TagNode) (any, error) {
	v, err := yamlValue(n.Value)
	if err != nil {
		return nil, err
	}
	name := strings.TrimPrefix(n.Start.Value, "!")
	switch name {
	case "Ref", "Condition":
		return map[string]any{name: v}, nil
	case "GetAtt":
		if s, ok := v.(string); ok {
			id, attribute, _ := strings.Cut(s, ".")
			v = []any{id, attribute}
		}
	case "!str":
		return v, nil
	}
	if strings.HasPrefix(name, "!") {
		return nil, fmt.Errorf("YAML tag %s is not supported in a template", n.Start.Value)
	}
	return map[string]any{"Fn::" + name: v}, nil
}
