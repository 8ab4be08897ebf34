package stage

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/s3seal/s3seal/internal/fileerror"
)

const (
	maxAccountBytes = 4 << 20 // of a file of accounts: more than 10,000 accounts as AWS Organizations writes them
	maxAccounts     = 10000   // of a file
)

// accountsFile reads a file of accounts that a group names. nil with a problem
// reported, or reported before.
func (d *document) accountsFile(path, name string) *table {
	if d.folder == "" {
		d.report(path, "files of accounts aren't read here: write the accounts in place")
		return nil
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(d.folder, name)
	}
	if t, ok := d.tables[name]; ok {
		return t
	}
	d.tables[name] = nil
	read := d.csv
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
	case ".json":
		read = d.json
	default:
		d.report(path, "%s is neither .csv nor .json: export the accounts as one of them", quote(filepath.Base(name)))
		return nil
	}
	data, err := readAccounts(name)
	if err != nil {
		d.report(path, "%v", err)
		return nil
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // a byte order mark, which spreadsheets write
	at, what := unreadable(data)
	if what != "" {
		at.file = name
		d.reportCell(path, at, "%s", what)
		return nil
	}
	if text := bytes.TrimSpace(data); strings.EqualFold(filepath.Ext(name), ".csv") && (text[0] == '{' || text[0] == '[') {
		d.reportCell(path, place{line: 1, column: 1, file: name}, "JSON in a file that is called .csv: call it .json")
		return nil
	}
	t := read(path, name, data)
	if t != nil && len(t.rows) == 0 {
		d.reportCell(path, place{line: 1, column: 1, file: name}, "lists no account: export it anew")
		return nil
	}
	d.tables[name] = t
	return t
}

// readAccounts reads a regular file: anything else may have no end.
func readAccounts(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read: %w: export the accounts there, or write the path of the right file", name, fileerror.Reason(err))
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: is no file: write the path of a file", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be opened: %w: let it be read", name, fileerror.Reason(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxAccountBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read: %w: export the accounts anew", name, fileerror.Reason(err))
	}
	if len(data) > maxAccountBytes {
		return nil, fmt.Errorf("%s: larger than %d MiB, which no list of accounts is: write the path of the right file", name, maxAccountBytes>>20)
	}
	return data, nil
}

// unreadable finds what no list of accounts has: other encodings, other control
// characters, and two kinds of line ends, as in a file that was put together of
// two.
func unreadable(data []byte) (at place, what string) {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return place{line: 1, column: 1}, "a spreadsheet's own file, or another archive: save the accounts as CSV"
	}
	if !utf8.Valid(data) {
		return placeOfInvalid(data), "not UTF-8 text: save the file with the encoding UTF-8"
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return place{line: 1, column: 1}, "an empty file: export the accounts anew"
	}
	at = place{line: 1, column: 1}
	first := ""
	for i, r := range string(data) {
		switch {
		case r == '\n':
			end := "LF"
			if i > 0 && data[i-1] == '\r' {
				end = "CRLF"
			}
			if first == "" {
				first = end
			}
			if end != first {
				return at, fmt.Sprintf("the line ends with %s, and those before with %s, as in a file of two parts: save it with one kind", end, first)
			}
			at = place{line: at.line + 1, column: 1}
			continue
		case r == '\r' && (i+1 == len(data) || data[i+1] != '\n'):
			return at, "a carriage return within a line: save the file with one kind of line ends"
		case r < ' ' && r != '\t' && r != '\r', r == '\x7f':
			return at, fmt.Sprintf("a control character (%U): export the accounts as text", r)
		}
		at.column++
	}
	return place{}, ""
}
