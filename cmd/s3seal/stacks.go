package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/s3seal/s3seal/internal/template"
)

type stacksCmd struct {
	Assembly string `arg:"" optional:"" default:"cdk.out" help:"Cloud assembly: the folder that cdk synth wrote."`
	All      bool   `help:"A row for each stack. Of more than two dozen, those that have the same name in their stage, and contain the same, are else one row."`
}

// Run prints a table of the stacks, in the order of deployment.
func (c *stacksCmd) Run(stdout io.Writer) error {
	assembly, err := template.ReadAssembly(c.Assembly)
	if err != nil {
		return err
	}
	const few = 24
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "STACK\tACCOUNT\tREGION\tCONTAINS")
	for _, r := range rows(assembly.Stacks, !c.All && len(assembly.Stacks) > few) {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.name(), r.places("account", func(s *template.Stack) string { return s.Account }),
			r.places("Region", func(s *template.Stack) string { return s.Region }), r.contains)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if out := leftOut(c.Assembly, assembly); len(out) > 0 {
		fmt.Fprintf(os.Stderr, "not in %s: %s: run make synth for all stages\n", c.Assembly, someOf(out))
	}
	return nil
}

// row is a row of the table: stacks that contain the same.
type row struct {
	stacks   []*template.Stack
	contains string
}

// rows has one for each stack, or folds those of many stages.
func rows(stacks []*template.Stack, fold bool) []*row {
	var list []*row
	of := map[[2]string]*row{}
	for _, s := range stacks {
		contains := contents(s)
		key := [2]string{inStage(s), contains}
		if fold && s.OfStage() != "" && of[key] != nil {
			of[key].stacks = append(of[key].stacks, s)
			continue
		}
		of[key] = &row{[]*template.Stack{s}, contains}
		list = append(list, of[key])
	}
	return list
}

// inStage is a stack's name without that of its stage.
func inStage(s *template.Stack) string { return strings.TrimPrefix(s.Name, s.OfStage()) }

func (r *row) name() string {
	first := r.stacks[0]
	if n := len(r.stacks); n > 1 {
		return fmt.Sprintf("*%s of %d stages", inStage(first), n)
	}
	return first.Name
}

// places is where the stacks are, or how many such places there are.
func (r *row) places(thing string, of func(*template.Stack) string) string {
	if list := distinct(r.stacks, of); len(list) > 1 {
		return count(len(list), thing)
	}
	return cmp.Or(of(r.stacks[0]), "-")
}

// someOf are the first names of a list, and how many follow.
func someOf(names []string) string {
	const most = 8
	if n := len(names) - most; n > 1 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), n)
	}
	return strings.Join(names, ", ")
}

// kinds are the resource types that the table counts, as people call them.
var kinds = []struct{ typ, thing string }{
	{"AWS::S3::Bucket", "bucket"},
	{"AWS::KMS::Key", "key"},
	{"AWS::SecretsManager::Secret", "secret"},
	{"AWS::Lambda::Function", "function"},
	{"AWS::IAM::Role", "role"},
}

func contents(s *template.Stack) string {
	resources := s.Resources()
	var parts []string
	other := len(resources)
	for _, k := range kinds {
		n := 0
		for _, r := range resources {
			if r.Type == k.typ {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, count(n, k.thing))
			other -= n
		}
	}
	if other > 0 {
		parts = append(parts, fmt.Sprintf("%d more", other))
	}
	return strings.Join(parts, ", ")
}
