//go:build differential

package iamsimulate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// simulate asks iam-simulate about the first n cases, unless a former run has kept
// its verdicts.
func simulate(t *testing.T, n int) []string {
	t.Helper()
	out, err := os.ReadFile(*verdicts)
	if err != nil {
		out = decide(t, simulations(t, n))
		if *verdicts != "" {
			if err := os.WriteFile(*verdicts, out, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	answers := make([]string, 0, n)
	failed := 0
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var a struct{ Result, Error string }
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		if a.Error != "" {
			if failed++; failed <= 3 {
				t.Errorf("case %d: iam-simulate refuses it: %s\n%s", len(answers), a.Error, bytes.Split(simulations(t, n), []byte("\n"))[len(answers)])
			}
		}
		answers = append(answers, a.Result)
	}
	if failed > 0 || len(answers) != n {
		t.Fatalf("iam-simulate refused %d of %d cases and answered %d", failed, n, len(answers))
	}
	return answers
}

// simulations are the first n cases, one on a line.
func simulations(t *testing.T, n int) []byte {
	t.Helper()
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	g := newGenerator()
	for range n {
		c := g.next()
		if err := enc.Encode(simulation(&c)); err != nil {
			t.Fatal(err)
		}
	}
	return bytes.ReplaceAll(in.Bytes(), []byte(encryptionContext), []byte(asTag))
}

// decide gives each processor a part of the lines: one process of Node uses one.
func decide(t *testing.T, in []byte) []byte {
	t.Helper()
	lines := bytes.SplitAfter(in, []byte("\n"))
	parts := min(runtime.NumCPU(), 8)
	outs, errs := make([][]byte, parts), make([]error, parts)
	var running sync.WaitGroup
	for i := range parts {
		part := bytes.Join(lines[i*len(lines)/parts:(i+1)*len(lines)/parts], nil)
		running.Go(func() {
			cmd := exec.Command("node", "simulate.mjs")
			cmd.Stdin = bytes.NewReader(part)
			var stderr strings.Builder
			cmd.Stderr = &stderr
			if outs[i], errs[i] = cmd.Output(); errs[i] != nil {
				t.Errorf("node simulate.mjs: %v: %s (run npm ci first)", errs[i], stderr.String())
			}
		})
	}
	running.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return bytes.Join(outs, nil)
}
