// Command s3seal has the verbs for people: what the CDK app made, who may do
// what with it, and what is wrong with it. What a script may read goes to
// stdout, all else to stderr. The exit status is 0 when nothing is wrong, 1 when
// something is, 2 when a command can't read or decide what it was asked, and 130
// when it was interrupted.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

type cli struct {
	Plan      planCmd      `cmd:"" help:"List what stages consist of, account by account, and what that costs in a month."`
	Stacks    stacksCmd    `cmd:"" help:"List the stacks of a cloud assembly and what each contains."`
	Access    accessCmd    `cmd:"" help:"Show who can do what with a stage, or answer one question."`
	Check     checkCmd     `cmd:"" help:"Try every rule on cloud assemblies and templates."`
	Snapshots snapshotsCmd `cmd:"" help:"Bring test/snapshots, test/access and test/reach up to date, unless data would be lost that nobody gave up."`
	Key       keyCmd       `cmd:"" help:"Write a key of a stage's SSE-C objects to a file, for the AWS CLI."`
	Keys      keysCmd      `cmd:"" help:"Show how the keys of a stage are doing, and what needs each."`
	Sweep     sweepCmd     `cmd:"" help:"Move a stage's SSE-C objects to the primary key of their ring."`
	Retire    retireCmd    `cmd:"" help:"Take a key that no object needs out of a stage's ring."`
	Repair    repairCmd    `cmd:"" help:"Replicate what S3 did not: objects that failed, or are from before the rule."`
	Adopt     adoptCmd     `cmd:"" help:"Print what the existing buckets and keys of stages need that no template gives."`
	Local     localCmd     `cmd:"" help:"Serve a local AWS, for the CDK, the AWS CLI and SDKs."`
	Bootstrap bootstrapCmd `cmd:"" help:"Print, or run, what prepares the accounts and Regions of the stages for the CDK."`
	Demo      demoCmd      `cmd:"" help:"Deploy into a local AWS and walk through what the patterns promise."`
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is main with its surroundings given.
func run(args []string, stdout, stderr io.Writer) int {
	var c cli
	parser, err := kong.New(&c,
		kong.Name("s3seal"),
		kong.Description("Proves and shows what the CDK app of this folder makes."),
		kong.Writers(stdout, stderr),
		kong.BindTo(stdout, (*io.Writer)(nil)),
		kong.UsageOnError(),
	)
	if err != nil {
		panic(err) // a mistake in cli's tags
	}
	ctx, err := parser.Parse(args)
	if err == nil {
		err = ctx.Run()
	}
	if err == nil {
		return 0
	}
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context.Selected() != nil && strings.HasPrefix(err.Error(), "expected") { // which says nothing of why
		err = fmt.Errorf("%w: see s3seal %s --help", err, wrong.Context.Selected().Name)
	}
	fmt.Fprintln(stderr, err)
	var answer failed
	var stopped interrupted
	switch {
	case errors.As(err, &answer):
		return 1
	case errors.As(err, &stopped):
		return 130 // as of a program that SIGINT has ended
	}
	return 2
}

// failed is the error of a command that did what it was asked, and whose answer
// is that something is wrong.
type failed struct{ error }

// interrupted is the error of a command that was told to stop before its end.
type interrupted struct{ error }
