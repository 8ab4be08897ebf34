package main

import (
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"strings"
	"testing"
)

// Another module can call a function only with what it can name: a signature
// with an internal type is a door without a handle.
func TestNoExportedSignatureNamesAnInternalType(t *testing.T) {
	files, importable := map[string]string{}, []string{}
	for _, p := range goList(t, "-export", "-deps", "./constructs/...", "./encryption/...", "./iam/...", "./localaws/...", "./logdelivery/...", "./policy/...") {
		files[p.ImportPath] = p.Export
		if strings.HasPrefix(p.ImportPath, module+"/") && !isInternal(p.ImportPath) {
			importable = append(importable, p.ImportPath)
		}
	}
	from := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(files[path]) })
	for _, path := range importable {
		p, err := from.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, leak := range leaks(p) {
			t.Errorf("%s: %s", short(path), leak)
		}
	}
	if len(importable) < 12 {
		t.Errorf("only %v are looked at", importable)
	}
}

func isInternal(path string) bool {
	return strings.HasPrefix(path, module) && strings.Contains(path+"/", "/internal/")
}

// leaks are the exported declarations of a package that name an internal type.
func leaks(p *types.Package) []string {
	var found []string
	for _, name := range p.Scope().Names() {
		o := p.Scope().Lookup(name)
		if !o.Exported() {
			continue
		}
		report := func(at string, of types.Type) {
			for _, n := range internalTypes(of) {
				found = append(found, fmt.Sprintf("%s%s names %s", name, at, n))
			}
		}
		named, ok := o.Type().(*types.Named)
		if _, isType := o.(*types.TypeName); !ok || !isType {
			report("", o.Type())
			continue
		}
		report("", named.Underlying())
		for m := range named.Methods() {
			if m.Exported() {
				report("."+m.Name(), m.Type())
			}
		}
	}
	return found
}

// internalTypes are the internal types in a type, as another package sees it.
func internalTypes(t types.Type) []string {
	switch t := t.(type) {
	case *types.Alias:
		return internalTypes(types.Unalias(t))
	case *types.Named:
		var found []string
		if o := t.Obj(); o.Pkg() != nil && isInternal(o.Pkg().Path()) {
			found = append(found, o.Pkg().Path()+"."+o.Name())
		}
		for arg := range t.TypeArgs().Types() {
			found = append(found, internalTypes(arg)...)
		}
		return found
	case *types.Struct:
		var found []string
		for f := range t.Fields() {
			if f.Exported() || f.Embedded() {
				found = append(found, internalTypes(f.Type())...)
			}
		}
		return found
	case *types.Interface:
		var found []string
		for m := range t.Methods() {
			found = append(found, internalTypes(m.Type())...)
		}
		return found
	case *types.Signature:
		return append(internalTypes(t.Params()), internalTypes(t.Results())...)
	case *types.Tuple:
		var found []string
		for v := range t.Variables() {
			found = append(found, internalTypes(v.Type())...)
		}
		return found
	case *types.Map:
		return append(internalTypes(t.Key()), internalTypes(t.Elem())...)
	case interface{ Elem() types.Type }: // pointer, slice, array, channel
		return internalTypes(t.Elem())
	}
	return nil
}
