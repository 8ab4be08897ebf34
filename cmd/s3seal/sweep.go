package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/account"
	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/internal/sweep"
)

type sweepCmd struct {
	stageFlags
	Plan   bool `help:"Change nothing: count what would be moved, and estimate cost and time."`
	JSON   bool `name:"json" help:"Print JSON."`
	Locked bool `help:"Move objects under Object Lock, too. The copy gets the same lock, and what it replaces stays until its own lock ends."`
	manifestFlags
}

func (*sweepCmd) Help() string {
	return "Copies each object that is under an old key onto itself, under the primary key of the ring. A put or a delete that comes meanwhile wins. " +
		"It can be interrupted, and run again, at any time. " +
		"Exit status: 0 when all that could be moved is, 1 when a version could not be read or moved, 2 when the sweep could not be carried out."
}

// Run moves the objects of a stage to the primary key.
func (c *sweepCmd) Run(stdout io.Writer) error {
	if err := c.check(); err != nil {
		return err
	}
	return c.on(func(ctx context.Context, a *account.Account, s *account.SSEC) error {
		sweeper := newSweeper(a, s)
		sweeper.Plan, sweeper.Locked = c.Plan, c.Locked
		if c.Manifest != "" {
			return c.write(ctx, a, sweeper)
		}
		report, err := sweepAll(ctx, sweeper)
		if report != nil {
			if err := c.print(stdout, report); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		if n := report.Of(sweep.Failed, sweep.Unreadable).Versions; n > 0 {
			return failed{fmt.Errorf("%s could not be read or moved", count(int(n), "version"))}
		}
		return nil
	})
}

func (c *sweepCmd) print(w io.Writer, r *sweep.Report) error {
	outlook := sweep.NewOutlook(r)
	switch {
	case c.JSON && c.Plan:
		return printJSON(w, outlook)
	case c.JSON:
		return printJSON(w, r)
	case c.Plan:
		return outlook.Write(w)
	}
	return r.Write(w)
}

func printJSON(w io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err == nil {
		_, err = fmt.Fprintf(w, "%s\n", text)
	}
	return err
}

func newSweeper(a *account.Account, s *account.SSEC) *sweep.Sweeper {
	return &sweep.Sweeper{S3: awsclient.S3(a.Config), Ring: ssec.NewSource(secretsmanager.NewFromConfig(a.Config), s.SecretARN), Bucket: s.Bucket}
}

// sweepAll sweeps, and tells a person who waits how far it is. It returns what was
// found before an error, too.
func sweepAll(ctx context.Context, s *sweep.Sweeper) (*sweep.Report, error) {
	wait := waitOnTerminal(os.Stderr)
	defer wait.end()
	wait.say("looking at the versions in %s", s.Bucket)
	s.Progress = func(r *sweep.Report) { wait.say("%s", progress(s, r)) }
	var all sweep.Sweep
	err := s.Sweep(ctx, &all, time.Time{})
	if err != nil && ctx.Err() != nil {
		err = errors.New("interrupted: run it again to go on")
	}
	return all.Report, err
}

func progress(s *sweep.Sweeper, r *sweep.Report) string {
	versions, size := r.Versions()
	return fmt.Sprintf("%s: looked at %s (%s), moved %d", s.Bucket, count(int(versions), "version"), sweep.Size(size), r.Of(sweep.Moved).Versions)
}
