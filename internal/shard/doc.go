// Package shard synthesizes an app of many stages in several processes at once,
// each of which makes a share of the stages, and puts their cloud assemblies
// together as one process would have written them: the CDK's kernel is a single
// process that takes one call at a time.
//
//	shares := shard.Split(len(stages), shard.Processes(len(stages), 0))
//	err := shard.Run(ctx, shard.Options{Out: out, Shares: shares, Command: command})
//
// What is made in every share, such as a stack of the user's own beside the
// stages, must be the same in each, and is in the assembly once.
package shard

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
)

// Share is a part of the stages: those from From on, before To.
type Share struct{ From, To int }

// String is the form that Parse reads.
func (s Share) String() string { return fmt.Sprintf("%d-%d", s.From, s.To) }

// Parse reads a share of n stages.
func Parse(text string, n int) (Share, error) {
	from, to, _ := strings.Cut(text, "-")
	first, err := strconv.Atoi(from)
	end, otherwise := strconv.Atoi(to)
	if err != nil || otherwise != nil || first < 0 || first >= end || end > n {
		return Share{}, fmt.Errorf("share %q of %d stages: write FROM-TO, such as 0-%d", text, n, n)
	}
	return Share{first, end}, nil
}

const (
	// least is how many stages are worth the start of another kernel, which
	// takes as long as to make about ten of them.
	least = 20

	// most bounds a kernel's memory, which grows with what it has made.
	most = 125
)

// Processes is how many shares n stages are worth.
func Processes(n int) int {
	shares := min(runtime.NumCPU(), n/least)
	if shares < 2 {
		return 1
	}
	return max(shares, (n+most-1)/most)
}

// Split gives shares of n stages, in their order, that differ by one at most.
func Split(n, shares int) []Share {
	list := make([]Share, min(n, shares))
	for i := range list {
		list[i] = Share{n * i / len(list), n * (i + 1) / len(list)}
	}
	return list
}
