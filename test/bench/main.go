// Command bench measures how long the app takes to synthesize, as ratios from
// one interleaved run: a number of seconds would say more about the machine.
//
// It runs the built app as the CDK's CLI does, with the CDK's template
// validator off, on generated stages files, and beside it the same resources as an
// app of the CDK in TypeScript, compiled before. The limits are of elapsed time;
// processor time, of all processes, says more where others use the machine too.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
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
	cache  bool   // with Node's compile cache, which no CDK app uses by itself
	shards string // how many processes; "" for as many as the app finds best
	app    string // the checkout whose app it is; "" for this one
	dir    string
	took   []duration
}

// duration is how long a run takes: of the clock, and of the processors.
type duration struct{ elapsed, busy time.Duration }

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
		{name: "one stage, TypeScript, compile cache", stages: 1, peer: true, cache: true},
		{name: "200 stages, TypeScript, compile cache", stages: 200, peer: true, cache: true},
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
		c.print()
	}
	unlimited := math.Inf(1)
	return errors.Join(
		ratio("one of 2 stages / one stage alone", cases[1], cases[0], 1.3),
		ratio("one of 200 stages / one stage alone", cases[2], cases[0], 1.2),
		ratio("200 stages / 100 stages", cases[4], cases[3], 2.2), // 2 is linear, and runs differ
		ratio("one stage / one stage in TypeScript", cases[0], cases[5], 1.2),
		ratio("200 stages / 200 stages in TypeScript", cases[4], cases[6], 2),
		ratio("one stage / one stage, TypeScript, compile cache", cases[0], cases[7], unlimited),
		ratio("200 stages / 200 stages, TypeScript, compile cache", cases[4], cases[8], unlimited),
	)
}

// ratio prints how one case compares with another, and fails over a limit of the
// elapsed time.
func ratio(what string, a, b *bench, limit float64) error {
	r := a.elapsed().Seconds() / b.elapsed().Seconds()
	verdict := fmt.Sprintf("at most %.1f: ok", limit)
	var over error
	switch {
	case math.IsInf(limit, 1):
		verdict = "no limit"
	case r > limit:
		verdict = fmt.Sprintf("at most %.1f: OVER", limit)
		over = fmt.Errorf("%s: %.2f is over the limit of %.1f", what, r, limit)
	}
	fmt.Printf("%-54s %5.2f (%s), processors %.2f\n", what, r, verdict, a.busy().Seconds()/b.busy().Seconds())
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

func (b *bench) synth(root string) (d duration, err error) {
	data, err := os.ReadFile(filepath.Join(root, "cdk.json"))
	if err != nil {
		return d, err
	}
	var cdk struct{ Context map[string]any }
	if err := json.Unmarshal(data, &cdk); err != nil {
		return d, err
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
		return d, err
	}
	out := b.out()
	if err := os.RemoveAll(out); err != nil {
		return d, err
	}
	cmd := exec.Command(filepath.Join(root, "bin", "app"))
	if b.peer {
		cmd = exec.Command("node", filepath.Join(root, typeScript), "stages.json")
	}
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "CDK_VALIDATION=false", "CDK_OUTDIR="+out, "CDK_CONTEXT_JSON="+string(context))
	if b.cache {
		cmd.Env = append(cmd.Env, "NODE_COMPILE_CACHE="+filepath.Join(b.dir, "compiled"))
	}
	start := time.Now()
	text, err := cmd.CombinedOutput()
	if err != nil {
		return d, fmt.Errorf("%w\n%s", err, text)
	}
	// What a process says of itself includes what it has waited for.
	return duration{time.Since(start), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}, nil
}

func (b *bench) out() string { return filepath.Join(b.dir, "cdk.out") }

func (b *bench) elapsed() time.Duration {
	return b.median(func(d duration) time.Duration { return d.elapsed })
}

func (b *bench) busy() time.Duration {
	return b.median(func(d duration) time.Duration { return d.busy })
}

func (b *bench) median(of func(duration) time.Duration) time.Duration {
	var all []time.Duration
	for _, d := range b.took {
		all = append(all, of(d))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func (b *bench) print() {
	fmt.Printf("%-38s %6.2f s, of the processors %6.2f s\n", b.name, b.elapsed().Seconds(), b.busy().Seconds())
}
