package stage

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A stage that the file moves to the global namespace has the names without an
// ending; each Region has the namespace that it can.
func TestNamespaceIsThatOfTheEnvironment(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		option, source, replica string
		want                    [2]Namespace
	}{
		{"", "ap-northeast-1", "us-east-1", [2]Namespace{AccountRegional, AccountRegional}},
		{"", "cn-north-1", "cn-northwest-1", [2]Namespace{AccountRegional, AccountRegional}},
		{"", "us-iso-east-1", "us-iso-west-1", [2]Namespace{AccountRegional, AccountRegional}},
		{"", "ap-northeast-1", "me-south-1", [2]Namespace{AccountRegional, Global}},
		{"", "me-central-1", "ap-northeast-1", [2]Namespace{Global, AccountRegional}},
		{"bucketNamespace: account-regional,", "ap-northeast-1", "us-east-1", [2]Namespace{AccountRegional, AccountRegional}},
		{"bucketNamespace: global,", "ap-northeast-1", "us-east-1", [2]Namespace{Global, Global}},
		{"bucketNamespace: global,", "me-south-1", "me-central-1", [2]Namespace{Global, Global}},
	} {
		file := parse(t, fmt.Sprintf(`stages: {s: {%s prefix: acme, patterns: [sse-s3], source: {account: "111122223333", region: %s}, replica: {account: "777788889999", region: %s}}}`,
			tc.option, tc.source, tc.replica))
		s := &file.Stages[0]
		r := s.Replica
		if got := [2]Namespace{s.Namespace(s.Source), s.Namespace(r.Environment)}; got != tc.want {
			t.Errorf("%s %s, %s: got %v, want %v", tc.option, tc.source, tc.replica, got, tc.want)
		}
		ending := map[Namespace]string{AccountRegional: "-an"}
		source := "-111122223333-" + tc.source + ending[tc.want[0]]
		replica := "-777788889999-" + tc.replica + ending[tc.want[1]]
		want := []string{
			"acme-sse-s3" + source, "acme-source" + source, "acme-logs" + source, "acme-inventory" + source,
			"acme-replica" + replica, "acme-logs" + replica, "acme-inventory" + replica,
		}
		got := append(s.SourceBuckets(), s.LogBucket(s.Source), s.InventoryBucket(s.Source),
			r.ReplicaBucket, s.LogBucket(r.Environment), s.InventoryBucket(r.Environment))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s %s, %s: names (-want +got):\n%s", tc.option, tc.source, tc.replica, diff)
		}
	}
}

// What Prefix says of the room that names leave it.
func TestLongestPrefixes(t *testing.T) {
	t.Parallel()
	const letters = "abcdefghijklmnopqrstuvwxyz"
	for _, tc := range []struct {
		option, region string
		longest        int
	}{
		{"", "ap-northeast-1", 20},
		{"", "eu-west-1", 24}, // of 25, and no prefix is longer than 24
		{"", "us-isof-south-1", 19},
		{"bucketNamespace: global,", "ap-northeast-1", 23},
	} {
		for n := tc.longest; n <= min(24, tc.longest+1); n++ {
			_, err := Parse("stages.yaml", fmt.Appendf(nil, `stages: {s: {%s prefix: %s, source: {account: "111122223333", region: %s}}}`, tc.option, letters[:n], tc.region))
			if (err == nil) != (n == tc.longest) {
				t.Errorf("%s %s, %d characters: %v", tc.option, tc.region, n, err)
			}
		}
	}
}

// The name that a message says to write must be one that loads.
func TestNameInNamespaceIsInIt(t *testing.T) {
	t.Parallel()
	s := &Stage{Prefix: "acme"}
	e := Environment{"111122223333", "ap-northeast-1"}
	for text, want := range map[string]string{
		"data":                                "data-{account}-{region}-an",
		"data-an":                             "data-{account}-{region}-an",
		"{prefix}-{account}":                  "{prefix}-{account}-{region}-an",
		"{prefix}-{region}":                   "{prefix}-{account}-{region}-an",
		"data-{account}-ap-northeast-1":       "data-{account}-{region}-an",
		"data-111122223333-{region}":          "data-{account}-{region}-an",
		"data-444455556666-{region}-an":       "data-{account}-{region}-an",
		"data-us-east-1":                      "data-us-east-1-{account}-{region}-an",
		"{account}-{region}":                  "{account}-{account}-{region}-an",
		"{region}":                            "{region}-{account}-{region}-an",
		"data-{account}-{region}-an-{prefix}": "data-{account}-{region}-an-{prefix}-{account}-{region}-an",
	} {
		if got := inNamespace(text, e); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
		if wrong, instead := s.namespaceFault(want, e); wrong != "" {
			t.Errorf("%s: %s %s: %s", text, want, wrong, instead)
		}
	}
}
