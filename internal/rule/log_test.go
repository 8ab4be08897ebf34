package rule

import (
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/logdelivery"
)

func logFixture(t *testing.T, name string) fixture {
	t.Helper()
	return readFixtures(t, "rules/"+name+".txtar")[0]
}

// A source that no fixture sends could be read wrongly, or asked about wrongly,
// without a test that fails. The fixtures of each rule send all that can have
// its finding: Bad... gets it, Good... gets none, and Outside... goes to a
// bucket that isn't in the stacks.
func TestFixturesSendEveryKindOfLog(t *testing.T) {
	t.Parallel()
	for name, meant := range map[string]func(logdelivery.Source, logdelivery.Traits) bool{
		"log-encryption-unsupported": func(logdelivery.Source, logdelivery.Traits) bool { return true },
		"log-delivery-denied":        func(_ logdelivery.Source, t logdelivery.Traits) bool { return !t.NeedsACL },
		"log-key-denied": func(s logdelivery.Source, t logdelivery.Traits) bool {
			return !t.NeedsACL && logdelivery.Lookup(s, encryption.SSEKMSCMK).Delivers()
		},
	} {
		f := logFixture(t, name)
		seen, found := map[string]bool{}, map[logdelivery.Source]bool{}
		c := &checker{deployment: newDeployment(f.stacks, Options{}), report: &Report{}}
		c.eachLog(func(l sentLog) {
			for _, prefix := range []string{"Bad", "Good", "Outside"} {
				if strings.HasPrefix(l.from.LogicalID, prefix) {
					seen[prefix+string(l.Source)] = true
				}
			}
			if b := c.set.BucketNamed(l.bucket); b != nil && strings.HasPrefix(l.from.LogicalID, "Bad") {
				e, _ := logEncryption(l, b)
				open := name == "log-encryption-unsupported" && logdelivery.Lookup(l.Source, e).Verdict == logdelivery.Unknown
				found[l.Source] = found[l.Source] || open || slices.ContainsFunc(f.report.Findings, func(x Finding) bool {
					return x.Rule == name && x.LogicalID == l.from.LogicalID && x.PropertyPath == fromResource(l.from, l.at)
				})
			}
		})
		for _, s := range logdelivery.Sources() {
			traits, _ := logdelivery.Of(s)
			if !meant(s, traits) {
				continue
			}
			for _, prefix := range []string{"Bad", "Good", "Outside"} {
				if !seen[prefix+string(s)] {
					t.Errorf("%s: no %s... sends %s", f.file, prefix, s)
				}
			}
			if seen["Bad"+string(s)] && !found[s] {
				t.Errorf("%s: the Bad... that sends %s has no finding of %s", f.file, s, name)
			}
		}
	}
}

func TestOutsideDestinationIsSaidOnce(t *testing.T) {
	t.Parallel()
	f := logFixture(t, "log-delivery-denied")
	n := 0
	for _, cause := range f.report.Causes() {
		if strings.Contains(cause.Why, "aws-waf-logs-elsewhere") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("bucket aws-waf-logs-elsewhere is said to be unknown %d times, want once", n)
	}
}

// What a finding tells to add has to be enough: with the statements in the
// policy, the same log is found to arrive.
func TestFixesOfDeniedLogsAreEnough(t *testing.T) {
	t.Parallel()
	for name, policyOf := range map[string]func(*deployment, *resource.Bucket) *iam.Source{
		"log-delivery-denied": func(_ *deployment, b *resource.Bucket) *iam.Source {
			b.Policy = &iam.Source{Name: "policy", Document: iam.Document{Version: iam.Version}}
			return b.Policy
		},
		"log-key-denied": func(d *deployment, b *resource.Bucket) *iam.Source {
			k := d.set.KeyWithARN(b.KeyARN)
			k.Policy.Document.Statement = k.Policy.Document.Statement[:1]
			return k.Policy
		},
	} {
		i := slices.IndexFunc(logRules, func(r Rule) bool { return r.ID == name })
		f := logFixture(t, name)
		d := newDeployment(f.stacks, Options{})
		found := func(l sentLog) (list []Finding) {
			c := &checker{deployment: d, rule: logRules[i], report: &Report{}}
			c.rule.check(c)
			return slices.DeleteFunc(c.report.Findings, func(x Finding) bool {
				return x.LogicalID != l.from.LogicalID || x.PropertyPath != fromResource(l.from, l.at)
			})
		}
		tried := 0
		(&checker{deployment: d, report: &Report{}}).eachArrival(func(l sentLog, b *resource.Bucket) {
			if b.Name != "aws-waf-logs-bad" || l.Source == logdelivery.CloudFrontLegacy {
				return
			}
			policyOf(d, b) // without the statements for the one before
			before := found(l)
			if len(before) == 0 {
				return // of another rule
			}
			tried++
			_, statements, _ := strings.Cut(before[0].Fix, ": {")
			add, err := iam.ParseDocument([]byte(`{"Version": "2012-10-17", "Statement": [{` + statements + `]}`))
			if err != nil {
				t.Errorf("%s: the fix of %s can't be read: %v\n%s", name, l.from.LogicalID, err, before[0].Fix)
				return
			}
			p := policyOf(d, b)
			p.Document.Statement = append(p.Document.Statement, add.Statement...)
			for _, x := range found(l) {
				t.Errorf("%s: %s is still found with %s: %s", name, x.LogicalID, before[0].Fix, x.Message)
			}
		})
		if tried < 15 {
			t.Errorf("%s: %d fixes tried, of more kinds of logs", name, tried)
		}
	}
}
