package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/s3seal/s3seal/localaws"
)

type localCmd struct {
	Account []string `default:"111122223333,444455556666" help:"Accounts to make; the exports are of the first."`
	Region  []string `default:"us-east-1,eu-west-1" help:"Regions to serve; the exports are of the first."`
	Address string   `default:"127.0.0.1:0" help:"Loopback address to listen on."`
}

// Run serves a local AWS until it is interrupted. The exports go to stdout,
// everything else to stderr.
func (c *localCmd) Run(stdout io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	aws, err := localaws.Start(localaws.Options{Accounts: c.Account, Regions: c.Region, Address: c.Address})
	if err != nil {
		return err
	}
	defer aws.Close()
	for _, e := range aws.Env(c.Account[0]) {
		fmt.Fprintln(stdout, "export "+e)
	}
	fmt.Fprintln(os.Stderr, "The local AWS serves until you press Ctrl-C; nothing is kept after that.")
	<-ctx.Done()
	return nil
}
