package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/s3seal/s3seal/internal/account"
	"github.com/s3seal/s3seal/internal/repair"
)

type repairCmd struct {
	stageFlags
	Plan   bool `help:"Change nothing: look at every version, and say what a job would replicate, and what it costs."`
	Anyway bool `help:"Start the job though something is still wrong with the replication."`
	JSON   bool `name:"json" help:"Print JSON."`
}

func (*repairCmd) Help() string {
	return "Starts a Batch Replication job for all objects whose replication failed, or which are from before the rule, and waits for it. " +
		"The job goes on if this command is interrupted; run again, it waits for the same job. It needs replica: {repair: true} in stages.yaml. " +
		"Exit status: 0 when all is replicated, 1 when something is not, or was still wrong so that no job was started, 2 when the repair could not be carried out."
}

// Run replicates what S3 did not.
func (c *repairCmd) Run(stdout io.Writer) error {
	s, err := c.stage()
	switch {
	case err != nil:
		return err
	case s.Replica == nil:
		return fmt.Errorf("the stage %s has no replica, as %s says", s.Name, c.Stages)
	}
	return c.onAccount(func(ctx context.Context, a *account.Account) error {
		r, err := repair.Open(ctx, a)
		if err != nil {
			return err
		}
		wait := waitOnTerminal(os.Stderr)
		defer wait.end()
		r.Progress = func(text string) { wait.say("%s", text) }
		if c.Plan {
			return c.plan(ctx, stdout, r)
		}
		result, err := c.run(ctx, r)
		if err != nil {
			return err
		}
		if err := c.print(stdout, result); err != nil {
			return err
		}
		switch {
		case result.Nothing || result.Failed == 0 && result.Status == "Complete":
			return nil
		case result.Failed > 0:
			return failed{fmt.Errorf("%s could not be replicated", count(int(result.Failed), "version"))}
		}
		return failed{fmt.Errorf("the job %s ended as %s", result.Job, result.Status)}
	})
}

func (c *repairCmd) plan(ctx context.Context, w io.Writer, r *repair.Repairer) error {
	plan, err := r.Plan(ctx)
	if err != nil {
		return err
	}
	plan.Causes = r.Causes(ctx)
	if c.JSON {
		return printJSON(w, plan)
	}
	return plan.Write(w)
}

// run waits for the job that is there, or starts one if nothing is in its way.
func (c *repairCmd) run(ctx context.Context, r *repair.Repairer) (*repair.Result, error) {
	id, err := r.Running(ctx)
	if err != nil {
		return nil, err
	}
	if id == "" {
		causes := r.Causes(ctx)
		repair.WriteCauses(os.Stderr, causes)
		if !c.Anyway && slices.ContainsFunc(causes, func(c repair.Cause) bool { return !c.Unknown }) {
			return nil, failed{errors.New("no job was started: it would fail. Correct what is wrong, or add --anyway")}
		}
		if id, err = r.Start(ctx); err != nil {
			return nil, err
		}
	}
	result, err := r.Wait(ctx, id)
	if ctx.Err() != nil {
		return nil, interrupted{fmt.Errorf("interrupted: the job %s goes on; run it again to see how it ends", id)}
	}
	return result, err
}

func (c *repairCmd) print(w io.Writer, r *repair.Result) error {
	if c.JSON {
		return printJSON(w, r)
	}
	return r.Write(w)
}
