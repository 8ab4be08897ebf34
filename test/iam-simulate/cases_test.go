//go:build differential

package iamsimulate

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
)

func present(c *testCase, key string) bool {
	for k := range c.request.Context {
		if strings.EqualFold(k, key) {
			return true
		}
	}
	for k := range c.derived {
		if strings.EqualFold(k, key) {
			return true
		}
	}
	return false
}

func eachCondition(c *testCase, f func(iam.Condition)) {
	eachSource(c, func(s *iam.Source) {
		for i := range s.Document.Statement {
			f(s.Document.Statement[i].Condition)
		}
	})
}

func eachSource(c *testCase, f func(*iam.Source)) {
	p := &c.policies
	for _, list := range append([][]iam.Source{p.Identity, p.Session}, append(p.SCPs, p.RCPs...)...) {
		for i := range list {
			f(&list[i])
		}
	}
	for _, one := range []*iam.Source{p.Boundary, p.Resource} {
		if one != nil {
			f(one)
		}
	}
}

// clone copies what the rewrites change: the statements and their conditions.
func clone(p iam.Policies) iam.Policies {
	source := func(s iam.Source) iam.Source {
		statements := slices.Clone(s.Document.Statement)
		for i := range statements {
			cond := iam.Condition{}
			for op, keys := range statements[i].Condition {
				cond[op] = map[string]iam.Strings{}
				for k, v := range keys {
					cond[op][k] = slices.Clone(v)
				}
			}
			statements[i].Condition = cond
		}
		s.Document.Statement = statements
		return s
	}
	list := func(in []iam.Source) (out []iam.Source) {
		for _, s := range in {
			out = append(out, source(s))
		}
		return out
	}
	levels := func(in [][]iam.Source) (out [][]iam.Source) {
		for _, l := range in {
			out = append(out, list(l))
		}
		return out
	}
	one := func(s *iam.Source) *iam.Source {
		if s == nil {
			return nil
		}
		c := source(*s)
		return &c
	}
	p.Identity, p.Session, p.Boundary, p.Resource = list(p.Identity), list(p.Session), one(p.Boundary), one(p.Resource)
	p.SCPs, p.RCPs = levels(p.SCPs), levels(p.RCPs)
	return p
}
