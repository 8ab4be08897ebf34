package wings

import (
	"flag"
	"strings"
	"testing"
)

// TestBothWingsRefuseTheSame deploys each fixture. What is refused, or fails,
// in one wing must be in the other.
func TestBothWingsRefuseTheSame(t *testing.T) {
	t.Parallel()
	differences, tally := readDifferences(t, false), newTally()
	t.Run("fixtures", func(t *testing.T) {
		for _, f := range append(readFixtures(t), readAssemblies(t)...) {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				for _, d := range tally.compare(t, f) {
					if !differences.has(d) {
						t.Errorf("the wings differ: %s", d)
					}
				}
			})
		}
	})
	if strings.Contains(flag.Lookup("test.run").Value.String(), "/") {
		return // some of the fixtures only
	}
	differences.stale(t)
	tally.log(t)
	tally.compareLacking(t)
}

// compare gives what the wings say differently of a fixture.
func (y *tally) compare(t *testing.T, f fixture) (list []difference) {
	t.Helper()
	whole := judge(f.stacks)
	d := deploy(t, f)
	differs := func(at string, a aspect, wing, text string) {
		list = append(list, difference{f.name, at, a, wing, text})
	}
	for at, refusals := range d.refused {
		for _, r := range refusals {
			switch {
			case notCarriedOut.MatchString(r):
				y.lacks(d, at, r)
			case unsettled.MatchString(r) && d.unknown(at):
			case !whole.unknown[at][making] && !whole.saysSo(at, r):
				differs(at, making, "local", r)
			}
		}
	}
	for at, aspects := range whole.broken {
		if text := aspects[making]; text != "" && d.physical[at] != "" && len(d.refused[at]) == 0 {
			differs(at, making, "rules", text)
		}
	}
	rest := judge(d.stacks)
	tried := try(t, d)
	y.add(tried)
	for at, aspects := range tried.result {
		for a, local := range aspects {
			rules := rest.broken[at][a]
			switch {
			case rules == "" && (rest.unknown[at][a] || outsideKey.MatchString(local)):
			case (rules != "") == (local != ""):
				y.agree(a, local != "")
			case local != "":
				differs(at, a, "local", local)
			default:
				differs(at, a, "rules", rules)
			}
		}
	}
	return list
}
