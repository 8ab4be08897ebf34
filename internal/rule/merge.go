package rule

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/partition"
)

// merger puts the reports of many tries together.
type merger struct {
	tries    []try
	findings merged[Finding]
	accepted merged[Acknowledged]
	unknown  merged[Unknown]
}

// merged are things that reports say, each with the tries that say it.
type merged[T comparable] struct {
	said map[any][]*saying[T] // by what is the same in every environment
	list []*saying[T]
}

type saying[T comparable] struct {
	what T // with the names of account and Region put back
	in   []int
}

// add notes that a try says something. It is the same as what another said if
// that reads so with the names of this one.
func (m *merged[T]) add(in []int, key any, what T, texts func(*T) []*string, n names) {
	if len(in) == 0 {
		return
	}
	for _, s := range m.said[key] {
		there := s.what
		for _, text := range texts(&there) {
			*text = n.in.Replace(*text)
		}
		if there == what {
			for _, i := range in {
				if !slices.Contains(s.in, i) {
					s.in = append(s.in, i)
				}
			}
			return
		}
	}
	for _, text := range texts(&what) {
		*text = n.back.Replace(*text)
	}
	s := &saying[T]{what, in}
	if m.said == nil {
		m.said = map[any][]*saying[T]{}
	}
	m.said[key] = append(m.said[key], s)
	m.list = append(m.list, s)
}

// names puts those of a try in the place of pseudo parameters, and back.
type names struct{ in, back *strings.Replacer }

func (m *merger) names(t try) names {
	var pairs []string
	if t.Account != "" {
		pairs = append(pairs, "${AWS::AccountId}", t.Account)
	}
	if t.Region != "" {
		p := partition.Of(t.Region)
		pairs = append(pairs, "${AWS::Region}.${AWS::URLSuffix}", t.Region+"."+p.DNSSuffix, "${AWS::Region}", t.Region)
		if slices.ContainsFunc(m.tries, func(other try) bool { return partition.Of(other.Region) != p }) {
			pairs = append(pairs, "arn:${AWS::Partition}:", "arn:"+p.Name+":")
		}
	}
	back := make([]string, len(pairs))
	for i := 0; i < len(pairs); i += 2 {
		back[i], back[i+1] = pairs[i+1], pairs[i]
	}
	return names{strings.NewReplacer(pairs...), strings.NewReplacer(back...)}
}

type sameFinding struct {
	rule, stack, logicalID, at string
	severity                   Severity
}

func keyOf(f Finding) sameFinding {
	return sameFinding{f.Rule, f.Stack, f.LogicalID, f.PropertyPath, f.Severity}
}

func wordsOf(f *Finding) []*string { return []*string{&f.Message, &f.Fix, &f.Was, &f.Is} }

// add notes what a try reports.
func (m *merger) add(i int, r Report) {
	n := m.names(m.tries[i])
	for _, f := range r.Findings {
		m.findings.add(m.meant(i, f.Rule), keyOf(f), f, wordsOf, n)
	}
	for _, a := range r.Acknowledged {
		m.accepted.add(m.meant(i, a.Rule), keyOf(a.Finding), a, func(a *Acknowledged) []*string { return wordsOf(&a.Finding) }, n)
	}
	for _, u := range r.Unknown {
		key := [4]string{u.Rule, u.Stack, u.LogicalID, u.PropertyPath}
		m.unknown.add(m.meant(i, u.Rule), key, u, func(u *Unknown) []*string { return []*string{&u.Why} }, n)
	}
}

// meant are the tries for which one speaks about a rule; none, if another does.
func (m *merger) meant(i int, rule string) (list []int) {
	switch t := m.tries[i]; {
	case rule != unknownAccount || t.Account == "":
		return []int{i}
	case !t.unnamed:
		return nil
	}
	for j, t := range m.tries {
		if t.Region == m.tries[i].Region {
			list = append(list, j)
		}
	}
	return list
}

// report is what holds in all tries, and what in some, with where that is. A
// finding of which another place acquits the template is a warning: who gives the
// account and the Region learns whether it is an error.
func (m *merger) report() Report {
	r := Report{Findings: []Finding{}, Unknown: []Unknown{}, Acknowledged: []Acknowledged{}}
	for _, s := range m.findings.list {
		f := s.what
		if f.Where = m.where(s.in); f.Where != "" && m.acquitted(f, s.in) {
			f.Severity = Warning
		}
		r.Findings = append(r.Findings, f)
	}
	for _, s := range m.accepted.list {
		a := s.what
		a.Where = m.where(s.in)
		r.Acknowledged = append(r.Acknowledged, a)
	}
	for _, s := range m.unknown.list {
		u := s.what
		if where := m.where(s.in); where != "" {
			u.Why += " (" + where + ")"
		}
		r.Unknown = append(r.Unknown, u)
	}
	return r
}
