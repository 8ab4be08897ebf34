// Package strictjson reads JSON that strangers wrote. Unlike encoding/json it
// loses none of two equal keys in silence, bounds the depth, and says where the
// text is wrong.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
)

// Fault is the kind of an Error.
type Fault int

const (
	Syntax   Fault = iota // no JSON
	Twice                 // an object has a key twice
	TooDeep               // nested deeper than the caller bears
	Trailing              // more text follows the value
)

// Error says what is wrong with a text. Only Cause quotes the text, a character
// of it; for text that must not be shown, go by Fault alone.
type Error struct {
	Fault        Fault
	Path         string // the value or key at fault, such as "Statement[0].Effect"
	Line, Column int    // from 1; columns in bytes
	Cause        error  // of Syntax
	Same         bool   // of Twice, once all is read: whether both values are the same

	depth int
}

func (e *Error) Error() string {
	switch e.Fault {
	case Twice:
		return e.Path + " is given twice; keep one"
	case TooDeep:
		return fmt.Sprintf("nested deeper than %d", e.depth)
	case Trailing:
		return "JSON not well-formed: more follows after the value"
	}
	return "JSON not well-formed: " + e.Cause.Error()
}

func (e *Error) Unwrap() error { return e.Cause }

// Decode reads one JSON value as maps, lists, strings, json.Number, bool and
// nil. A value may lie in at most maxDepth others. twice is called with each key
// that an object already has; an error that it returns ends the reading, and of
// the two values the last stays. Without twice, the Error does so.
func Decode(data []byte, maxDepth int, twice func(*Error) error) (any, error) {
	d := &decoder{Decoder: json.NewDecoder(bytes.NewReader(data)), data: data, maxDepth: maxDepth, twice: twice}
	if twice == nil {
		d.twice = func(e *Error) error { return e }
	}
	d.UseNumber()
	value, err := d.value()
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, d.fault(Trailing)
	}
	return value, nil
}

type decoder struct {
	*json.Decoder
	data     []byte
	maxDepth int
	twice    func(*Error) error
	path     []step

	counted, line, lineStart int // the text up to an offset, for places
}

// step leads to the value of a key, or to an element of a list.
type step struct {
	key   string
	index int // -1 of a key
}

func (d *decoder) value() (any, error) {
	token, err := d.token()
	if err != nil {
		return nil, err
	}
	open, nests := token.(json.Delim)
	if !nests {
		return token, nil
	}
	if len(d.path) >= d.maxDepth {
		return nil, d.fault(TooDeep)
	}
	if open == '{' {
		return d.object()
	}
	list := []any{}
	for d.More() {
		element, err := d.below(step{index: len(list)})
		if err != nil {
			return nil, err
		}
		list = append(list, element)
	}
	_, err = d.token()
	return list, err
}

func (d *decoder) object() (any, error) {
	object := map[string]any{}
	for d.More() {
		before := int(d.InputOffset())
		token, err := d.token()
		if err != nil {
			return nil, err
		}
		key := token.(string) // The decoder lets nothing else stand here.
		first, given := object[key]
		var again *Error
		if given {
			d.path = append(d.path, step{key, -1})
			again = d.faultAt(Twice, before+bytes.IndexByte(d.data[before:], '"'))
			err = d.twice(again)
			d.path = d.path[:len(d.path)-1]
		}
		if err != nil {
			return nil, err
		}
		if object[key], err = d.below(step{key, -1}); err != nil {
			return nil, err
		}
		if given {
			again.Same = reflect.DeepEqual(first, object[key])
		}
	}
	_, err := d.token()
	return object, err
}

func (d *decoder) below(at step) (any, error) {
	d.path = append(d.path, at)
	value, err := d.value()
	d.path = d.path[:len(d.path)-1]
	return value, err
}

func (d *decoder) token() (json.Token, error) {
	token, err := d.Token()
	if err == nil {
		return token, nil
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = errors.New("the text ends within a JSON value")
	}
	fault := d.fault(Syntax)
	fault.Cause = err
	return nil, fault
}

func (d *decoder) fault(kind Fault) *Error { return d.faultAt(kind, int(d.InputOffset())) }

func (d *decoder) faultAt(kind Fault, offset int) *Error {
	// From where the last place was: an object may have a key very many times.
	since := d.data[d.counted:offset]
	d.line += bytes.Count(since, []byte("\n"))
	if i := bytes.LastIndexByte(since, '\n'); i >= 0 {
		d.lineStart = d.counted + i + 1
	}
	d.counted = offset
	var path string
	for _, s := range d.path {
		switch {
		case s.index >= 0:
			path += "[" + strconv.Itoa(s.index) + "]"
		case path == "":
			path = s.key
		default:
			path += "." + s.key
		}
	}
	return &Error{Fault: kind, Path: path, depth: d.maxDepth, Line: d.line + 1, Column: offset - d.lineStart + 1}
}
