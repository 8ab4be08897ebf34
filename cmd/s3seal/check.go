package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/deployment"
	"github.com/s3seal/s3seal/internal/report"
	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/snapshot"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
)

type checkCmd struct {
	Path       []string          `arg:"" optional:"" help:"Cloud assembly: the folder that cdk synth wrote, by default cdk.out; CloudFormation templates, JSON or YAML; or folders with any number of these. All are checked as one deployment."`
	Deployment string            `help:"Templates of several accounts or Regions: a YAML file instead of PATH, such as {stacks: [{template: FILE, account: ACCOUNT, region: REGION}]}. A stack may have a name, parameters, and parameterFiles too." placeholder:"FILE"`
	Exclude    []string          `help:"What to leave out of folders, by name or by path below the folder; * stands for any part of a name." placeholder:"PATTERN"`
	Account    string            `help:"Account of the templates that aren't in an assembly."`
	Region     string            `help:"Region of the templates that aren't in an assembly."`
	Parameters map[string]string `help:"Values of parameters of the templates that aren't in an assembly." placeholder:"NAME=VALUE"`
	Accounts   []string          `help:"Accounts that may stand in the templates beside each stack's own. Default, for cdk.out: those of stages.yaml." placeholder:"ACCOUNT"`
	Before     string            `help:"What was deployed last, to find what an update would lose: an assembly, a snapshot of one, a template, or a folder of templates with the same names." placeholder:"PATH"`
	Format     string            `help:"How to print the report: ${enum}." enum:"text,json,sarif,junit" default:"text" placeholder:"text"`
	JSON       bool              `name:"json" help:"Short for --format=json."`
	Strict     bool              `help:"Fail on warnings too."`
	Unknown    bool              `name:"strict-unknown" help:"Fail on rules that stay undecided."`

	notes []string // for stderr, once nobody waits any more
}

func (c *checkCmd) note(format string, args ...any) {
	c.notes = append(c.notes, fmt.Sprintf(format, args...))
}

// Help is the rest of --help.
func (c *checkCmd) Help() string {
	return "Exit status: 0 when nothing is wrong, 1 when there are errors (or with --strict warnings), " +
		"2 when something that was asked for can't be read or decided. " +
		"A rule that the templates leave open is undecided, which the report says; it makes the status 2 with --strict-unknown alone."
}

// Run prints a report. Its error says how much is wrong.
func (c *checkCmd) Run(stdout io.Writer) error {
	if err := c.complete(); err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50) // templates of many stages live to the end; twice their size would be a gigabyte
	}
	wait := waitOnTerminal(os.Stderr)
	defer wait.end()
	read, err := c.read(wait)
	if err != nil {
		return err
	}
	options, err := c.options(read)
	if err != nil {
		return err
	}
	wait.say("trying the rules on %s", count(len(read.Stacks), "stack"))
	options.Progress = func(stack string, done int) {
		wait.say("trying the rules on stack %d of %d, %s", done+1, len(read.Stacks), stack)
	}
	r := report.New(rule.Check(read.Stacks, options), read.Stacks, c.Strict)
	wait.end()
	if read.Skipped > 0 {
		c.note("left out: %s that no template is in", count(read.Skipped, "file"))
	}
	for _, note := range c.notes {
		fmt.Fprintln(os.Stderr, note)
	}
	if err := r.Write(stdout, report.Form(c.Format)); err != nil {
		return err
	}
	switch {
	case r.Failed():
		return failed{errors.New(r.Counts())}
	case c.Unknown && !r.Decided():
		return errors.New(r.Undecided())
	}
	return nil
}

// complete fills in what one flag means for another.
func (c *checkCmd) complete() error {
	if c.JSON {
		if c.Format != string(report.Text) && c.Format != string(report.JSON) {
			return fmt.Errorf("--json and --format=%s: leave one out", c.Format)
		}
		c.Format = string(report.JSON)
	}
	for _, a := range c.Accounts {
		if err := deployment.CheckAccount(a); err != nil {
			return fmt.Errorf("--accounts %w", err)
		}
	}
	if c.Deployment != "" && len(c.Path) > 0 {
		return fmt.Errorf("--deployment and %s: %s names the templates: add them there, or leave it out", strings.Join(c.Path, ", "), c.Deployment)
	}
	if c.Deployment == "" && len(c.Path) == 0 {
		c.Path = []string{assemblyFolder}
	}
	return nil
}

func (c *checkCmd) read(w *wait) (*deployment.Deployment, error) {
	options := deployment.Options{Account: c.Account, Region: c.Region, Parameters: c.Parameters, Exclude: c.Exclude,
		Progress: func(file string) { w.say("reading %s", file) }}
	if c.Deployment != "" {
		return deployment.ReadFile(c.Deployment, options)
	}
	return deployment.Read(c.Path, options)
}

func (c *checkCmd) options(read *deployment.Deployment) (rule.Options, error) {
	file, err := stagesFile(c.Path...)
	options := rule.Options{Accounts: c.Accounts, NoStages: file == nil}
	if err != nil {
		return options, err
	}
	if len(c.Accounts) == 0 && file != nil {
		options.Accounts = file.Accounts()
	}
	if c.Before == "" {
		return options, nil
	}
	if options.Before, err = read.ReadBefore(c.Before); err != nil {
		return options, fmt.Errorf("--before: %w", err)
	}
	return options, c.compareStages(&options, read.Stacks, file)
}

// compareStages adds what stages.yaml says of --before. A stage of it of which
// the checked stacks have nothing was left out when they were made, as
// `-c stage=` does, unless stages.yaml says that there is no such stage any more.
func (c *checkCmd) compareStages(o *rule.Options, stacks []*template.Stack, file *stage.File) error {
	if file != nil {
		o.Acknowledge = file.Acknowledge
		var err error
		if o.Taken, err = snapshot.ReadLog(c.Before); err != nil {
			return err
		}
	}
	here := stagesIn(stacks)
	var compared, absent []string
	for _, name := range stagesIn(o.Before) {
		if slices.Contains(here, name) || file != nil && !slices.Contains(file.Names(), name) {
			compared = append(compared, name)
		} else {
			absent = append(absent, name)
		}
	}
	if len(absent) > 0 {
		o.Stages = append(compared, here...)
		for _, name := range absent {
			c.note("not compared: %s is not in %s: run make synth", name, cmp.Or(strings.Join(c.Path, ", "), c.Deployment))
		}
	}
	return nil
}

// assemblyFolder is where the CDK writes the app's own assembly.
const assemblyFolder = "cdk.out"

// stagesFile is the stages.yaml that cdk.out was made from; nil for none.
func stagesFile(path ...string) (*stage.File, error) {
	if len(path) != 1 || filepath.Clean(path[0]) != assemblyFolder {
		return nil, nil
	}
	file, err := stage.Load("stages.yaml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return file, err
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

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
