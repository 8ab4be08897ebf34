package deployment

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
)

// problem is what is wrong at a place of the file.
type problem struct {
	line, column int
	text         string
}

// wrong reports what is wrong at a path of the file.
func (l *list) wrong(at, format string, args ...any) {
	line, column := l.source.Place(at)
	l.problems = append(l.problems, problem{max(line, 1), max(column, 1), fmt.Sprintf(format, args...)})
}

// checkFields reports the keys of a mapping that nothing reads.
func (l *list) checkFields(mapping map[string]any, at string, known ...string) {
	for _, key := range slices.Sorted(maps.Keys(mapping)) {
		if !slices.Contains(known, key) {
			l.wrong(strings.TrimPrefix(at+"."+key, "."), "unknown field %q%s", key, instead(key, known))
		}
	}
}

// text is a scalar's text, "" where there is none.
func (l *list) text(value any, at string) string {
	text, ok := cfn.ScalarText(value)
	if !ok && value != nil {
		l.wrong(at, "must be text, not %s", cfn.KindOf(value))
	}
	return text
}

// beside is a path that begins at the folder of the file.
func (l *list) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(l.file), path)
}

func filesIn(dir string) []string {
	var list []string
	entries, _ := os.ReadDir(dir) // for a suggestion only
	for _, entry := range entries {
		list = append(list, entry.Name())
	}
	return list
}
