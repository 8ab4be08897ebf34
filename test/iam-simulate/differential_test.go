//go:build differential

package iamsimulate

import (
	"encoding/json"
	"flag"
	"maps"
	"slices"
	"testing"

	"github.com/s3seal/s3seal/iam"
)

var (
	cases    = flag.Int("cases", 100000, "number of cases")
	verdicts = flag.String("verdicts", "", "file that keeps the verdicts of iam-simulate between runs with equal cases")
)

// TestDifferential asks iam and iam-simulate the same questions.
func TestDifferential(t *testing.T) {
	theirs := simulate(t, *cases)
	counts, byClass, byFeature := map[string]int{}, map[string]int{}, map[string]int{}
	unexpected := 0
	g := newGenerator()
	for i := range *cases {
		c := g.next()
		d := iam.Evaluate(c.request, c.policies)
		ours := verdict(d)
		counts[ours]++
		countFeatures(&c, ours, byFeature)
		if ours == theirs[i] {
			continue
		}
		if class := intended(c, theirs[i]); class != "" {
			byClass[class]++
			continue
		}
		if unexpected++; unexpected > 100 {
			t.Fatal("more than 100 cases differ")
		}
		if unexpected <= 5 {
			s, _ := json.Marshal(simulation(&c))
			t.Errorf("case %d: iam says %s, iam-simulate %s\n%s\n%s", i, ours, theirs[i], d.Explain(), s)
		}
	}
	if unexpected > 0 {
		t.Errorf("%d of %d cases differ", unexpected, *cases)
	}
	for _, v := range []string{"Allowed", "ExplicitlyDenied", "ImplicitlyDenied"} {
		n := counts[v]
		t.Logf("%-17s %6d (%.1f %%)", v, n, 100*float64(n)/float64(*cases))
		if n < *cases/20 {
			t.Errorf("only %d of %d cases are %s: the generator has become one-sided", n, *cases, v)
		}
	}
	demandFeatures(t, byFeature, *cases)
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
		"resourceControlPolicies": levels(c.policies.RCPs),
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
