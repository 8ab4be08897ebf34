package stage

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// csv reads a list of accounts whose first line names the columns.
func (d *document) csv(path, name string, data []byte) *table {
	lines := bytes.Split(data, []byte("\n"))
	placeAt := func(line, column int) place { // column in bytes
		at := place{line: line, column: column, file: name}
		if line >= 1 && line <= len(lines) {
			at.column = 1 + utf8.RuneCount(lines[line-1][:min(max(column-1, 0), len(lines[line-1]))])
		}
		return at
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1 // the message here says more
	t, uneven := &table{}, false
	for {
		record, err := r.Read()
		if err == io.EOF {
			if len(t.rows) == 0 && uneven {
				return nil
			}
			return t
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			what, line, column := "a quote within a cell: put the whole cell in quotes, and write the quote in it twice", wrong.Line, wrong.Column
			if errors.Is(err, csv.ErrQuote) && wrong.Line != wrong.StartLine {
				what, line, column = "a cell in quotes without an end in its line: close the quotes", wrong.StartLine, 1
			}
			d.reportCell(path, placeAt(line, column), "%s", what)
			return nil
		}
		places := make([]place, len(record))
		for i := range record {
			places[i] = placeAt(r.FieldPos(i))
			record[i] = strings.TrimSpace(record[i])
			if strings.ContainsAny(record[i], "\r\n") {
				d.reportCell(path, places[i], "a cell of several lines: write it in one")
				return nil
			}
		}
		if len(t.header) == 0 {
			if !d.csvHeader(path, t, record, places) {
				return nil
			}
			continue
		}
		if strings.Join(record, "") == "" { // as spreadsheets write rows that were emptied
			continue
		}
		if len(t.header) == 1 && len(record) > 1 {
			d.reportCell(path, t.header[0].at, "a first line of one cell, and the next has %d: remove what stands above the columns' names", len(record))
			return nil
		}
		if uneven = uneven || len(record) != len(t.header); len(record) != len(t.header) {
			d.reportCell(path, places[0], "%d cells, and the header has %d: write as many, with a cell that has a comma in quotes", len(record), len(t.header))
			continue
		}
		if len(t.rows) == maxAccounts {
			d.reportCell(path, places[0], "more than %d accounts: split the file", maxAccounts)
			return nil
		}
		row := map[string]cell{}
		for i, text := range record {
			row[t.header[i].text] = cell{text: text, at: places[i]}
		}
		t.rows, t.places = append(t.rows, row), append(t.places, places[0])
	}
}

// csvHeader reads the first line.
func (d *document) csvHeader(path string, t *table, record []string, places []place) bool {
	if strings.HasPrefix(record[0], "sep=") {
		d.reportCell(path, places[0], "a line for spreadsheets alone (sep=): remove it, and save the file with commas")
		return false
	}
	if len(record) == 1 {
		for _, separator := range []string{";", "\t", "|"} {
			if strings.Contains(record[0], separator) {
				d.reportCell(path, places[0], "cells that %q separates: save the file with commas", separator)
				return false
			}
		}
	}
	seen := map[string]bool{}
	for i, text := range record {
		switch {
		case accountID.MatchString(text):
			d.reportCell(path, places[0], "no header: write the columns' names in the first line, such as account,name")
			return false
		case text == "":
			d.reportCell(path, places[i], "a column without a name: name it, or remove it")
			return false
		case seen[text]:
			d.reportCell(path, places[i], "two columns are called %s: rename or remove one", quote(text))
			return false
		}
		seen[text] = true
		t.header = append(t.header, cell{text: text, at: places[i]})
	}
	return true
}
