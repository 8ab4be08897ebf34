package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"github.com/s3seal/s3seal/internal/account"
	"github.com/s3seal/s3seal/internal/stage"
)

// stageFlags are those of the commands that work on a stage's real account.
type stageFlags struct {
	Stage   string `arg:"" help:"Stage, as stages.yaml names it."`
	Stages  string `default:"stages.yaml" placeholder:"FILE" help:"File of the stages. Default: ${default}."`
	Profile string `placeholder:"NAME" help:"Profile of the AWS configuration with the credentials. Default: AWS_PROFILE, and else what the AWS CLI uses."`
}

// on runs what works on the stage's account and on what it has for SSE-C. Ctrl-C
// ends its context.
func (f *stageFlags) on(work func(context.Context, *account.Account, *account.SSEC) error) error {
	return f.onAccount(func(ctx context.Context, a *account.Account) error {
		ssec, err := a.SSEC(ctx)
		if err != nil {
			return err
		}
		return work(ctx, a, ssec)
	})
}

// onAccount runs what works on the stage's account. Ctrl-C ends its context.
func (f *stageFlags) onAccount(work func(context.Context, *account.Account) error) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends the program at once
	err := f.open(ctx, work)
	var said interrupted // with more words
	if ctx.Err() != nil && err != nil && !errors.As(err, &said) {
		return interrupted{errors.New("interrupted")}
	}
	return err
}

// stage is what the file says of the stage.
func (f *stageFlags) stage() (*stage.Stage, error) {
	file, err := stage.Load(f.Stages)
	if err != nil {
		return nil, err
	}
	return file.Stage(f.Stage)
}

func (f *stageFlags) open(ctx context.Context, work func(context.Context, *account.Account) error) error {
	s, err := f.stage()
	if err != nil {
		return err
	}
	a, err := account.Open(ctx, s, account.Options{Profile: f.Profile})
	if err != nil {
		return err
	}
	return work(ctx, a)
}
