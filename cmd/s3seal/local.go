package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"text/tabwriter"

	"github.com/s3seal/s3seal/localaws"
)

type localCmd struct {
	Stages  string   `placeholder:"FILE" help:"Make the accounts and Regions of this file's stages, and a profile for each stage. Default: stages.yaml, if this folder has one and neither --account nor --region is given."`
	Account []string `placeholder:"ID" help:"Accounts to make, beside those of --stages. Default without stages: 111122223333,444455556666."`
	Region  []string `placeholder:"REGION" help:"Regions to serve, beside those of --stages. Default without stages: us-east-1,eu-west-1."`
	Address string   `default:"127.0.0.1:0" help:"Loopback address to listen on; port 0 is any free one."`
	Folder  string   `placeholder:"DIR" help:"Folder to make for the files that other programs read: env, config and ca.pem. It is removed at the end. Default: a new one in the folder for temporary files."`
	Log     string   `placeholder:"FILE" help:"File to add the log of refused calls to, with what refused them. Default: stderr."`
}

func (*localCmd) Help() string {
	return `Prints a line to run in another terminal: "aws", "npx cdk" and SDKs then use the local AWS there. ` +
		`Only that line goes to stdout. Serves until Ctrl-C, and keeps nothing.`
}

// Run serves a local AWS until it is interrupted, or its terminal is closed.
func (c *localCmd) Run(stdout io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if c.Stages == "" && c.Account == nil && c.Region == nil {
		if _, err := os.Stat("stages.yaml"); !errors.Is(err, fs.ErrNotExist) {
			c.Stages = "stages.yaml"
		}
	}
	w, err := c.world()
	if err != nil {
		return err
	}
	log := os.Stderr
	if c.Log != "" {
		if log, err = os.OpenFile(c.Log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
			return err
		}
		defer log.Close()
	}
	aws, err := localaws.Start(localaws.Options{Accounts: w.accounts, Regions: w.regions, Address: c.Address, Folder: c.Folder, Log: log})
	if err != nil {
		return err
	}
	defer aws.Close()
	env, err := aws.WriteProfiles(w.profiles...)
	if err != nil {
		return err
	}
	c.tell(os.Stderr, aws, w)
	fmt.Fprintf(stdout, ". %s\n", quoted(env))
	<-ctx.Done()
	return nil
}

// tell says what is there, and how to use it.
func (c *localCmd) tell(out io.Writer, aws *localaws.Server, w world) {
	of := ""
	if c.Stages != "" {
		of = " for the stages of " + c.Stages
	}
	fmt.Fprintf(out, "A local AWS%s serves at %s\nuntil you press Ctrl-C. Nothing is kept after that. Its Regions:\n%s.\n\n", of, aws.URL(), strings.Join(w.regions, ", "))
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "profile\taccount\tRegion")
	for _, p := range w.named() {
		fmt.Fprintf(table, "%s\t%s\t%s\n", p.Name, p.Account, p.Region)
	}
	fmt.Fprintln(table, "\naccount\taccess key\tsecret key")
	for _, account := range w.accounts {
		k := aws.Credentials(account)
		fmt.Fprintf(table, "%s\t%s\t%s\n", account, k.AccessKeyID, k.SecretAccessKey)
	}
	table.Flush()
	fmt.Fprintf(out, `
In another terminal, run the line below. There, aws and npx cdk use the profile
%s, or what you choose with --profile. An account's id is a profile, too.

`, w.profiles[0].Name)
}

// quoted is a word for the shell.
func quoted(path string) string {
	if regexp.MustCompile(`^[A-Za-z0-9_./-]+$`).MatchString(path) {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
