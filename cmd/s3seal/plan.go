package main

import (
	"encoding/json"
	"io"

	"github.com/s3seal/s3seal/internal/plan"
)

type planCmd struct {
	Stage  []string `arg:"" optional:"" name:"stage" help:"Stages: names, globs such as prod-*, groups such as @team. Default: all."`
	Stages string   `default:"stages.yaml" placeholder:"FILE" help:"File of the stages. Default: ${default}."`
	All    bool     `help:"List the stages that are alike, each with its accounts."`
	JSON   bool     `name:"json" help:"Print every stage as JSON."`
}

// Run prints what the stages consist of, and what that costs.
func (c *planCmd) Run(stdout io.Writer) error {
	_, stages, err := selected(c.Stages, c.Stage)
	if err != nil {
		return err
	}
	p := plan.New(stages)
	if !c.JSON {
		return p.Write(stdout, c.All)
	}
	e := json.NewEncoder(stdout)
	e.SetIndent("", "  ")
	return e.Encode(p)
}
