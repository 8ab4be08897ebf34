package wings

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// tally is how much was compared.
type tally struct {
	mu                         sync.Mutex
	fixtures, stacks, policies int
	decisions                  map[decision]int
	works, fails               map[aspect]int // in both wings
	lacking                    map[string]int // what the local AWS doesn't carry out
}

func newTally() *tally {
	return &tally{works: map[aspect]int{}, fails: map[aspect]int{}, lacking: map[string]int{}, decisions: map[decision]int{}}
}

func (y *tally) add(x *trial) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.fixtures++
	y.stacks += len(x.stacks)
	y.policies += x.compared
	for d, n := range x.decisions {
		y.decisions[d] += n
	}
}

func (y *tally) agree(a aspect, fails bool) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if fails {
		y.fails[a]++
	} else {
		y.works[a]++
	}
}

// lacks notes what the local AWS says it doesn't carry out. Of a type of
// resources that must be true.
func (y *tally) lacks(d *deployment, at, refusal string) {
	typ, isType := strings.CutPrefix(refusal, unrecognizedType)
	carriedOut, recorded := d.cloud.ResourceTypes()
	if isType && slices.Contains(append(carriedOut, recorded...), typ) {
		refusal = at + " is refused as of no known type: " + typ
	}
	y.mu.Lock()
	defer y.mu.Unlock()
	y.lacking[refusal]++
}

// compareLacking holds what the local AWS doesn't carry out of the fixtures
// against the excerpts in testdata/undeployable, which is to grow shorter.
// Types of resources aren't in it: a new source of logs brings one.
func (y *tally) compareLacking(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile("testdata/undeployable")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	known := strings.Split(strings.TrimSpace(string(text)), "\n")
	for what := range y.lacking {
		i := slices.IndexFunc(known, func(excerpt string) bool { return strings.Contains(what, excerpt) })
		if i >= 0 {
			used[known[i]] = true
		} else if !strings.HasPrefix(what, unrecognizedType) {
			t.Errorf("the local AWS refuses of a fixture what is not in testdata/undeployable: %s", what)
		}
	}
	for _, excerpt := range known {
		if !used[excerpt] {
			t.Errorf("testdata/undeployable: the local AWS doesn't refuse it any more; remove the line: %s", excerpt)
		}
	}
}

func (y *tally) log(t *testing.T) {
	t.Helper()
	var b strings.Builder
	for _, what := range slices.Sorted(maps.Keys(y.lacking)) {
		fmt.Fprintf(&b, "\n%4d  %s", y.lacking[what], what)
	}
	t.Logf("%d fixtures, %d stacks; the policies of %d resources are the same; the local AWS doesn't carry out:%s", y.fixtures, y.stacks, y.policies, b.String())
	for _, service := range []string{"s3", "kms", "get", "put"} {
		allowed, denied := y.decisions[decision{service, true}], y.decisions[decision{service, false}]
		t.Logf("%s: %d requests of roles are allowed and %d are denied by both wings", service, allowed, denied)
		if allowed == 0 || denied == 0 {
			t.Errorf("%s: the roles don't show both what is allowed and what is denied", service)
		}
	}
	for _, a := range []aspect{upload, ssecUpload, closed, secure, accessLog, inventory, replicating, ssecReplicas} {
		t.Logf("%s: works %d times and fails %d times in both wings", a, y.works[a], y.fails[a])
		if y.works[a] == 0 || y.fails[a] == 0 {
			t.Errorf("%s: the fixtures don't show both that it works and that it fails", a)
		}
	}
}
