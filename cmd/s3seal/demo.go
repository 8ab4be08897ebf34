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
	Keep bool `help:"Leave the local AWS running afterwards, and print how to reach it."`
}

// Run deploys into a local AWS and plays the scenes.
func (c *demoCmd) Run(stdout io.Writer) error {
	if err := demo.CheckFolder(); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := demo.Run(ctx, demo.Options{
		Out: stdout, Progress: os.Stderr, Keep: c.Keep,
		Color: isatty.IsTerminal(os.Stdout.Fd()) && os.Getenv("NO_COLOR") == "",
	})
	if errors.Is(err, demo.ErrBroken) {
		return failed{err}
	}
	return err
}
