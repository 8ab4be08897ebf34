// Package yamlnode reads YAML that strangers wrote as nodes with their places,
// bounded in depth.
package yamlnode

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// Error says what is wrong with a text. Line and Column, in characters, are 0
// where the place isn't known.
type Error struct {
	Message      string
	Line, Column int
	TooDeep      bool
}

func (e *Error) Error() string {
	message := e.Message
	if !e.TooDeep {
		message = "YAML not well-formed: " + message
	}
	if e.Line == 0 {
		return message
	}
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, message)
}

// Load gives every document that has content, with the root as its only Content.
// Mappings and lists may nest maxDepth deep, as block and as flow each. The
// error is an *Error.
func Load(data []byte, maxDepth int) (documents []*yaml.Node, err error) {
	// The parser is not ours and is fed files of other people.
	defer func() {
		if r := recover(); r != nil {
			documents, err = nil, &Error{Message: fmt.Sprint("the reader gives up: ", r)}
		}
	}()
	deep := false
	limit := loaderlimits.New(loaderlimits.DepthFunc(func(depth int, _ *yaml.DepthContext) error {
		if deep = depth > maxDepth; deep {
			return fmt.Errorf("nested deeper than %d", maxDepth)
		}
		return nil
	}))
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithV4Defaults(), yaml.WithPlugin(limit))
	if err != nil {
		return nil, &Error{Message: err.Error()}
	}
	for {
		var document yaml.Node
		err := loader.Load(&document)
		var located *yaml.LoadError
		switch {
		case err == io.EOF:
			return documents, nil
		case errors.As(err, &located) && deep:
			return nil, &Error{located.Message, located.Mark.Line, located.Mark.Column, true}
		case errors.As(err, &located):
			return nil, explain(located, strings.TrimRight(string(data), " \r\n"))
		case err != nil:
			return nil, &Error{Message: err.Error()}
		}
		if root := document.Content[0]; root.Kind != yaml.ScalarNode || root.Value != "" || root.Style != 0 {
			documents = append(documents, &document)
		}
	}
}

// explain tells of what isn't ended where it begins, and of all else where it
// stands.
func explain(located *yaml.LoadError, text string) *Error {
	lines := strings.Split(text, "\n")
	at, message := located.Mark, located.Message
	if located.ContextMsg != "" {
		message += " " + located.ContextMsg
		if located.ContextMark.Line > 0 && (located.Stage == yaml.ScannerStage || at.Line > len(lines)) {
			at = located.ContextMark
		}
	}
	if at.Line > len(lines) {
		at.Line, at.Column = len(lines), utf8.RuneCountInString(lines[len(lines)-1])+1
	}
	return &Error{Message: message, Line: at.Line, Column: at.Column}
}
