package cfn

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/s3seal/s3seal/internal/yamlnode"
)

// Source is the text of a template, to tell the lines of paths.
type Source struct{ root *yaml.Node }

// surrogate is half of a character in JSON; YAML refuses such halves.
var surrogate = regexp.MustCompile(`\\u[dD][89a-fA-F][0-9a-fA-F]{2}`)

// ReadSource reads the text of a template that Decode accepts, JSON or YAML.
func ReadSource(data []byte) (*Source, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	// As long as what it replaces: what follows keeps its column.
	data = surrogate.ReplaceAllLiteral(data, []byte(`\u0020`))
	documents, err := yamlnode.Load(data, maxDepth)
	if err != nil {
		return nil, err
	}
	if len(documents) != 1 {
		return nil, fmt.Errorf("%d documents: a template is one", len(documents))
	}
	return &Source{documents[0].Content[0]}, nil
}

// Place gives line and column, from 1 and in characters, of a path in the form
// that errors and values have: of the key, or of a list's element. Where the text
// has no such place, as within a policy that is a string, it is the nearest
// around it; 0, 0 means that not even the first step is there.
func (s *Source) Place(path string) (line, column int) {
	n := s.root
	for path != "" {
		below, at, rest := step(n, path)
		if below == nil {
			break
		}
		n, path = below, rest
		line, column = at.Line, at.Column
	}
	return line, column
}

// step goes one step of a path down: below is where it leads, at what shows the
// place, and rest the path from there.
func step(n *yaml.Node, path string) (below, at *yaml.Node, rest string) {
	if name := shortForm(n); name != "" {
		rest, ok := cut(path, name)
		if !ok {
			return nil, nil, ""
		}
		bare := *n
		bare.Tag, bare.Style = "", n.Style&^yaml.TaggedStyle
		return &bare, n, rest
	}
	switch n.Kind {
	case yaml.MappingNode:
		// A key may have dots itself: the longest that fits is meant. Of two equal
		// ones the last is.
		longest := -1
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if after, ok := cut(path, key.Value); ok && len(key.Value) >= longest {
				longest, below, at, rest = len(key.Value), n.Content[i+1], key, after
			}
		}
	case yaml.SequenceNode:
		for i, element := range n.Content {
			if after, ok := cut(path, fmt.Sprintf("[%d]", i)); ok {
				return element, element, after
			}
		}
	}
	return below, at, rest
}

// cut gives what follows a step at the beginning of a path.
func cut(path, step string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, step)
	switch {
	case !ok || step == "":
		return "", false
	case rest == "" || rest[0] == '[':
		return rest, true
	}
	return strings.CutPrefix(rest, ".")
}
