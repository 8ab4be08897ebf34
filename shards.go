package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/s3seal/s3seal/constructs/validation"
	"github.com/s3seal/s3seal/internal/process"
	"github.com/s3seal/s3seal/internal/shard"
)

const (
	outVariable   = "CDK_OUTDIR"   // where the CLI wants the assembly
	shareVariable = "S3SEAL_SHARE" // the share of the stages that a process makes for another one
)

// shares splits n stages among processes: into as many as `-c shards=N` says.
func shares(c cdkContext, n int) ([]shard.Share, error) {
	const filed = "as many as are fastest"
	text, err := c.text(shardsKey, filed, "N, a number of processes")
	if err != nil {
		return nil, err
	}
	processes := shard.Processes(n)
	if text != filed {
		if processes, err = strconv.Atoi(text); err != nil || processes < 1 {
			return nil, fmt.Errorf("context: shards is %q: write -c shards=N, a number of processes from 1 on", text)
		}
	}
	if os.Getenv(outVariable) == "" { // the CDK chooses a folder, and says it to nobody
		processes = 1
	}
	return shard.Split(n, processes), nil
}

// runShards makes each share of the stages in a process of its own, another run
// of this program, and puts their assemblies together. The rules are tried here,
// on all of them.
func runShards(selected *selection, rules *validation.Plugin) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	self, err := os.Executable()
	if err != nil {
		return fails(err)
	}
	out := os.Getenv(outVariable)
	p := newProgress(os.Stderr, len(selected.stages))
	defer p.end()
	dirs, remove, err := shard.Make(ctx, shard.Options{
		Out: out, Shares: selected.shares, Done: p.add, Stderr: os.Stderr,
		Command: func(ctx context.Context, s shard.Share, dir string) *exec.Cmd {
			c := process.Command(ctx, self)
			c.Env = append(os.Environ(), outVariable+"="+dir, shareVariable+"="+s.String())
			return c
		},
	})
	p.end()
	if err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("interrupted: %s is not written", out)
		}
		return fails(err)
	}
	defer remove()
	if err := shard.Merge(out, dirs); err != nil {
		return fails(err)
	}
	return judge(selected, rules, out, dirs...)
}

// runShare makes a share of the stages. What it says of the input, the process
// that started it has said.
func runShare(selected *selection, text string) int {
	s, err := shard.Parse(text, len(selected.stages))
	if err != nil {
		return fails(err)
	}
	// The process that started this one counts the stages, and judges.
	done := os.NewFile(3, "done")
	defer filterStderr().Close()
	_, status := runApp(selected, selected.stages[s.From:s.To], func() { done.Write([]byte{0}) })
	return status
}
