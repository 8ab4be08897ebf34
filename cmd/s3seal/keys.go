package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/account"
	"github.com/s3seal/s3seal/internal/keystatus"
	"github.com/s3seal/s3seal/internal/sweep"
)

type keysCmd struct {
	stageFlags
	Count bool `default:"true" negatable:"" help:"Look at every version of every object, to count what needs each key: two requests each, as a rule. With --no-count that is unknown."`
	JSON  bool `name:"json" help:"Print JSON."`
}

func (*keysCmd) Help() string {
	return "Prints no key, and changes nothing. " +
		"Exit status: 0 when nothing is wrong, 1 when somebody has to do something, 2 when something can't be read."
}

// Run prints the status of a stage's keys. Its error says what is wrong.
func (c *keysCmd) Run(stdout io.Writer) error {
	return c.on(func(ctx context.Context, a *account.Account, s *account.SSEC) error {
		client, began := secretsmanager.NewFromConfig(a.Config), time.Now()
		secret, err := keystatus.ReadSecret(ctx, client, s.SecretARN, began)
		if err != nil {
			return err
		}
		var counted *sweep.Report
		if c.Count {
			counter := newSweeper(a, s)
			counter.Plan = true
			if counted, err = sweepAll(ctx, counter); err != nil {
				return err
			}
		}
		status := keystatus.New(c.Stage, s.Bucket, secret, counted, s.LongestWrite(), began)
		if err := c.print(stdout, status); err != nil {
			return err
		}
		if wrong := status.Wrong(); len(wrong) > 0 {
			return failed{errors.New(strings.Join(wrong, "\n"))}
		}
		return nil
	})
}

func (c *keysCmd) print(w io.Writer, s *keystatus.Status) error {
	if c.JSON {
		return printJSON(w, s)
	}
	return s.Write(w)
}
