package deployment

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
)

// extensions are those of the files in a folder that may be templates.
var extensions = []string{".json", ".template", ".yaml", ".yml"}

// folder reads the assemblies and templates in a folder and below. Folders that
// are hidden, or that npm fills with the files of others, are left out.
func (r *reader) folder(dir string) {
	before := len(r.stacks) + len(r.errs)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			r.errs = append(r.errs, err)
		case path != dir && r.excluded(dir, path):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir() && path != dir && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules"):
			return fs.SkipDir
		case entry.IsDir() && isAssembly(path):
			r.assembly(path)
			return fs.SkipDir
		case !entry.IsDir() && slices.Contains(extensions, filepath.Ext(path)):
			r.maybeTemplate(dir, path)
		}
		return nil
	})
	if err != nil {
		r.errs = append(r.errs, err)
	}
	if before == len(r.stacks)+len(r.errs) {
		r.errorf("%s: no cloud assembly, which cdk synth writes, and no template is in it", dir)
	}
}

// maybeTemplate reads a file if it is a template.
func (r *reader) maybeTemplate(dir, file string) {
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() || info.Size() > cfn.MaxSize {
		r.skipped++
		return
	}
	s, err := r.read(file)
	switch {
	case err != nil && isTemplate(file):
		r.errs = append(r.errs, err)
	case err != nil:
		r.skipped++
	case s != nil:
		r.add(plain{stack: s, path: below(dir, file)})
	}
}

// below is the path of a file in a folder.
func below(dir, file string) string {
	path, err := filepath.Rel(dir, file)
	if err != nil {
		return filepath.Base(file)
	}
	return path
}

func (r *reader) excluded(dir, file string) bool {
	for _, pattern := range r.Exclude {
		for _, name := range []string{filepath.Base(file), below(dir, file)} {
			if match, err := filepath.Match(pattern, name); match && err == nil {
				r.unused = slices.DeleteFunc(r.unused, func(p string) bool { return p == pattern })
				return true
			}
		}
	}
	return false
}

// isAssembly tells a cloud assembly, which has a manifest with artifacts, from
// folders with a manifest of another kind.
func isAssembly(dir string) bool {
	data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		return false
	}
	var manifest struct {
		Artifacts json.RawMessage `json:"artifacts"`
	}
	err = json.Unmarshal(data, &manifest)
	var broken *json.SyntaxError
	return errors.As(err, &broken) || manifest.Artifacts != nil
}

// section is how a template that can't be read is known: by a line that begins
// what only templates have.
var section = regexp.MustCompile(`(?m)^(?:\{?[\t ]*"|')?(?:AWSTemplateFormatVersion|Resources)["']?[\t ]*:`)

// isTemplate tells whether a file that is refused as a template is meant as one.
// Without resources there is nothing to check in it.
func isTemplate(file string) bool {
	data, err := os.ReadFile(file)
	if err != nil {
		return true
	}
	document, err := cfn.Decode(data)
	if err != nil {
		return section.Match(data)
	}
	body, _ := document.Value.(map[string]any)
	resources, _ := body["Resources"].(map[string]any)
	if _, versioned := body["AWSTemplateFormatVersion"]; versioned && len(resources) > 0 {
		return true
	}
	for _, entry := range resources {
		resource, _ := entry.(map[string]any)
		if typ, _ := resource["Type"].(string); strings.Contains(typ, "::") {
			return true
		}
	}
	return false
}
