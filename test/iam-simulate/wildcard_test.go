//go:build differential

package iamsimulate

import (
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
)

// wildcardStaysInSegment takes out what matches the resource only with a
// wildcard that reaches over a colon: of the Resource of a Deny, and of the
// NotResource of an Allow.
func wildcardStaysInSegment(c *testCase) bool {
	changed := false
	drop := func(list iam.Strings) iam.Strings {
		kept := slices.DeleteFunc(slices.Clone(list), func(r string) bool { return onlyBeyondColon(r, c.request.Resource) })
		changed = changed || len(kept) != len(list)
		if len(kept) == 0 && len(list) > 0 {
			return iam.Strings{"arn:aws:none:::nothing"}
		}
		return kept
	}
	each := func(d *iam.Document) {
		d.Statement = slices.Clone(d.Statement)
		for i := range d.Statement {
			if s := &d.Statement[i]; s.Effect == iam.Deny {
				s.Resource = drop(s.Resource)
			} else {
				s.NotResource = drop(s.NotResource)
			}
		}
	}
	p := &c.policies
	for _, list := range append(append([][]iam.Source{p.Identity, p.Session}, p.SCPs...), p.RCPs...) {
		for i := range list {
			each(&list[i].Document)
		}
	}
	for _, one := range []*iam.Source{p.Boundary, p.Resource} {
		if one != nil {
			each(&one.Document)
		}
	}
	return changed
}

// onlyBeyondColon says whether a pattern matches an ARN as a whole, but not
// segment by segment.
func onlyBeyondColon(pattern, arn string) bool {
	if !wild(pattern).MatchString(arn) {
		return false
	}
	p, a := strings.SplitN(pattern, ":", 6), strings.SplitN(arn, ":", 6)
	for i := range p {
		last := i == len(p)-1
		if last && len(p) < 6 {
			return !strings.HasSuffix(p[i], "*")
		}
		if i >= len(a) || !wild(p[i]).MatchString(a[i]) {
			return true
		}
	}
	return false
}

func wild(pattern string) *regexp.Regexp {
	text := regexp.QuoteMeta(pattern)
	return regexp.MustCompile("^" + strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(text) + "$")
}
