package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/account"
	"github.com/s3seal/s3seal/internal/sweep"
)

type retireCmd struct {
	stageFlags
	KeyID             string `arg:"" name:"id" help:"Key of the ring to retire: not the primary."`
	Yes               bool   `help:"Take the key out of the ring. Without it, everything is looked at, and nothing changes."`
	DespiteUnreadable bool   `help:"Retire the key although no key of the ring opens some versions: look at them first."`
}

func (*retireCmd) Help() string {
	return "Refuses unless no function and no presigned URL can still write under the key, and every version in the bucket opens without it. " +
		"Copies in other buckets, files that people keep, and programs of your own that write under the ring are not looked at. " +
		"Exit status: 0 when the key is retired, or could be, 1 when it is refused, 2 when something can't be read."
}

// Run retires a key.
func (c *retireCmd) Run(stdout io.Writer) error {
	return c.on(func(ctx context.Context, a *account.Account, s *account.SSEC) error {
		wait := waitOnTerminal(os.Stderr)
		defer wait.end()
		sweeper := newSweeper(a, s)
		sweeper.Progress = func(r *sweep.Report) { wait.say("%s", progress(sweeper, r)) }
		r := sweep.Retirement{
			Sweeper: sweeper, Secrets: secretsmanager.NewFromConfig(a.Config), SecretID: s.SecretARN,
			LongestWrite: s.LongestWrite(), DespiteUnreadable: c.DespiteUnreadable, Try: !c.Yes,
		}
		report, err := r.Retire(ctx, c.KeyID)
		wait.end()
		if report != nil {
			if err := report.Write(stdout); err != nil {
				return err
			}
		}
		var refused *sweep.RefusedError
		switch {
		case errors.As(err, &refused):
			return failed{err}
		case err != nil:
			return err
		case !c.Yes:
			fmt.Fprintf(stdout, "No version needs the key %s. Nothing has changed: to retire it, add --yes.\n", c.KeyID)
		default:
			fmt.Fprintf(stdout, "The key %s is retired. The ring that has it is the secret's version AWSPREVIOUS, until the next change.\n", c.KeyID)
		}
		return nil
	})
}
