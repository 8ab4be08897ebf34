// Command peers measures the local S3 beside the S3 servers of others, which it
// builds below build/peers: what it puts and gets in a second, as a ratio.
//
// All servers are processes of their own, speak TLS 1.3 with a P-256 certificate
// and keep connections open, and hold what they hold in files in the same folder,
// in memory if the system has one there: this one for bodies over 4 MiB, the
// others for all. The client is the AWS SDK for Go. Nothing of the peers is linked
// or shipped:
//
//   - versitygw, Apache License 2.0, with its posix backend;
//   - rclone, MIT License, with its local backend.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	rounds := flag.Int("rounds", 5, "runs of each case; the median counts")
	serve := flag.Bool("serve", false, "be the local AWS that is measured, until stdin ends")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, *rounds, *serve)
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, rounds int, serve bool) error {
	if serve {
		return serveLocal(os.Stdin, os.Stdout)
	}
	programs, err := build(ctx, filepath.Join("build", "peers"))
	if err != nil {
		fmt.Printf("The S3 servers of others are left out: %v\n", err)
		return nil
	}
	dir, err := os.MkdirTemp(storage(), "s3seal-peers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Printf("The local S3 beside others; all hold bodies in %s.\n", filepath.Dir(dir))
	servers, err := startAll(ctx, dir, programs)
	defer func() {
		for _, s := range servers {
			s.stop()
		}
	}()
	if err != nil {
		return err
	}
	return compare(ctx, os.Stdout, servers, rounds)
}

// storage is a folder in memory, if there is one: a disk would be what is measured.
func storage() string {
	const shared = "/dev/shm"
	if info, err := os.Stat(shared); err == nil && info.IsDir() {
		return shared
	}
	return os.TempDir()
}
