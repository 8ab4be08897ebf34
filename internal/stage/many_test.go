package stage

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/golden"
)

// manyAccounts is 500 accounts as the console of AWS Organizations exports them,
// with columns of one's own. A fifth of them has a backup account.
func manyAccounts() string {
	var b strings.Builder
	b.WriteString("Account ID,ARN,Email,Name,State,Joined method,Joined timestamp,env,Owner,backup\n")
	teams := []string{"payments", "search", "web", "data", "mobile"}
	for i := range 500 {
		env, team, backup := "dev", teams[i%len(teams)], ""
		if i%5 < 2 {
			env = "prod"
		}
		if env == "prod" && i%2 == 0 {
			backup = fmt.Sprintf("%012d", 900000000000+i%10)
		}
		fmt.Fprintf(&b, "%012d,arn:aws:organizations::100000000000:account/o-exampleorg1/%012d,aws+%d@example.com,%s %s %03d,ACTIVE,CREATED,2026-01-02T03:04:05Z,%s,\"Team %s\",%s\n",
			100000000001+i, 100000000001+i, i+1, strings.ToUpper(team[:1])+team[1:], env, i, env, team, backup)
	}
	return b.String()
}

func TestFewLinesDescribeManyAccounts(t *testing.T) {
	golden.File(t, "testdata/many/accounts.csv", manyAccounts())
	text, err := os.ReadFile("testdata/many/stages.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(text), "\n"); lines > 40 {
		t.Errorf("%d lines", lines)
	}
	file, err := Load("testdata/many/stages.yaml")
	if err != nil {
		t.Fatal(err)
	}
	replicas, days := 0, map[int]int{}
	for i := range file.Stages {
		s := &file.Stages[i]
		checkComplete(t, s)
		if days[s.Retention.NoncurrentVersionDays]++; s.Replica != nil {
			replicas++
		}
	}
	if len(file.Stages) != 500 || replicas != 100 || days[365] != 199 || days[3650] != 1 || days[30] != 300 {
		t.Errorf("%d stages, %d with replicas, days %v", len(file.Stages), replicas, days)
	}
}

// The page shows the files, of the list its first lines.
func TestThePageShowsTheExample(t *testing.T) {
	const name = "../../docs/groups.md"
	page, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	stages, err := os.ReadFile("testdata/many/stages.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(stages), "\n") // without the line for editors
	lines := strings.SplitAfterN(manyAccounts(), "\n", 4)
	want := block(t, string(page), "yaml", example)
	want = block(t, want, "csv", strings.Join(lines[:3], ""))
	golden.File(t, name, want)
}

// block puts text into the first block of a language.
func block(t *testing.T, page, language, text string) string {
	t.Helper()
	before, rest, found := strings.Cut(page, "```"+language+"\n")
	_, after, ended := strings.Cut(rest, "```\n")
	if !found || !ended {
		t.Fatalf("no block of %s", language)
	}
	return before + "```" + language + "\n" + text + "```\n" + after
}

func BenchmarkLoadManyAccounts(b *testing.B) {
	for b.Loop() {
		if _, err := Load("testdata/many/stages.yaml"); err != nil {
			b.Fatal(err)
		}
	}
}
