// Command bench measures how long the app takes to synthesize, as ratios from
// one interleaved run: a number of seconds would say more about the machine.
//
// It runs the built app as the CDK's CLI does, with the CDK's template
// validator off, on generated stages files, and beside it the same resources as an
// app of the CDK in TypeScript, compiled before.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 5, "runs of each case; the median counts; 0 leaves these cases out")
	stages := flag.Int("many", 500, "how many stages the cases of a file of groups have; 0 leaves them out")
	base := flag.String("base", "", "a built checkout of an earlier commit, to compare the cases of many stages with")
	flag.Parse()
	var err error
	if *rounds > 0 {
		err = run(*rounds)
	}
	if *stages > 0 {
		err = errors.Join(err, many(*stages, *base))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one case: the app on a file of stages.
type bench struct {
	name   string
	stages int
	stage  string // the only stage to synthesize; "" for all
	peer   bool   // the app in TypeScript
	shards string // how many processes; "" for as many as the app finds best
	app    string // the checkout whose app it is; "" for this one
	dir    string
	took   []time.Duration
}

func run(rounds int) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	cases := []*bench{
		{name: "one stage, alone in its file", stages: 1},
		{name: "one of 2 stages (-c stage=)", stages: 2, stage: "s0"},
		{name: "one of 200 stages (-c stage=)", stages: 200, stage: "s100"},
		{name: "100 stages", stages: 100},
		{name: "200 stages", stages: 200},
		{name: "one stage in TypeScript", stages: 1, peer: true},
		{name: "200 stages in TypeScript", stages: 200, peer: true},
	}
	for _, c := range cases {
		if c.dir, err = prepare(root, c.stages); err != nil {
			return err
		}
		defer os.RemoveAll(c.dir)
	}
	for round := range rounds + 1 { // the first fills caches and does not count
		for _, c := range cases {
			took, err := c.synth(root)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			if round > 0 {
				c.took = append(c.took, took)
			}
			fmt.Fprint(os.Stderr, ".")
		}
		if err := sameResources(cases[0].out(), cases[5].out()); err != nil {
			return err
		}
	}
	fmt.Fprintln(os.Stderr)
	for _, c := range cases {
		fmt.Printf("%-32s %6.2f s\n", c.name, c.median().Seconds())
	}
	return errors.Join(
		ratio("one of 2 stages / one stage alone", cases[1], cases[0], 1.3),
		ratio("one of 200 stages / one stage alone", cases[2], cases[0], 1.2),
		ratio("200 stages / 100 stages", cases[4], cases[3], 2.2), // 2 is linear, and runs differ
		ratio("one stage / one stage in TypeScript", cases[0], cases[5], 1.2),
		ratio("200 stages / 200 stages in TypeScript", cases[4], cases[6], 2),
	)
}

// ratio prints how one case compares with another, and fails over a limit.
func ratio(what string, a, b *bench, limit float64) error {
	r := a.median().Seconds() / b.median().Seconds()
	verdict := "ok"
	var over error
	if r > limit {
		verdict = "OVER"
		over = fmt.Errorf("%s: %.2f is over the limit of %.1f", what, r, limit)
	}
	fmt.Printf("%-60s %5.2f (at most %.1f) %s\n", what, r, limit, verdict)
	return over
}

// prepare makes a folder that the app can run in: a stages file of n stages,
// each in an account of its own, and the built functions.
func prepare(root string, n int) (string, error) {
	dir, err := os.MkdirTemp("", "s3seal-bench-")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("stages:\n")
	var stages []stageOf
	for i := range n {
		s := stageNumber(i)
		stages = append(stages, s)
		fmt.Fprintf(&b, "  %s: {prefix: %s, source: {account: %q, region: %s}, replica: {account: %q, region: %s}}\n",
			s.Name, s.Prefix, s.Source.Account, s.Source.Region, s.Replica.Account, s.Replica.Region)
	}
	if err := os.WriteFile(filepath.Join(dir, "stages.yaml"), []byte(b.String()), 0o644); err != nil {
		return "", err
	}
	list, err := json.Marshal(stages)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "stages.json"), list, 0o644); err != nil {
		return "", err
	}
	return dir, os.Symlink(filepath.Join(root, "build"), filepath.Join(dir, "build"))
}

func (b *bench) synth(root string) (time.Duration, error) {
	data, err := os.ReadFile(filepath.Join(root, "cdk.json"))
	if err != nil {
		return 0, err
	}
	var cdk struct{ Context map[string]any }
	if err := json.Unmarshal(data, &cdk); err != nil {
		return 0, err
	}
	if b.stage != "" {
		cdk.Context["stage"] = b.stage
	}
	if b.shards != "" {
		cdk.Context["shards"] = b.shards
	}
	if b.app != "" {
		root = b.app
	}
	context, err := json.Marshal(cdk.Context)
	if err != nil {
		return 0, err
	}
	out := b.out()
	if err := os.RemoveAll(out); err != nil {
		return 0, err
	}
	cmd := exec.Command(filepath.Join(root, "bin", "app"))
	if b.peer {
		cmd = exec.Command("node", filepath.Join(root, typeScript), "stages.json")
	}
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "CDK_VALIDATION=false", "CDK_OUTDIR="+out, "CDK_CONTEXT_JSON="+string(context))
	start := time.Now()
	text, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, text)
	}
	return time.Since(start), nil
}

func (b *bench) out() string { return filepath.Join(b.dir, "cdk.out") }

func (b *bench) median() time.Duration {
	sorted := slices.Sorted(slices.Values(b.took))
	return sorted[len(sorted)/2]
}
