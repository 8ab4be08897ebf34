package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

type accessCmd struct {
	Stage    string            `arg:"" help:"Stage whose stacks are asked about."`
	Assembly string            `default:"cdk.out" help:"Cloud assembly: the folder that cdk synth wrote."`
	Who      string            `help:"Principal, as the table names it, or the ARN of a role, a role's session or a user; with --action and --on: one question instead of the table."`
	Action   string            `help:"Action, such as s3:PutObject."`
	On       string            `help:"Resource, as the table names it (bucket SseC, bucket SseC/KEY), or an ARN."`
	With     map[string]string `help:"Condition keys of the request, such as aws:SecureTransport=false." mapsep:","`
}

// Run prints the stage's access table, or answers one question.
func (c *accessCmd) Run(stdout io.Writer) error {
	assembly, err := template.ReadAssembly(c.Assembly)
	if err != nil {
		return err
	}
	stacks := access.Stacks(assembly, c.Stage)
	if len(stacks) == 0 {
		known := distinct(assembly.Stacks, access.StageOf)
		if slices.Contains(leftOut(c.Assembly, assembly), c.Stage) {
			return fmt.Errorf("%s has only %s: run make synth, which writes %s too", c.Assembly, strings.Join(known, ", "), c.Stage)
		}
		return fmt.Errorf("%s: no stacks of a stage %q: it has those of %s", c.Assembly, c.Stage, strings.Join(known, ", "))
	}
	set := resource.Read(stacks)
	if c.Who == "" && c.Action == "" && c.On == "" {
		_, err := io.WriteString(stdout, access.Markdown(c.Stage, stacks, set))
		return err
	}
	return c.answer(stdout, os.Stderr, set)
}

// leftOut are the stages of stages.yaml that cdk.out doesn't have, as after
// `cdk diff -c stage=NAME`; none for another assembly, or without stages.yaml.
func leftOut(dir string, a *template.Assembly) []string {
	file, err := stagesFile(dir)
	if err != nil || file == nil {
		return nil
	}
	return slices.DeleteFunc(file.Names(), func(name string) bool { return slices.Contains(stagesIn(a.Stacks), name) })
}
