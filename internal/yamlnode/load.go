// Package yamlnode reads YAML that strangers wrote as nodes with their places,
// bounded in depth.
package yamlnode

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// Error says what is wrong with a text. Line and Column, in characters, are 0
// where the place isn't known.
type Error struct {
	Message, Context string // what is wrong, and what was read then, or ""
	Line, Column     int
	TooDeep          bool
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message)
}

// Load gives the root of every document that has content. Mappings and lists
// may nest maxDepth deep, as block and as flow each. The error is an *Error.
func Load(data []byte, maxDepth int) ([]*yaml.Node, error) {
	deep := false
	limit := loaderlimits.New(loaderlimits.AliasNone(), loaderlimits.DepthFunc(func(depth int, _ *yaml.DepthContext) error {
		if deep = depth > maxDepth; deep {
			return fmt.Errorf("nested deeper than %d", maxDepth)
		}
		return nil
	}))
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithV4Defaults(), yaml.WithPlugin(limit))
	if err != nil {
		return nil, &Error{Message: err.Error()}
	}
	var roots []*yaml.Node
	for {
		var document yaml.Node
		err := loader.Load(&document)
		var located *yaml.LoadError
		switch {
		case err == io.EOF:
			return roots, nil
		case errors.As(err, &located):
			return nil, &Error{located.Message, located.ContextMsg, located.Mark.Line, located.Mark.Column, deep}
		case err != nil:
			return nil, &Error{Message: err.Error()}
		}
		if root := document.Content[0]; root.Kind != yaml.ScalarNode || root.Value != "" || root.Style != 0 {
			roots = append(roots, root)
		}
	}
}
