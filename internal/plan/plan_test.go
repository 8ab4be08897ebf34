package plan

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/s3seal/s3seal/internal/golden"
	"github.com/s3seal/s3seal/internal/price"
	"github.com/s3seal/s3seal/internal/stage"
)

// planned returns the plan of a stages file.
func planned(t testing.TB, path string) Plan {
	t.Helper()
	file, err := stage.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return New(file.Stages)
}

func text(t *testing.T, p Plan, all bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b, all); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const (
	many       = "../stage/testdata/many/stages.yaml"
	partitions = "../stage/testdata/good/partitions.yaml"
	every      = "../../test/testdata/stages.yaml"
)

func TestManyStagesAreReadInOneScreen(t *testing.T) {
	t.Parallel()
	golden.File(t, "testdata/many.txt", text(t, planned(t, many), false))
}

// The page shows what the command prints.
func TestThePageShowsThePlan(t *testing.T) {
	t.Parallel()
	const name = "../../docs/groups.md"
	page, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(page), "```text\n")
	_, after, found := strings.Cut(rest, "```\n")
	if !found {
		t.Fatal("no block")
	}
	shown, _, _ := strings.Cut(text(t, planned(t, many), false), "\nBy use,")
	golden.File(t, name, before+"```text\n"+shown+"```\n"+after)
}

// A price stands in a page for people too.
func TestPricesAreThoseOfThePages(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/encryption.md")
	if err != nil {
		t.Fatal(err)
	}
	for item, row := range map[price.Item]string{price.Key: "| a customer managed key | $%g a month", price.Secret: "| a secret, such as the key ring of `sse-c` | $%.2f a month"} {
		if want := fmt.Sprintf(row, item.USD()); !strings.Contains(string(page), want) {
			t.Errorf("docs/encryption.md lacks %q", want)
		}
	}
}

func TestTextIsNarrow(t *testing.T) {
	t.Parallel()
	for _, path := range []string{many, partitions, every} {
		for line := range strings.Lines(text(t, planned(t, path), true)) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 {
				t.Errorf("%d columns: %s", n, line)
			}
		}
	}
}

func TestAllListsEveryStageWithItsAccounts(t *testing.T) {
	t.Parallel()
	p := planned(t, many)
	got := text(t, p, true)
	for _, s := range p.Stages {
		if !strings.Contains(got, "    "+s.Stage+" ") || !strings.Contains(got, s.Environments[0].Account) {
			t.Errorf("%s is missing", s.Stage)
		}
	}
}

func TestCostsAreThoseOfTheTable(t *testing.T) {
	t.Parallel()
	r := Resources{Buckets: 9, LogBuckets: 9, Keys: 3, Secrets: 2, Functions: 9, Queues: 9, StateMachines: 9, Alarms: 3, Dashboards: 1, Topics: 9, ReplicationMetrics: 3}
	if got, want := r.cost(), (Cost{First: 300 + 80 + 30 + 300 + 90, Later: 900 + 80 + 30 + 300 + 90}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := Cents(1205).String(); got != "12.05" {
		t.Error(got)
	}
}

func TestSumsAreThoseOfTheStages(t *testing.T) {
	t.Parallel()
	p := planned(t, many)
	var of Sum
	for _, g := range p.Groups {
		of.Stages += g.Stages
		of.Resources = of.Resources.plus(g.Resources)
		of.Cost.First += g.Cost.First
		of.Cost.Later += g.Cost.Later
	}
	of.Accounts = p.Total.Accounts // the groups share backup accounts
	if of != p.Total || p.Total.Stages != 500 || p.Total.Accounts != 500+5-3 {
		t.Errorf("groups %+v, total %+v", of, p.Total)
	}
}

// Prices are those of one partition: in another the cost is unknown, and not 0.
func TestAnotherPartitionsCostIsUnknown(t *testing.T) {
	t.Parallel()
	p := planned(t, partitions)
	unknown := 0
	for _, s := range p.Stages {
		for _, e := range s.Environments {
			if foreign := strings.HasPrefix(e.Region, "cn-"); foreign != (e.Cost == nil) {
				t.Errorf("%s %s: %v", s.Stage, e.Region, e.Cost)
			} else if foreign {
				unknown++
			}
		}
	}
	got := text(t, p, false)
	if unknown == 0 || p.Total.Unknown != unknown || !strings.Contains(got, "unknown  unknown\n") || !strings.Contains(got, "whose prices are unknown: 1.") {
		t.Errorf("%d unknown\n%s", unknown, got)
	}
}

func BenchmarkPlanOfManyStages(b *testing.B) {
	for b.Loop() {
		if err := planned(b, many).Write(&bytes.Buffer{}, false); err != nil {
			b.Fatal(err)
		}
	}
}
