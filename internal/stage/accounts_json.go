package stage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/s3seal/s3seal/internal/strictjson"
)

// json reads a list of accounts: objects in a list, which may be the Accounts of
// an object, as `aws organizations list-accounts` prints it.
func (d *document) json(path, name string, data []byte) *table {
	placeAt := func(line, column int) place { // column in bytes
		lines := bytes.SplitN(data, []byte("\n"), line+1)
		text := lines[line-1]
		return place{line: line, column: 1 + utf8.RuneCount(text[:min(column-1, len(text))]), file: name}
	}
	var wrong *strictjson.Error
	if _, err := strictjson.Decode(data, maxDepth, nil); errors.As(err, &wrong) {
		d.reportCell(path, placeAt(wrong.Line, wrong.Column), "%v: export the accounts anew", wrong)
		return nil
	}
	r := &jsonReader{Decoder: json.NewDecoder(bytes.NewReader(data)), data: data, at: place{line: 1, column: 1, file: name}}
	r.UseNumber()
	t, at, what := &table{}, place{}, ""
	switch token, start := r.next(); token {
	case json.Delim('['):
		at, what = r.list(t)
	case json.Delim('{'):
		at, what = r.answer(t, start)
	default:
		at, what = start, `no list: write accounts as [{"account": "111122223333", "name": "dev"}]`
	}
	if what != "" {
		d.reportCell(path, at, "%s", what)
		return nil
	}
	return t
}

// jsonReader reads well-formed JSON, and says where each token stands.
type jsonReader struct {
	*json.Decoder
	data   []byte
	offset int   // of at
	at     place // up to where places are counted
}

// next returns the next token and where it begins.
func (r *jsonReader) next() (json.Token, place) {
	start := int(r.InputOffset())
	for start < len(r.data) && slices.Contains([]byte(" \t\r\n,:"), r.data[start]) {
		start++
	}
	for _, c := range string(r.data[r.offset:start]) {
		if r.at.column++; c == '\n' {
			r.at.line, r.at.column = r.at.line+1, 1
		}
	}
	r.offset = start
	token, _ := r.Token() // which was read before
	return token, r.at
}

// answer reads the object that has the list.
func (r *jsonReader) answer(t *table, start place) (at place, what string) {
	listed := false
	for r.More() {
		key, at := r.next()
		token, _ := r.next()
		switch {
		case key == "Accounts" && token == json.Delim('['):
			listed = true
			if at, what := r.list(t); what != "" {
				return at, what
			}
		case key == "NextToken" && token == nil:
		case key == "NextToken":
			return at, "the list goes on after its NextToken: export it without --max-items and --no-paginate"
		default:
			return at, fmt.Sprintf(`unknown key %q: keep Accounts alone, or write the list [{"account": "111122223333", "name": "dev"}]`, key)
		}
	}
	if !listed {
		return start, `no list: write accounts as {"Accounts": [{"Id": "111122223333", "Name": "dev"}]}`
	}
	return place{}, ""
}

// list reads the accounts and the end of their list.
func (r *jsonReader) list(t *table) (at place, what string) {
	for r.More() {
		token, start := r.next()
		if token != json.Delim('{') {
			return start, `no account: write an object, such as {"account": "111122223333", "name": "dev"}`
		}
		if len(t.rows) == maxAccounts {
			return start, fmt.Sprintf("more than %d accounts: split the file", maxAccounts)
		}
		row := map[string]cell{}
		for r.More() {
			key, _ := r.next()
			value, at := r.next()
			c := cell{at: at}
			switch v := value.(type) {
			case string:
				c.text = v
			case nil:
			case bool:
				c.kind = "true or false"
			case json.Number:
				c.kind = "a number, which can lose a leading zero"
			case json.Delim:
				r.skip(v)
				c.kind = "a list or an object"
			}
			row[key.(string)] = c
		}
		r.next()
		t.add(row, start)
	}
	r.next()
	return place{}, ""
}

// skip reads to the end of what begins with a token.
func (r *jsonReader) skip(token json.Token) {
	for depth := opens(token); depth > 0; {
		token, _ := r.next()
		depth += opens(token)
	}
}

func opens(token json.Token) int {
	switch token {
	case json.Delim('['), json.Delim('{'):
		return 1
	case json.Delim(']'), json.Delim('}'):
		return -1
	}
	return 0
}
