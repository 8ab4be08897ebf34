package main

import (
	"fmt"
	"io"
	"os"

	"github.com/s3seal/s3seal/internal/adoption"
)

type adoptCmd struct {
	Stage  []string `arg:"" help:"Stages: names, globs such as prod-*, or @GROUP."`
	Stages string   `default:"stages.yaml" placeholder:"FILE" help:"File of the stages. Default: ${default}."`
}

func (*adoptCmd) Help() string {
	return "Prints a script for the shell, and asks and changes nothing. Read it before you run it: it replaces what a bucket has. docs/adoption.md says more."
}

// Run prints what the stages' existing buckets and keys need that no template gives.
func (c *adoptCmd) Run(stdout io.Writer) error {
	_, stages, err := selected(c.Stages, c.Stage)
	if err != nil {
		return err
	}
	for i := range stages {
		list := adoption.Of(&stages[i])
		if len(list) == 0 {
			fmt.Fprintf(os.Stderr, "%s names no bucket and no key that exists: see existing and kmsKeyArn of its buckets\n", stages[i].Name)
			continue
		}
		if err := adoption.Write(stdout, stages[i].Name, list); err != nil {
			return err
		}
	}
	return nil
}
