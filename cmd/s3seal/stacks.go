package main

import (
	"fmt"
	"io"
	"os"
	"slices"
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
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.Name, orUnknown(s.Account), orUnknown(s.Region), contents(s))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if out := leftOut(c.Assembly, assembly); len(out) > 0 {
		fmt.Fprintf(os.Stderr, "not in %s: %s: run make synth for all stages\n", c.Assembly, strings.Join(out, ", "))
	}
	return nil
}

func orUnknown(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// kinds are the resource types that the table counts, as people call them.
var kinds = []struct{ typ, one, many string }{
	{"AWS::S3::Bucket", "bucket", "buckets"},
	{"AWS::KMS::Key", "key", "keys"},
	{"AWS::SecretsManager::Secret", "secret", "secrets"},
	{"AWS::Lambda::Function", "function", "functions"},
	{"AWS::IAM::Role", "role", "roles"},
}

func contents(s *template.Stack) string {
	var parts []string
	for _, k := range kinds {
		switch n := len(s.ResourcesOfType(k.typ)); n {
		case 0:
		case 1:
			parts = append(parts, "1 "+k.one)
		default:
			parts = append(parts, fmt.Sprintf("%d %s", n, k.many))
		}
	}
	other := slices.DeleteFunc(s.Resources(), func(r *template.Resource) bool {
		return slices.ContainsFunc(kinds, func(k struct{ typ, one, many string }) bool { return k.typ == r.Type })
	})
	if len(other) > 0 {
		parts = append(parts, fmt.Sprintf("%d more", len(other)))
	}
	return strings.Join(parts, ", ")
}
