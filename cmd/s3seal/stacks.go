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
}

// Run prints a table with a row for each stack, in the order of deployment.
func (c *stacksCmd) Run(stdout io.Writer) error {
	assembly, err := template.ReadAssembly(c.Assembly)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "STACK\tACCOUNT\tREGION\tCONTAINS")
	for _, s := range assembly.Stacks {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.Name, cmp.Or(s.Account, "-"), cmp.Or(s.Region, "-"), contents(s))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if out := leftOut(c.Assembly, assembly); len(out) > 0 {
		fmt.Fprintf(os.Stderr, "not in %s: %s: run make synth for all stages\n", c.Assembly, strings.Join(out, ", "))
	}
	return nil
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
	var parts []string
	other := len(s.Resources())
	for _, k := range kinds {
		if n := len(s.ResourcesOfType(k.typ)); n > 0 {
			parts = append(parts, count(n, k.thing))
			other -= n
		}
	}
	if other > 0 {
		parts = append(parts, fmt.Sprintf("%d more", other))
	}
	return strings.Join(parts, ", ")
}
