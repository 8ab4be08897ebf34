//go:build differential

package iamsimulate

import (
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
)

// demanded are the features that the cases must have: one that the generator lost
// would no longer be compared. A policy decides a case if the verdict is another
// without it.
var demanded = strings.Fields(`
	s3 kms sts secretsmanager
	role-session user root-user federated-user service anonymous
	another-account same-account
	identity-policy identity-policy-decides boundary boundary-decides session-policy session-policy-decides
	resource-policy resource-policy-decides SCP SCP-decides RCP RCP-decides
	RestrictPublicBuckets RestrictPublicBuckets-decides
	Action NotAction Resource NotResource Principal NotPrincipal Condition
	SCP-NotAction SCP-NotResource SCP-Condition RCP-NotResource RCP-Condition
	boundary-NotAction boundary-NotResource boundary-Condition session-policy-NotAction session-policy-NotResource session-policy-Condition
	variable variable-with-default variable-in-Resource variable-in-Condition old-version
	Null IfExists ForAnyValue ForAllValues
	StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike
	NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals NumericGreaterThan NumericGreaterThanEquals
	DateEquals DateNotEquals DateLessThan DateLessThanEquals DateGreaterThan DateGreaterThanEquals
	Bool BinaryEquals IpAddress NotIpAddress ArnEquals ArnLike ArnNotEquals ArnNotLike`)

// demandFeatures asks that each feature is in at least one case of two hundred.
func demandFeatures(t *testing.T, counts map[string]int, cases int) {
	t.Helper()
	for _, f := range demanded {
		t.Logf("feature %-32s %6d", f, counts[f])
		if counts[f] < cases/200 {
			t.Errorf("only %d of %d cases have %s", counts[f], cases, f)
		}
	}
}

func countFeatures(c *testCase, ours string, counts map[string]int) {
	have := map[string]bool{}
	mark := func(f string) { have[f] = true }
	service, _, _ := strings.Cut(c.request.Action, ":")
	mark(service)
	mark(c.kind())
	switch c.account {
	case owner:
		mark("same-account")
	case stranger:
		mark("another-account")
	}
	p := &c.policies
	for name, without := range map[string]func(*iam.Policies) bool{
		"identity-policy":       func(p *iam.Policies) (has bool) { has, p.Identity = len(p.Identity) > 0, nil; return },
		"boundary":              func(p *iam.Policies) (has bool) { has, p.Boundary = p.Boundary != nil, nil; return },
		"session-policy":        func(p *iam.Policies) (has bool) { has, p.Session = len(p.Session) > 0, nil; return },
		"resource-policy":       func(p *iam.Policies) (has bool) { has, p.Resource = p.Resource != nil, nil; return },
		"SCP":                   func(p *iam.Policies) (has bool) { has, p.SCPs = len(p.SCPs) > 0, nil; return },
		"RCP":                   func(p *iam.Policies) (has bool) { has, p.RCPs = len(p.RCPs) > 0, nil; return },
		"RestrictPublicBuckets": func(p *iam.Policies) (has bool) { has, p.PublicAccess = p.PublicAccess != nil, nil; return },
	} {
		rest := *p
		if without(&rest) {
			mark(name)
			if verdict(iam.Evaluate(c.request, rest)) != ours {
				mark(name + "-decides")
			}
		}
	}
	each := func(name string, list ...iam.Source) {
		for i := range list {
			documentFeatures(&list[i].Document, name, mark)
		}
	}
	each("identity-policy", p.Identity...)
	each("session-policy", p.Session...)
	for _, l := range p.SCPs {
		each("SCP", l...)
	}
	for _, l := range p.RCPs {
		each("RCP", l...)
	}
	if p.Boundary != nil {
		each("boundary", *p.Boundary)
	}
	if p.Resource != nil {
		each("resource-policy", *p.Resource)
	}
	for f := range have {
		counts[f]++
	}
}

func (c *testCase) kind() string {
	switch {
	case c.root:
		return "root-user"
	case c.federated:
		return "federated-user"
	case c.principal == "anonymous":
		return "anonymous"
	case c.account == "":
		return "service"
	case strings.Contains(c.callerARN, ":role/"):
		return "role-session"
	}
	return "user"
}

func documentFeatures(d *iam.Document, policy string, mark func(string)) {
	if d.Version != iam.Version {
		mark("old-version")
	}
	for i := range d.Statement {
		s := &d.Statement[i]
		for element, has := range map[string]bool{
			"Action": len(s.Action) > 0, "NotAction": len(s.NotAction) > 0, "Resource": len(s.Resource) > 0, "NotResource": len(s.NotResource) > 0,
			"Principal": s.Principal != nil, "NotPrincipal": s.NotPrincipal != nil, "Condition": len(s.Condition) > 0,
		} {
			if has {
				mark(element)
				mark(policy + "-" + element)
			}
		}
		for _, list := range []iam.Strings{s.Resource, s.NotResource} {
			variableFeatures(list, "Resource", mark)
		}
		for operator, keys := range s.Condition {
			operatorFeatures(operator, mark)
			for _, want := range keys {
				variableFeatures(want, "Condition", mark)
			}
		}
	}
}

func variableFeatures(list iam.Strings, in string, mark func(string)) {
	for _, v := range list {
		if _, rest, ok := strings.Cut(v, "${"); ok && len(rest) > 2 {
			mark("variable")
			mark("variable-in-" + in)
			if strings.Contains(rest, "'") {
				mark("variable-with-default")
			}
		}
	}
}

func operatorFeatures(operator string, mark func(string)) {
	if set, rest, ok := strings.Cut(operator, ":"); ok {
		mark(set)
		operator = rest
	}
	if rest, ok := strings.CutSuffix(operator, "IfExists"); ok {
		mark("IfExists")
		operator = rest
	}
	mark(operator)
}
