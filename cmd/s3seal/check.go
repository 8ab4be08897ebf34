package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/snapshot"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
)

type checkCmd struct {
	Path       []string          `arg:"" optional:"" default:"cdk.out" help:"Cloud assembly: the folder that cdk synth wrote; or CloudFormation templates, JSON or YAML."`
	Accounts   []string          `help:"Accounts that may stand in the templates beside each stack's own. Default, for cdk.out: those of stages.yaml." placeholder:"ACCOUNT"`
	Account    string            `help:"Account of templates that aren't in an assembly."`
	Region     string            `help:"Region of templates that aren't in an assembly."`
	Parameters map[string]string `help:"Values of parameters of templates that aren't in an assembly." placeholder:"NAME=VALUE"`
	Before     string            `help:"Cloud assembly, or a snapshot of one, as it was deployed last: finds what an update would lose."`
	JSON       bool              `name:"json" help:"Print the report as JSON."`
	Strict     bool              `help:"Fail on warnings too."`
}

// Run prints a report. Its error says how much is wrong.
func (c *checkCmd) Run(stdout io.Writer) error {
	stacks, err := c.stacks()
	if err != nil {
		return err
	}
	file, err := stagesFile(c.Path...)
	if err != nil {
		return err
	}
	options := rule.Options{Accounts: c.Accounts}
	if len(c.Accounts) == 0 && file != nil {
		options.Accounts = file.Accounts()
	}
	if c.Before != "" {
		if err := c.compareWithBefore(&options, stacks, file); err != nil {
			return err
		}
	}
	report := rule.Check(stacks, options)
	if c.JSON {
		encoder := json.NewEncoder(stdout)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(report)
	} else {
		err = printReport(stdout, report)
		if len(report.Findings) == 0 {
			fmt.Fprintf(stdout, "no findings: %s in %s\n", count(len(rule.All()), "rule"), count(len(stacks), "stack"))
		}
	}
	if err != nil {
		return err
	}
	errs, warnings := report.Count(rule.Error), report.Count(rule.Warning)
	if errs > 0 || c.Strict && warnings > 0 {
		return fmt.Errorf("%s, %s", count(errs, "error"), count(warnings, "warning"))
	}
	return nil
}

// stacks reads an assembly, or templates one by one.
func (c *checkCmd) stacks() ([]*template.Stack, error) {
	if len(c.Path) == 1 && !isTemplate(c.Path[0]) {
		if c.Account != "" || c.Region != "" || len(c.Parameters) > 0 {
			return nil, fmt.Errorf("%s is an assembly: it has its own accounts, Regions and parameters; leave out --account, --region and --parameters", c.Path[0])
		}
		a, err := template.ReadAssembly(c.Path[0])
		if err != nil {
			return nil, err
		}
		return a.Stacks, nil
	}
	var list []*template.Stack
	var errs []error
	for _, file := range c.Path {
		s, err := template.ReadTemplate(file, c.Account, c.Region)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		s.Parameters = map[string]string{}
		for name, value := range c.Parameters {
			if s.Template.Parameters[name] != nil {
				s.Parameters[name] = value
			}
		}
		list = append(list, s)
	}
	return template.NewAssembly(list...).Stacks, errors.Join(errs...)
}

// isTemplate: an assembly is a folder. What isn't there is told by its name.
func isTemplate(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return filepath.Ext(path) != "" && filepath.Base(path) != "cdk.out"
	}
	return !info.IsDir()
}

// stagesFile is the stages.yaml that cdk.out was made from; nil for none.
func stagesFile(path ...string) (*stage.File, error) {
	if len(path) != 1 || filepath.Clean(path[0]) != "cdk.out" {
		return nil, nil
	}
	file, err := stage.Load("stages.yaml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return file, err
}

// compareWithBefore adds what --before has. A stage of it of which the checked
// stacks have nothing was left out when they were made, as `-c stage=` does,
// unless stages.yaml says that there is no such stage any more.
func (c *checkCmd) compareWithBefore(o *rule.Options, stacks []*template.Stack, file *stage.File) error {
	before, err := template.ReadAssembly(c.Before)
	if err != nil {
		return err
	}
	o.Before = before.Stacks
	if file != nil {
		o.Acknowledge = file.Acknowledge
		if o.Taken, err = snapshot.ReadLog(c.Before); err != nil {
			return err
		}
	}
	here := stagesIn(stacks)
	var compared, absent []string
	for _, name := range stagesIn(before.Stacks) {
		if slices.Contains(here, name) || file != nil && !slices.Contains(file.Names(), name) {
			compared = append(compared, name)
		} else {
			absent = append(absent, name)
		}
	}
	if len(absent) > 0 {
		o.Stages = append(compared, here...)
		for _, name := range absent {
			fmt.Fprintf(os.Stderr, "not compared: %s is not in %s: run make synth\n", name, strings.Join(c.Path, ", "))
		}
	}
	return nil
}

// stagesIn are the stages of stages.yaml that stacks are of.
func stagesIn(stacks []*template.Stack) []string { return distinct(stacks, (*template.Stack).OfStage) }

// distinct are the names that stacks are given, in their order; "" is none.
func distinct(stacks []*template.Stack, name func(*template.Stack) string) []string {
	var list []string
	for _, s := range stacks {
		if n := name(s); n != "" && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

func printReport(w io.Writer, report rule.Report) error {
	var b strings.Builder
	for _, f := range report.Findings {
		at := ""
		if f.PropertyPath != "" {
			at = f.PropertyPath + ": "
		}
		fmt.Fprintf(&b, "%-7s  %s  %s  %s%s\n         fix: %s\n", f.Severity, f.Rule, f.Place(), at, f.Message, f.Fix)
	}
	for _, a := range report.Acknowledged {
		fmt.Fprintf(&b, "%-7s  %s  %s  acknowledged: %s\n", "ok", a.Rule, a.Place(), a.Because)
	}
	for _, cause := range report.Causes() {
		fmt.Fprintf(&b, "unknown  %s\n         at %s; leaves open: %s\n", cause.Why, some(cause.Places), strings.Join(cause.Rules, ", "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// some are the first places of a list.
func some(places []string) string {
	const most = 3
	if len(places) <= most {
		return strings.Join(places, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(places[:most], ", "), len(places)-most)
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
