package conformance

import (
	"bufio"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/stage"
)

// table is the first table below a heading of a page: its rows without the head.
func table(t *testing.T, page, under string) [][]string {
	t.Helper()
	var found [][]string
	below := false
	for lines := bufio.NewScanner(strings.NewReader(read(t, docs+page))); lines.Scan(); {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "#"):
			below = strings.TrimLeft(line, "# ") == under
		case below && strings.HasPrefix(line, "| "):
			cells := strings.Split(strings.Trim(line, "| "), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			found = append(found, cells)
		case below && len(found) > 0 && !strings.HasPrefix(line, "|"):
			below = false
		}
	}
	if len(found) < 3 {
		t.Fatalf("docs/%s has no table below %q", page, under)
	}
	return found[2:] // without the head and the rule
}

// number reads "1,000" and "$1.00".
func number(t *testing.T, cell string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(strings.NewReplacer(",", "", "$", "").Replace(cell), 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestPageChoice: every pattern has a row, in order, with its page of AWS's.
func TestPageChoice(t *testing.T) {
	t.Parallel()
	rows := table(t, "encryption.md", "How to choose")
	var patterns []string
	for _, p := range encryption.Patterns() {
		patterns = append(patterns, string(p))
	}
	var named []string
	for _, row := range rows {
		named = append(named, strings.Trim(row[0], "`"))
		if len(row) != 5 || slices.Contains(row, "") || !strings.Contains(row[4], "](https://docs.aws.amazon.com/") {
			t.Errorf("%q: an empty cell, or no page of AWS's", row)
		}
	}
	if !slices.Equal(named, patterns) {
		t.Errorf("the patterns are %q, want %q", named, patterns)
	}
}

// TestPageQuota: the times are those that the quotas give.
func TestPageQuota(t *testing.T) {
	t.Parallel()
	const objects = 100_000_000 // the head says so
	for _, row := range table(t, "encryption.md", "KMS requests: the quota, and what a Bucket Key saves") {
		d := time.Duration(objects/number(t, row[1])) * time.Second
		want := fmt.Sprintf("%d min %d s", int(d.Minutes())%60, int(d.Seconds())%60)
		if d >= time.Hour {
			want = fmt.Sprintf("%d h ", int(d.Hours())) + want
		}
		if row[2] != want {
			t.Errorf("%s: %s at %s a second, want %s", row[0], row[2], row[1], want)
		}
	}
}

// TestPagePrices: the prices are those of the list on the same page.
func TestPagePrices(t *testing.T) {
	t.Parallel()
	text := read(t, docs+"encryption.md")
	list := map[string]string{}
	for _, row := range table(t, "encryption.md", "Prices") {
		list[row[0]] = row[1]
	}
	amount := regexp.MustCompile(`\$([0-9.]+)`)
	requests := amount.FindString(list["KMS requests, for either key"])
	if !strings.HasPrefix(list["KMS requests, for either key"], requests+" per 10,000,") || !strings.Contains(text, "At "+requests+" per\n10,000 requests") {
		t.Fatalf("KMS requests cost %q in the list, and otherwise above", list["KMS requests, for either key"])
	}
	rows := regexp.MustCompile(`(?m)^\| ([0-9,]+) \| ([0-9,]+) \| (\$[0-9,.]+) \| ([0-9,]+) \| (\$[0-9,.]+) \|$`).FindAllStringSubmatch(text, -1)
	if len(rows) == 0 {
		t.Fatal("no table of what a Bucket Key saves")
	}
	for _, row := range rows {
		without, with := number(t, row[2]), number(t, row[4])
		if without != number(t, row[1]) || with != without/100 {
			t.Errorf("%s objects: %s requests without, %s with a Bucket Key that saves 99 %%", row[1], row[2], row[4])
		}
		for _, c := range []struct {
			requests float64
			price    string
		}{{without, row[3]}, {with, row[5]}} {
			if want := c.requests / 10_000 * number(t, requests); fmt.Sprintf("%.2f", want) != fmt.Sprintf("%.2f", number(t, c.price)) {
				t.Errorf("%.0f requests cost %s, want $%.2f", c.requests, c.price, want)
			}
		}
	}

	// The fee for the key, and for its first two rotations.
	fee := number(t, amount.FindString(list["a customer managed key"]))
	for _, row := range table(t, "sse-kms-cmk.md", "Rotation") {
		if want := fee * (1 + min(number(t, row[0]), 2)); number(t, row[1]) != want {
			t.Errorf("after %s rotations %s a month, want $%.0f", row[0], row[1], want)
		}
	}
}

// TestPageStages: each block of YAML is a part of a stage that loads.
func TestPageStages(t *testing.T) {
	t.Parallel()
	for _, page := range encryptionPages {
		for _, b := range blocks(read(t, docs+page)) {
			if b.language != "yaml" {
				continue
			}
			file := "stages:\n  dev:\n    prefix: acme-dev\n    source: {account: \"111122223333\", region: ap-northeast-1}\n" + b.text
			if _, err := stage.Parse("stages.yaml", []byte(file)); err != nil {
				t.Errorf("docs/%s:%d: %v", page, b.line, err)
			}
		}
	}
}

// TestPageKeyUsers: the page says that key.users doesn't let anybody change the
// encryption of an object in place.
func TestPageKeyUsers(t *testing.T) {
	t.Parallel()
	var template struct {
		Resources map[string]struct {
			Type       string
			Properties struct {
				KeyPolicy struct{ Statement []struct{ Sid, Action any } }
			}
		}
	}
	if err := json.Unmarshal([]byte(read(t, accountsAssembly+"/"+"prod-buckets.template.json")), &template); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, r := range template.Resources {
		for _, s := range r.Properties.KeyPolicy.Statement {
			if s.Sid == "KeyUsers" {
				found = true
				if got := fmt.Sprint(s.Action); got != "[kms:Decrypt kms:GenerateDataKey]" {
					t.Errorf("key.users gives %s: docs/encryption.md says kms:Decrypt and kms:GenerateDataKey only", got)
				}
			}
		}
	}
	if !found {
		t.Error("no key of the stage prod has users")
	}
}
