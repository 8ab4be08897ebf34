package stage

import (
	"fmt"
	"testing"
)

// What is deployed to an environment needs its bootstrap there.
func TestALatencyAlarmNeedsAnEnvironment(t *testing.T) {
	t.Parallel()
	const text = `stages:
  a:
    prefix: acme-a
    source: {account: "111122223333", region: eu-west-1}
    replica: {account: "444455556666", region: %s}
    alarms: {emails: [on-call@example.com]%s}
`
	for _, tc := range []struct{ region, more, want string }{
		{"eu-west-2", "", "[{111122223333 eu-west-1} {444455556666 eu-west-2}]"},
		{"eu-west-2", ", replication: {latencyMinutes: 30}", "[{111122223333 eu-west-1} {444455556666 eu-west-2} {111122223333 eu-west-2}]"},
		{"eu-west-1", ", replication: {latencyMinutes: 30}", "[{111122223333 eu-west-1} {444455556666 eu-west-1}]"},
	} {
		file, err := Parse("stages.yaml", fmt.Appendf(nil, text, tc.region, tc.more))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(file.Stages[0].Environments()); got != tc.want {
			t.Errorf("%s%s: %s, want %s", tc.region, tc.more, got, tc.want)
		}
	}
}
