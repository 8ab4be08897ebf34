package report

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
)

// place is where something stands in a file; 0 where that isn't known.
type place struct {
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
}

// in is the place as editors and terminals know it.
func (p place) in(file string) string {
	if p.Line == 0 {
		return file
	}
	return fmt.Sprintf("%s:%d:%d", file, p.Line, p.Column)
}

// sources are the texts of templates. One is read when a place in it is first
// asked for: a report without findings reads none.
type sources map[string]*cfn.Source

// place finds a resource, or what path leads to from it. A path may also begin
// at a section of the template.
func (s *sources) place(file, logicalID, path string) place {
	if *s == nil {
		*s = sources{}
	}
	source, read := (*s)[file]
	if !read {
		// A template was read before; one that can't be read again has no lines.
		if data, err := os.ReadFile(file); err == nil {
			source, _ = cfn.ReadSource(data)
		}
		(*s)[file] = source
	}
	if source == nil {
		return place{}
	}
	line, column := source.Place(fromRoot(logicalID, path))
	return place{line, column}
}

// sections are those that a path may begin at which isn't one from the resource.
var sections = []string{"Conditions", "Mappings", "Outputs", "Parameters", "Resources", "Rules"}

func fromRoot(logicalID, path string) string {
	section, _, _ := strings.Cut(path, ".")
	switch {
	case logicalID == "" || slices.Contains(sections, section):
		return path
	case path == "":
		return "Resources." + logicalID
	}
	return "Resources." + logicalID + "." + path
}

// reference is a file as a URI: relative to the working directory, which is that
// of the repository where code hosts run a command, or absolute where it lies
// elsewhere.
func reference(file string) (uri string, relative bool) {
	full, err := filepath.Abs(file)
	if err != nil {
		full = file
	}
	if here, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(here, full); err == nil && filepath.IsLocal(rel) {
			return (&url.URL{Path: filepath.ToSlash(rel)}).String(), true
		}
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(full)}).String(), false
}
