// Package deployment reads what is checked together: cloud assemblies,
// CloudFormation templates, folders of them, or what a file says of templates and
// of the accounts and Regions that they are for.
package deployment

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
)

// Options are what the templates don't say. They hold for every template that is
// in no assembly, unless the file that names it says otherwise.
type Options struct {
	Account, Region string            // "": not known
	Parameters      map[string]string // by name; those that a template has

	Exclude []string // patterns of what in folders isn't read: a name, or a path below the folder

	Progress func(file string) // called with each file; may be nil
}

// Deployment is what Read has read.
type Deployment struct {
	Stacks  []*template.Stack
	Skipped int // files in folders that are no templates

	options Options
	plain   []plain
}

// plain is a template that is in no assembly.
type plain struct {
	stack *template.Stack
	path  string // below the folder that was given, or the file's name
	named bool   // by the file that names the template
}

// whole is the path, of a file that was given by itself as it was given.
func (p plain) whole() string {
	if p.path == filepath.Base(p.path) {
		return p.stack.File
	}
	return p.path
}

// Read reads what the paths name; each is an assembly, a template, or a folder
// with any number of both. All of it is one deployment: stacks find each other's
// outputs, and ARNs lead from one to another. The error joins all that is wrong.
func Read(paths []string, o Options) (*Deployment, error) {
	r := &reader{Options: o, paths: paths, unused: slices.Clone(o.Exclude), files: map[string]bool{}}
	if err := r.checkOptions(); err != nil {
		return nil, err
	}
	for _, path := range paths {
		r.path(path)
	}
	return r.deployment()
}

// reader collects templates, and what is wrong.
type reader struct {
	Options
	paths   []string
	stacks  []*template.Stack
	plain   []plain
	skipped int
	unused  []string        // of Exclude
	files   map[string]bool // those read: a folder may have one that is named too
	errs    []error
}

func (r *reader) errorf(format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf(format, args...))
}

func (r *reader) path(path string) {
	info, err := os.Stat(path)
	switch {
	case err != nil && filepath.Ext(path) != "" && filepath.Base(path) != "cdk.out":
		r.template(path, filepath.Base(path)) // says that there is no such file
	case err != nil || isAssembly(path):
		r.assembly(path)
	case info.IsDir():
		r.folder(path)
	default:
		r.template(path, filepath.Base(path))
	}
}

func (r *reader) assembly(dir string) {
	r.progress(dir)
	a, err := template.ReadAssembly(dir)
	if err != nil {
		r.errs = append(r.errs, err)
		return
	}
	r.stacks = append(r.stacks, a.Stacks...)
}

// template reads a file that has to be a template.
func (r *reader) template(file, path string) {
	if s, err := r.read(file); err != nil {
		r.errs = append(r.errs, err)
	} else if s != nil {
		r.add(plain{stack: s, path: path})
	}
}

// read is nil for a file that was read before.
func (r *reader) read(file string) (*template.Stack, error) {
	if r.files[filepath.Clean(file)] {
		return nil, nil
	}
	r.files[filepath.Clean(file)] = true
	r.progress(file)
	return template.ReadTemplate(file, r.Account, r.Region)
}

// add gives a template what Options hold for it.
func (r *reader) add(p plain) {
	p.stack.Parameters = parametersOf(p.stack, r.Parameters)
	r.stacks = append(r.stacks, p.stack)
	r.plain = append(r.plain, p)
}

func (r *reader) progress(file string) {
	if r.Progress != nil {
		r.Progress(file)
	}
}

func (r *reader) deployment() (*Deployment, error) {
	if len(r.errs) == 0 {
		r.nameApart()
		r.checkUse()
	}
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	return &Deployment{template.NewAssembly(r.stacks...).Stacks, r.skipped, r.Options, r.plain}, nil
}

// nameApart names templates that would be the same stack by their paths, and, if
// that isn't enough, with the extensions.
func (r *reader) nameApart() {
	for _, longer := range []func(plain) string{
		func(p plain) string { return p.whole() },
		func(p plain) string { return strings.ReplaceAll(p.whole(), ".", "-") },
	} {
		stacks := map[place]int{}
		for _, s := range r.stacks {
			stacks[placeOf(s)]++
		}
		for _, p := range r.plain {
			if stacks[placeOf(p.stack)] > 1 && !p.named {
				p.stack.Name = template.StackName(longer(p))
			}
		}
	}
	places := map[place]*template.Stack{}
	for _, s := range r.stacks {
		if other := places[placeOf(s)]; other != nil {
			r.errorf("%s: a second stack %s in %s; the first is %s: check them one by one, or name them in a file for --deployment", s.File, s.Name, environment(s), other.File)
		}
		places[placeOf(s)] = s
	}
}

// place is what tells stacks apart.
type place struct{ name, account, region string }

func placeOf(s *template.Stack) place { return place{s.Name, s.Account, s.Region} }

func environment(s *template.Stack) string {
	return cmp.Or(s.Account, "any account") + "/" + cmp.Or(s.Region, "any Region")
}

// names are those of stacks, each once.
func names(stacks []*template.Stack) []string {
	var list []string
	for _, s := range stacks {
		list = append(list, s.Name)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
