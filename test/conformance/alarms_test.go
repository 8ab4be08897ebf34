package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/alarm"
	"github.com/s3seal/s3seal/policy"
)

// TestAlarmsNameAHeading: whoever is called at night follows the link of the
// alarm's text, and stands at what to do.
func TestAlarmsNameAHeading(t *testing.T) {
	t.Parallel()
	pages := map[string][]string{}
	for _, a := range alarm.All() {
		page, anchor, _ := strings.Cut(a.Text[strings.LastIndex(a.Text, "/")+1:], "#")
		if pages[page] == nil {
			pages[page] = anchors(read(t, docs+page))
		}
		if !slices.Contains(pages[page], anchor) {
			t.Errorf("%s links to %q of %s, and the headings are %q", a.ID, anchor, page, pages[page])
		}
	}
}

// TestAlarmTable: what the page says is watched is what is watched.
func TestAlarmTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("| alarm | goes off when | for | without values |\n| --- | --- | --- | --- |\n")
	for _, a := range alarm.All() {
		page, anchor, _ := strings.Cut(a.Text[strings.LastIndex(a.Text, "/")+1:], "#")
		link := "#" + anchor
		if page != "alarms.md" {
			link = page + link
		}
		when := fmt.Sprintf("%s of `%s` `%s` > %g", a.Statistic, a.Namespace, a.Metric, a.Above)
		switch {
		case a.Quota:
			when += " % of the quota"
		case a.Silence:
			when = strings.Replace(when, ">", "≤", 1)
		}
		fmt.Fprintf(&b, "| [`…%s`](%s) | %s | %d × %d min | `%s` |\n", a.ID, link, when, a.Periods, int(a.Period.Minutes()), a.Missing)
	}
	isMade(t, "alarms.md", "alarms", b.String())
}

// TestTopicPolicies: the statements that the page shows are those of the stage's
// own topic.
func TestTopicPolicies(t *testing.T) {
	t.Parallel()
	const account, region = "111122223333", "ap-northeast-1"
	topic := policy.TopicARN("aws", account, region, "on-call")
	publishers := []policy.Publisher{policy.Alarms("aws", account, region), policy.Notifications(account, policy.BucketARN("aws", "acme-source"))}
	var b strings.Builder
	for _, part := range []struct {
		of        string
		statement func(policy.Publisher) iam.Statement
	}{
		{"The topic's policy", func(p policy.Publisher) iam.Statement { return p.Publish(topic) }},
		{"The policy of its key", policy.Publisher.Encrypt},
	} {
		var list []iam.Statement
		for _, p := range publishers {
			list = append(list, part.statement(p))
		}
		text, err := json.MarshalIndent(policy.Document(list...), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s:\n\n```json\n%s\n```\n\n", part.of, text)
	}
	isMade(t, "alarms.md", "topic", b.String())
}
