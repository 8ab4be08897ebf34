package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxDepth bounds how deep a template may nest. The deepest real ones (state
// machines, WAF rules) stay under 50.
const maxDepth = 200

// parseJSON reads one JSON value. It refuses duplicate keys, which
// encoding/json would drop without a word: a policy statement with two
// Conditions would lose one.
func parseJSON(data []byte) (any, error) {
	d := &jsonDecoder{json.NewDecoder(bytes.NewReader(data))}
	d.UseNumber()
	value, err := d.value(0)
	if err == nil {
		if _, end := d.Token(); end == io.EOF {
			return value, nil
		}
		err = errors.New("more text after the end of the JSON value")
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("the text ends within a JSON value")
	}
	line, column := position(data, d.InputOffset())
	return nil, fmt.Errorf("%d:%d: %w", line, column, err)
}

type jsonDecoder struct {
	*json.Decoder
}

func (d *jsonDecoder) value(depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("nested deeper than %d", maxDepth)
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return d.object(depth)
	case json.Delim('['):
		return d.array(depth)
	}
	return token, nil
}

func (d *jsonDecoder) object(depth int) (any, error) {
	object := map[string]any{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, ok := token.(string)
		if !ok {
			return nil, fmt.Errorf("%v is not a key", token)
		}
		if _, twice := object[key]; twice {
			return nil, fmt.Errorf("key %q occurs twice in one object", key)
		}
		if object[key], err = d.value(depth + 1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return object, err
}

func (d *jsonDecoder) array(depth int) (any, error) {
	array := []any{}
	for d.More() {
		element, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		array = append(array, element)
	}
	_, err := d.Token()
	return array, err
}

// position converts a byte offset to line and column, from 1.
func position(data []byte, offset int64) (line, column int) {
	before := data[:min(int(offset), len(data))]
	return bytes.Count(before, []byte("\n")) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}
