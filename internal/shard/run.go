package shard

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// Options say how the shares are made.
type Options struct {
	Out    string // the folder of the assembly
	Shares []Share

	// Command is the process that writes the assembly of a share into a folder.
	// What it writes to its file 3 is one byte for each stage that is done.
	Command func(ctx context.Context, s Share, dir string) *exec.Cmd

	Done   func(stages int) // is told how many are done; from several goroutines
	Stderr io.Writer        // gets what the processes say, each line once
}

// Make runs the processes, as many at once as there are processors, and returns
// the folders with the assemblies of the shares, inside of Out, and what removes
// them. The first that fails ends the others.
func Make(ctx context.Context, o Options) (dirs []string, remove func(), err error) {
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return nil, nil, err
	}
	// On the file system of Out, so that files are moved, and not copied.
	folder, err := os.MkdirTemp(o.Out, "shards-")
	if err != nil {
		return nil, nil, err
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return nil, nil, err
	}
	remove = func() { os.RemoveAll(folder) }
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	turn := make(chan struct{}, runtime.NumCPU())
	said := make([]bytes.Buffer, len(o.Shares))
	for i, s := range o.Shares {
		dir := filepath.Join(folder, strconv.Itoa(i))
		dirs = append(dirs, dir)
		turn <- struct{}{}
		group.Go(func() {
			defer func() { <-turn }()
			if ctx.Err() != nil {
				return
			}
			c := o.Command(ctx, s, dir)
			// What a process that is ended leaves behind goes with the folder.
			c.Env = append(c.Environ(), "TMPDIR="+folder)
			if err := run(c, &said[i], o.Done); err != nil {
				cancel(failed(err, said[i].String()))
			}
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		remove()
		return nil, nil, context.Cause(ctx)
	}
	sayOnce(o.Stderr, said)
	return dirs, remove, nil
}

// run is one process, whose done stages are counted as it goes.
func run(c *exec.Cmd, said *bytes.Buffer, done func(int)) error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	c.ExtraFiles, c.Stdout, c.Stderr = []*os.File{w}, said, said
	err = c.Start()
	w.Close()
	if err != nil {
		return err
	}
	counted := make(chan struct{})
	go func() {
		defer close(counted)
		var b [64]byte
		for {
			n, err := r.Read(b[:])
			done(n)
			if err != nil {
				return
			}
		}
	}()
	err = c.Wait()
	<-counted
	return err
}

// failed is what a process said before it ended, or how it did.
func failed(err error, said string) error {
	if said = strings.TrimPrefix(strings.TrimSpace(said), "error: "); said != "" {
		return errors.New(said)
	}
	return err
}

// sayOnce writes the lines of the processes in the order of their shares: what
// each says, as a warning about the app, it says once.
func sayOnce(to io.Writer, said []bytes.Buffer) {
	in := map[string]int{} // the first share that says a line
	for i := range said {
		for line := range strings.Lines(said[i].String()) {
			if _, ok := in[line]; !ok {
				in[line] = i
			}
			if in[line] == i && strings.TrimSpace(line) != "" {
				io.WriteString(to, line)
			}
		}
	}
}
