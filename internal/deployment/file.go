package deployment

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/internal/template"
)

// ReadFile reads the templates that a file names, with the name, account, Region
// and parameters of each:
//
//	stacks:
//	  - template: source.yaml
//	    account: "111122223333"
//	    region: us-east-1
//	    parameterFiles: [source.json]
//	  - template: destination.yaml
//	    name: replica
//	    account: "444455556666"
//	    region: eu-west-1
//	    parameters: {Prefix: acme}
//
// Paths in it begin at its folder.
func ReadFile(file string, o Options) (*Deployment, error) {
	r := &reader{Options: o, files: map[string]bool{}}
	if err := r.checkOptions(); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, unreadable(file, err)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, fmt.Errorf("%s: names no stacks: %s", file, shape)
	}
	l := &list{reader: r, file: file}
	document, err := cfn.Decode(data)
	if err == nil {
		l.source, err = cfn.ReadSource(data)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for _, twice := range document.Duplicates {
		l.problems = append(l.problems, problem{twice.Line, twice.Column, twice.Path + " is given twice: keep one"})
	}
	l.read(document.Value)
	slices.SortStableFunc(l.problems, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	for _, p := range l.problems {
		r.errorf("%s:%d:%d: %s", file, p.line, p.column, p.text)
	}
	return r.deployment()
}

// list is a file that names templates.
type list struct {
	*reader
	file     string
	source   *cfn.Source
	problems []problem
}

const shape = "write stacks: [{template: FILE, account: ACCOUNT, region: REGION}]"

func (l *list) read(value any) {
	top, ok := value.(map[string]any)
	if !ok {
		l.wrong("", "names no stacks: %s", shape)
		return
	}
	l.checkFields(top, "", "stacks")
	stacks, ok := top["stacks"].([]any)
	if !ok || len(stacks) == 0 {
		l.wrong("stacks", "no list of stacks: %s", shape)
	}
	for i, entry := range stacks {
		at := fmt.Sprintf("stacks[%d]", i)
		if stack, ok := entry.(map[string]any); ok {
			l.stack(stack, at)
		} else {
			l.wrong(at, "not a stack: %s", shape)
		}
	}
}

func (l *list) stack(entry map[string]any, at string) {
	l.checkFields(entry, at, "template", "name", "account", "region", "parameters", "parameterFiles")
	file := l.text(entry["template"], at+".template")
	if entry["template"] == nil {
		l.wrong(at, "the stack has no template: %s", shape)
	}
	account, region, name := l.text(entry["account"], at+".account"), l.text(entry["region"], at+".region"), l.text(entry["name"], at+".name")
	if err := CheckAccount(account); err != nil {
		l.wrong(at+".account", "%v", err)
	}
	if err := checkRegion(region); err != nil {
		l.wrong(at+".region", "%v", err)
	}
	if name != "" && template.StackName(name) != name {
		l.wrong(at+".name", "%q: a stack's name has letters, digits and hyphens", name)
	}
	if file == "" {
		return
	}
	path := l.beside(file)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		l.wrong(at+".template", "%s: no such file%s", path, instead(filepath.Base(path), filesIn(filepath.Dir(path))))
		return
	}
	l.progress(path)
	s, err := template.ReadTemplate(path, cmp.Or(account, l.Account), cmp.Or(region, l.Region))
	if err != nil {
		l.errs = append(l.errs, err)
		return
	}
	s.Name = cmp.Or(name, s.Name)
	l.add(plain{stack: s, path: file, named: name != ""})
	l.parameters(s, entry, at)
}

// parameters are those of the files and, before these, those that the entry has.
func (l *list) parameters(s *template.Stack, entry map[string]any, at string) {
	files, ok := entry["parameterFiles"].([]any)
	if !ok && entry["parameterFiles"] != nil {
		l.wrong(at+".parameterFiles", "must be a list of files")
	}
	for i, one := range files {
		at := fmt.Sprintf("%s.parameterFiles[%d]", at, i)
		file := l.text(one, at)
		if file == "" {
			continue
		}
		values, err := readParameters(l.beside(file))
		if err != nil {
			l.wrong(at, "%v", err)
		}
		l.give(s, values, func(string) string { return at })
	}
	own, ok := entry["parameters"].(map[string]any)
	if !ok && entry["parameters"] != nil {
		l.wrong(at+".parameters", "must be a mapping of names to values")
	}
	values := map[string]string{}
	for name, value := range own {
		values[name] = l.text(value, at+".parameters."+name)
	}
	l.give(s, values, func(name string) string { return at + ".parameters." + name })
}

// give sets values of parameters. CloudFormation refuses those that a template
// doesn't have.
func (l *list) give(s *template.Stack, values map[string]string, place func(name string) string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if s.Template.Parameters[name] == nil {
			l.wrong(place(name), "%s has no parameter %s%s", s.File, name, instead(name, parameterNames(s)))
			continue
		}
		s.Parameters[name] = values[name]
	}
}
