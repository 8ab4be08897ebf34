//go:build differential

package iamsimulate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
)

var (
	cases    = flag.Int("cases", 60000, "number of cases")
	verdicts = flag.String("verdicts", "", "file that keeps the verdicts of iam-simulate between runs with equal cases")
)

// TestDifferential asks iam and iam-simulate the same questions.
func TestDifferential(t *testing.T) {
	g := &generator{r: rand.New(rand.NewPCG(2026, 1))}
	all := make([]testCase, *cases)
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	for i := range all {
		all[i] = g.next()
		if err := enc.Encode(simulation(&all[i])); err != nil {
			t.Fatal(err)
		}
	}
	data := bytes.ReplaceAll(in.Bytes(), []byte(encryptionContext), []byte(asTag))
	theirs := simulate(t, data, len(all))

	counts, byClass := map[string]int{}, map[string]int{}
	unexpected := 0
	for i := range all {
		d := iam.Evaluate(all[i].request, all[i].policies)
		ours := verdict(d)
		counts[ours]++
		if ours == theirs[i] {
			continue
		}
		if class := intended(all[i], theirs[i]); class != "" {
			byClass[class]++
			continue
		}
		if unexpected++; unexpected > 100 {
			t.Fatal("more than 100 cases differ")
		}
		if unexpected <= 5 {
			s, _ := json.Marshal(simulation(&all[i]))
			t.Errorf("case %d: iam says %s, iam-simulate %s\n%s\n%s", i, ours, theirs[i], d.Explain(), s)
		}
	}
	if unexpected > 0 {
		t.Errorf("%d of %d cases differ", unexpected, len(all))
	}
	for _, v := range []string{"Allowed", "ExplicitlyDenied", "ImplicitlyDenied"} {
		n := counts[v]
		t.Logf("%-17s %6d (%.1f %%)", v, n, 100*float64(n)/float64(len(all)))
		if n < len(all)/20 {
			t.Errorf("only %d of %d cases are %s: the generator has become one-sided", n, len(all), v)
		}
	}
	for _, class := range slices.Sorted(maps.Keys(byClass)) {
		t.Logf("intended difference %q: %d", class, byClass[class])
	}
}

func verdict(d iam.Decision) string {
	switch {
	case d.Allowed:
		return "Allowed"
	case d.Explicit:
		return "ExplicitlyDenied"
	}
	return "ImplicitlyDenied"
}

type named struct {
	Name   string       `json:"name"`
	Policy iam.Document `json:"policy"`
}

type level struct {
	OrgIdentifier string  `json:"orgIdentifier"`
	Policies      []named `json:"policies"`
}

// simulation is the case as iam-simulate takes it. It derives no keys and knows
// no root user, who gets an identity policy that allows everything.
func simulation(c *testCase) map[string]any {
	context := maps.Clone(c.request.Context)
	for k, v := range c.derived {
		context[k] = iam.Strings{v}
	}
	s := map[string]any{
		"request": map[string]any{
			"principal":        c.principal,
			"action":           c.request.Action,
			"resource":         map[string]any{"resource": c.request.Resource, "accountId": c.request.ResourceAccount},
			"contextVariables": context,
		},
		"identityPolicies":        sources(c.policies.Identity),
		"serviceControlPolicies":  levels(c.policies.SCPs),
		"resourceControlPolicies": levels(withoutFull(c.policies.RCPs)),
	}
	if c.root {
		s["identityPolicies"] = []named{{"root", iam.Document{Version: iam.Version, Statement: []iam.Statement{{
			Effect: iam.Allow, Action: iam.Strings{"*"}, Resource: iam.Strings{"*"}}}}}}
	}
	if c.policies.Boundary != nil {
		s["permissionBoundaryPolicies"] = sources([]iam.Source{*c.policies.Boundary})
	}
	if len(c.policies.Session) > 0 {
		s["sessionPolicy"] = c.policies.Session[0].Document
	}
	if c.policies.Resource != nil {
		s["resourcePolicy"] = c.policies.Resource.Document
	}
	if p := c.policies.PublicAccess; p != nil {
		s["additionalSettings"] = map[string]any{"s3": map[string]any{"blockPublicAccess": p.RestrictPublicBuckets}}
	}
	return s
}

func sources(list []iam.Source) []named {
	out := []named{}
	for _, s := range list {
		out = append(out, named{s.Name, s.Document})
	}
	return out
}

func levels(list [][]iam.Source) []level {
	out := []level{}
	for i, l := range list {
		out = append(out, level{"level-" + string(rune('0'+i)), sources(l)})
	}
	return out
}

// withoutFull drops RCPFullAWSAccess, which iam-simulate adds by itself.
func withoutFull(list [][]iam.Source) [][]iam.Source {
	out := [][]iam.Source{}
	for _, l := range list {
		out = append(out, l[1:])
	}
	return out
}

// simulate runs iam-simulate on n lines and returns its verdicts.
func simulate(t *testing.T, in []byte, n int) []string {
	t.Helper()
	out, err := os.ReadFile(*verdicts)
	if err != nil {
		cmd := exec.Command("node", "simulate.mjs")
		cmd.Stdin = bytes.NewReader(in)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		if out, err = cmd.Output(); err != nil {
			t.Fatalf("node simulate.mjs: %v: %s (run npm ci first)", err, stderr.String())
		}
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
				t.Errorf("case %d: iam-simulate refuses it: %s\n%s", len(answers), a.Error, bytes.Split(in, []byte("\n"))[len(answers)])
			}
		}
		answers = append(answers, a.Result)
	}
	if failed > 0 || len(answers) != n {
		t.Fatalf("iam-simulate refused %d of %d cases and answered %d", failed, n, len(answers))
	}
	return answers
}
