package rule

import (
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/partition"
)

// merger puts the reports of many tries together.
type merger struct {
	tries    []try
	outcomes []outcome // of the tries
	findings merged[Finding]
	accepted merged[Acknowledged]
	unknown  merged[Unknown]

	undecidedIn map[[3]string][][]int // tries of each unknown, by rule, stack and logical id; made when it is asked for
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

// add notes that tries say something. It is the same as what others said if that
// reads so with the names of these; that Fn::If chose another branch, which words
// has first, makes no difference.
func (m *merged[T]) add(in []int, key any, what T, words func(*T) []*string, n names) {
	if len(in) == 0 {
		return
	}
	for _, s := range m.said[key] {
		there := s.what
		for _, text := range words(&there) {
			*text = n.in.Replace(*text)
		}
		*words(&there)[0] = *words(&what)[0]
		if there == what {
			for _, i := range in {
				if !slices.Contains(s.in, i) {
					s.in = append(s.in, i)
				}
			}
			return
		}
	}
	for _, text := range words(&what) {
		*text = n.back.Replace(*text)
	}
	s := &saying[T]{what, in}
	if m.said == nil {
		m.said = map[any][]*saying[T]{}
	}
	m.said[key] = append(m.said[key], s)
	m.list = append(m.list, s)
}

// of are the tries that say something of a key which fewer than n of them say in
// the same words.
func (m *merged[T]) of(key any, n int) (in []int) {
	for _, s := range m.said[key] {
		if len(s.in) < n {
			in = append(in, s.in...)
		}
	}
	slices.Sort(in)
	return slices.Compact(in)
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
	return sameFinding{f.Rule, f.Stack, f.LogicalID, branch.ReplaceAllString(f.PropertyPath, ""), f.Severity}
}

// branch is a step of a path that an Fn::If chose.
var branch = regexp.MustCompile(`\.Fn::If\[[0-9]+\]`)

func keyOfUnknown(u Unknown) [4]string {
	return [4]string{u.Rule, u.Stack, u.LogicalID, branch.ReplaceAllString(u.PropertyPath, "")}
}

func wordsOfUnknown(u *Unknown) []*string { return []*string{&u.PropertyPath, &u.Why} }

func wordsOfAcknowledged(a *Acknowledged) []*string { return wordsOf(&a.Finding) }

func wordsOf(f *Finding) []*string {
	return []*string{&f.PropertyPath, &f.Message, &f.Fix, &f.Was, &f.Is}
}

// add notes what a try reports.
func (m *merger) add(i int, r outcome) {
	m.outcomes = append(m.outcomes, r)
	n := m.names(m.tries[i])
	for _, f := range r.Findings {
		m.findings.add(m.meant(i, f.Rule), keyOf(f), f, wordsOf, n)
	}
	for _, a := range r.Acknowledged {
		m.accepted.add(m.meant(i, a.Rule), keyOf(a.Finding), a, wordsOfAcknowledged, n)
	}
	for _, u := range r.Unknown {
		m.unknown.add(m.meant(i, u.Rule), keyOfUnknown(u), u, wordsOfUnknown, n)
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
		in := append(s.in, absent(m.outcomes, f.Stack, f.LogicalID)...)
		if f.Where = m.where(in); f.Where != "" && m.acquitted(f, slices.Concat(in, m.findings.of(keyOf(f), len(m.tries)))) {
			f.Severity = Warning
		}
		r.Findings = append(r.Findings, f)
	}
	for _, s := range m.accepted.list {
		a := s.what
		a.Where = m.where(append(s.in, absent(m.outcomes, a.Stack, a.LogicalID)...))
		r.Acknowledged = append(r.Acknowledged, a)
	}
	for _, s := range m.unknown.list {
		u := s.what
		if where := m.where(append(s.in, absent(m.outcomes, u.Stack, u.LogicalID)...)); where != "" {
			u.Why += " (" + where + ")"
		}
		r.Unknown = append(r.Unknown, u)
	}
	return r
}
