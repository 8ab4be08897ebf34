package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/mattn/go-isatty"

	"github.com/s3seal/s3seal/internal/demo"
)

type demoCmd struct {
	Keep    bool `help:"Leave the local AWS running afterwards, and print how to reach it."`
	Verbose bool `help:"Show names and answers whole, and all that the CDK's CLI says."`
}

// Run deploys into a local AWS and plays the scenes.
func (c *demoCmd) Run(stdout io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends the program at once
	// A reader that has gone away, such as head, must not end it before it has
	// removed what it made.
	defer outlive()()
	ctx, gone := context.WithCancel(ctx)
	defer gone()
	if err := demo.CheckFolder(ctx); err != nil {
		return interruption(err)
	}
	wait := waitOnTerminal(os.Stderr)
	defer wait.end()
	return interruption(demo.Run(ctx, demo.Options{
		Out: wait.above(heard{stdout, gone}), Progress: wait.above(heard{os.Stderr, gone}), Say: wait.say, Keep: c.Keep, Verbose: c.Verbose,
		Color: isatty.IsTerminal(os.Stdout.Fd()) && os.Getenv("NO_COLOR") == "",
	}))
}

// interruption gives the demonstration's errors their exit status.
func interruption(err error) error {
	switch {
	case errors.Is(err, demo.ErrBroken):
		return failed{err}
	case errors.Is(err, demo.ErrInterrupted):
		return interrupted{err}
	}
	return err
}
