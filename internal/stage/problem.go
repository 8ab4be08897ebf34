package stage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/s3seal/s3seal/internal/spelling"
)

// Problem is one mistake in a stages.yaml.
type Problem struct {
	File string // the name that Load or Parse was given, or that of a file of accounts

	// Line and Column count from 1, columns in characters. Both are 0 for a
	// problem of the file as a whole, such as an empty one.
	Line, Column int

	Path    string // the field, such as "stages.prod.replica.account"; "" for the whole file
	Message string // what is wrong, and after a colon what to write instead; one line
}

// String returns "file:line:column: message".
func (p Problem) String() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.File, p.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
}

// Errors holds all problems of a file, in the order of their positions.
type Errors []Problem

// mostLines is how many problems people are told at once: a list of accounts that
// a program has spoilt has one in each row.
const mostLines = 100

// Error returns one line for each problem, of very many for the first.
func (e Errors) Error() string {
	var lines []string
	for i, p := range e {
		if i == mostLines {
			lines = append(lines, fmt.Sprintf("%d more problems", len(e)-i))
			break
		}
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

// sort puts the problems of the file first, and then those of the files that it
// names.
func (e Errors) sort(first string) {
	rank := func(p Problem) string {
		if p.File == first {
			return ""
		}
		return p.File
	}
	slices.SortStableFunc(e, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Path, b.Path))
	})
}

// place is where something stands in a file.
type place struct {
	line, column int
	file         string // "": stages.yaml
}

// document collects what is known about a file while it is read: where each
// field stands, and what is wrong with it.
type document struct {
	name     string
	folder   string           // of the files that it names; "": they aren't read
	places   map[string]place // by path, for every field that the file has
	bad      map[string]bool  // paths that have a problem
	problems Errors

	shared   []*yaml.Node         // what is said of many stages
	members  map[string]*member   // the stages of groups, by name
	groups   map[string]int       // how many stages each has
	filled   map[*yaml.Node]place // nodes that are made of a list of accounts: where their text is from
	patterns map[string]place     // by path, of a text of that kind: where its placeholders stand
	tables   map[string]*table    // the files of accounts, by name
	uses     map[string][]string  // the columns that groups use or ignore, by file of accounts
}

// report records a problem of the field at path, at the field's place or, where
// the file lacks it, at that of the nearest field around it. A path's first
// problem is its only one: what follows from it would only distract.
func (d *document) report(path, format string, args ...any) {
	d.reportAt(d.places[d.nearest(path)], path, format, args...)
}

// reportAt does so for a place that is known.
func (d *document) reportAt(at place, path, format string, args ...any) {
	if d.bad[path] {
		return
	}
	d.bad[path] = true
	d.problems = append(d.problems, Problem{
		File: d.fileOf(at), Line: at.line, Column: at.column, Path: path, Message: fmt.Sprintf(format, args...),
	})
}

// nearest returns the path of the field, or of the nearest field around it that
// the file has; "" is the file's.
func (d *document) nearest(path string) string {
	for !d.has(path) && path != "" {
		path = parent(path)
	}
	return path
}

func (d *document) fileOf(at place) string { return cmp.Or(at.file, d.name) }

// has reports whether the file has the field at path.
func (d *document) has(path string) bool {
	_, ok := d.places[path]
	return ok
}

// failedItem reports whether the list at path, or one of its items, has a problem.
func (d *document) failedItem(path string, items int) bool {
	for i := range items {
		if d.bad[fmt.Sprintf("%s[%d]", path, i)] {
			return true
		}
	}
	return d.failed(path)
}

// failedBelow reports whether anything at path, or below, has a problem.
func (d *document) failedBelow(path string) bool {
	for bad := range d.bad {
		if strings.HasPrefix(bad, path) {
			return true
		}
	}
	return false
}

// failed reports whether path, or a field around it, has a problem, so that
// nothing can be said about its value.
func (d *document) failed(path string) bool {
	if len(d.bad) == 0 {
		return false
	}
	for ; path != ""; path = parent(path) {
		if d.bad[path] {
			return true
		}
	}
	return false
}

// where returns path's place as "file:line:column", for messages about it.
func (d *document) where(path string) string {
	return d.placeName(d.places[path])
}

func (d *document) placeName(at place) string {
	return fmt.Sprintf("%s:%d:%d", d.fileOf(at), at.line, at.column)
}

// parent returns the path of the field around path.
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}

// quote returns s in double quotes, on one line and not too long for it.
func quote(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return fmt.Sprintf("%q...", string(r[:most]))
	}
	return fmt.Sprintf("%q", s)
}

// oneOf returns "a, b or c".
func oneOf[T ~string](words []T) string {
	var b strings.Builder
	for i, w := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			b.WriteString(" or ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	return b.String()
}

// mostNamed is how many words a message lists.
const mostNamed = 10

// suggest says which of the known words to write instead of word: the nearest
// ones if there are any near, all of them otherwise, or some of many.
func suggest[T ~string](word string, known []T) string {
	if near := spelling.Similar(word, known); len(near) > 0 {
		return fmt.Sprintf("did you mean %s?", oneOf(near))
	}
	if len(known) > mostNamed {
		return fmt.Sprintf("write one of the %d, such as %s", len(known), oneOf(known[:3]))
	}
	return "write " + oneOf(known)
}
