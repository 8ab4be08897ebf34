package stage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/spelling"
)

// Problem is one mistake in a stages.yaml.
type Problem struct {
	File string // the name that Load or Parse was given

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

// Error returns one line for each problem.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, p := range e {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func (e Errors) sort() {
	slices.SortStableFunc(e, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Path, b.Path))
	})
}

// place is where something stands in the file.
type place struct{ line, column int }

// document collects what is known about a file while it is read: where each
// field stands, and what is wrong with it.
type document struct {
	name     string
	folder   string           // of the files that it names; "": they aren't read
	places   map[string]place // by path, for every field that the file has
	bad      map[string]bool  // paths that have a problem
	problems Errors
}

// report records a problem of the field at path, at the field's place or, where
// the file lacks it, at that of the nearest field around it. A path's first
// problem is its only one: what follows from it would only distract.
func (d *document) report(path, format string, args ...any) {
	if d.bad[path] {
		return
	}
	d.bad[path] = true
	at, outer := place{}, path
	for {
		var ok bool
		if at, ok = d.places[outer]; ok || outer == "" {
			break
		}
		outer = parent(outer)
	}
	d.problems = append(d.problems, Problem{
		File: d.name, Line: at.line, Column: at.column, Path: path, Message: fmt.Sprintf(format, args...),
	})
}

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

// failed reports whether path, or a field around it, has a problem, so that
// nothing can be said about its value.
func (d *document) failed(path string) bool {
	for ; path != ""; path = parent(path) {
		if d.bad[path] {
			return true
		}
	}
	return false
}

// where returns path's place as "file:line:column", for messages about it.
func (d *document) where(path string) string {
	at := d.places[path]
	return fmt.Sprintf("%s:%d:%d", d.name, at.line, at.column)
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

// suggest says which of the known words to write instead of word: the nearest
// ones if there are any near, all of them otherwise.
func suggest[T ~string](word string, known []T) string {
	if near := spelling.Similar(word, known); len(near) > 0 {
		return fmt.Sprintf("did you mean %s?", oneOf(near))
	}
	return "write " + oneOf(known)
}
