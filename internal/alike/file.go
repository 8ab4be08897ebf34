package alike

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// FileName is the name of the list of the members, beside the templates.
const FileName = "members.csv"

const (
	likeColumn      = "like"
	generatedColumn = "generated"
)

func header() []string {
	return slices.Concat([]string{likeColumn}, Names(), []string{generatedColumn})
}

// tagsOf are the names of the members' tags, in order.
func tagsOf(members []Member) []string {
	var names []string
	for i := range members {
		names = append(names, members[i].tags()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Text is the list as the file has it, a line for each member.
func Text(members []Member) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	tags := tagsOf(members)
	w.Write(append(header(), tags...))
	for _, m := range members {
		row := []string{m.Like}
		for _, name := range Names() {
			row = append(row, m.Values[name])
		}
		var generated []string
		for _, between := range m.betweens() {
			generated = append(generated, between+"="+m.Generated[between])
		}
		row = append(row, strings.Join(generated, " "))
		for _, name := range tags {
			row = append(row, m.Values[name])
		}
		w.Write(row)
	}
	w.Flush()
	return b.String()
}

// Read reads the list in a folder; none where there is no such file.
func Read(dir string) ([]Member, error) {
	file := filepath.Join(dir, FileName)
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	members, err := Parse(string(data))
	if err != nil {
		err = fmt.Errorf("%s: %w: make snapshots writes it", file, err)
	}
	return members, err
}

// Parse reads what Text writes. Every member is like one of them, which is like
// itself.
func Parse(text string) ([]Member, error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	known := len(header())
	if len(rows) == 0 || len(rows[0]) < known || !slices.Equal(rows[0][:known], header()) ||
		slices.ContainsFunc(rows[0][known:], func(name string) bool { return !strings.HasPrefix(name, tagPrefix) }) {
		return nil, fmt.Errorf("the first line isn't %s", strings.Join(header(), ","))
	}
	var members []Member
	like := map[string]string{}
	for i, row := range rows[1:] {
		m := Member{Like: row[0], Values: map[string]string{}, Generated: map[string]string{}}
		for j, name := range Names() {
			m.Values[name] = row[j+1]
		}
		for j, name := range rows[0][known:] {
			if text := row[known+j]; text != "" {
				m.Values[name] = text
			}
		}
		for _, text := range strings.Fields(row[known-1]) {
			between, hash, ok := strings.Cut(text, "=")
			if !ok {
				return nil, fmt.Errorf("line %d: %q isn't NAME=HASH", i+2, text)
			}
			m.Generated[between] = hash
		}
		if m.Stage() == "" || like[m.Stage()] != "" {
			return nil, fmt.Errorf("line %d: stage %q is missing, or there twice", i+2, m.Stage())
		}
		like[m.Stage()] = m.Like
		members = append(members, m)
	}
	for _, m := range members {
		if like[m.Like] != m.Like {
			return nil, fmt.Errorf("stage %s is like %s, which doesn't stand for itself", m.Stage(), m.Like)
		}
	}
	return members, nil
}
