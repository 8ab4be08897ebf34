package rule

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
)

// maxValues bounds how many combinations of values of parameters are tried, of a
// small template. A parameter that would make more of them stays unknown.
const maxValues = 8

// values is one combination of what parameters can have.
type values struct {
	given    map[string]string
	standIns map[string]template.StandIn
}

// combinations are those of the values that stand for all. Of names there are
// two: rules must say the same of both, and one begins as some service demands.
// A parameter that would make more than most of them is left out.
func combinations(open map[string]*parameter, most int) []values {
	list := []values{{map[string]string{}, map[string]template.StandIn{}}}
	named := false
	for _, name := range slices.Sorted(maps.Keys(open)) {
		p := open[name]
		options := slices.Clone(p.values)
		if !p.allowed {
			options = append(options, "") // a stand-in
		}
		if len(list)*len(options) > most {
			continue
		}
		var more []values
		for _, v := range list {
			for i, option := range options {
				next := values{maps.Clone(v.given), maps.Clone(v.standIns)}
				if i < len(p.values) {
					next.given[name] = option
				} else {
					next.standIns[name] = template.StandIn{Text: p.standIn(name), Compared: !p.name}
					named = named || p.name
				}
				more = append(more, next)
			}
		}
		list = more
	}
	if named {
		for _, v := range slices.Clone(list) {
			list = append(list, v.demanded(open))
		}
	}
	return list
}

// standIn is a text that no template has.
func (p *parameter) standIn(name string) string {
	if p.shape != "" {
		return p.shape + fmt.Sprintf("%017x", hash(name))
	}
	return fmt.Sprintf("n%013x", hash(name))
}

// hash is the same for the same name (FNV-1a of 52 bits).
func hash(name string) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range []byte(name) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h >> 12
}

// wafLogs is how the names of AWS WAF's log buckets begin. No rule knows another
// beginning that means something.
const wafLogs = "aws-waf-logs-"

// demanded has names that begin so.
func (v values) demanded(open map[string]*parameter) values {
	next := values{v.given, maps.Clone(v.standIns)}
	for name, in := range next.standIns {
		if open[name].shape == "" && !in.Compared {
			next.standIns[name] = template.StandIn{Text: wafLogs + in.Text}
		}
	}
	return next
}

// names puts the stand-ins in the place of their parameters, and back.
func (v values) names() names {
	var in, back []string
	for _, name := range slices.Sorted(maps.Keys(v.standIns)) {
		text := v.standIns[name].Text
		in, back = append(in, "${"+name+"}", text), append(back, text, "${"+name+"}")
	}
	return names{strings.NewReplacer(in...), strings.NewReplacer(back...)}
}

// overValues puts together what is reported of the same stacks with different
// values. What only some of them bring about is undecided: it depends on a
// parameter.
func overValues(list []values, outcomes []outcome) outcome {
	if len(list) == 1 && len(list[0].standIns) == 0 {
		return outcomes[0]
	}
	var findings merged[Finding]
	var accepted merged[Acknowledged]
	var unknown merged[Unknown]
	created := map[string]bool{}
	for i, r := range outcomes {
		maps.Copy(created, r.created)
		n, in := list[i].names(), []int{i}
		for _, f := range r.Findings {
			findings.add(in, keyOf(f), f, wordsOf, n)
		}
		for _, a := range r.Acknowledged {
			accepted.add(in, keyOf(a.Finding), a, wordsOfAcknowledged, n)
		}
		for _, u := range r.Unknown {
			unknown.add(in, keyOfUnknown(u), u, wordsOfUnknown, n)
		}
	}
	r := Report{Findings: []Finding{}, Unknown: []Unknown{}, Acknowledged: []Acknowledged{}}
	for _, s := range accepted.list {
		r.Acknowledged = append(r.Acknowledged, s.what)
	}
	for _, s := range unknown.list {
		r.Unknown = append(r.Unknown, s.what)
	}
	done := map[any]bool{}
	for _, s := range findings.list {
		key, elsewhere := keyOf(s.what), absent(outcomes, s.what.Stack, s.what.LogicalID)
		everywhere := len(list) - len(elsewhere)
		switch {
		case len(s.in) == everywhere:
			r.Findings = append(r.Findings, s.what)
		case done[key]:
		case len(findings.of(key, everywhere)) == everywhere:
			r.Findings, done[key] = append(r.Findings, s.what), true // each value in words of its own
		default:
			r.Unknown = append(r.Unknown, Unknown{
				Rule: s.what.Rule, Stack: s.what.Stack, Template: s.what.Template, LogicalID: s.what.LogicalID, PropertyPath: s.what.PropertyPath,
				Why: "it depends on " + dependsOn(list, s.in, elsewhere, s.what.Message),
			})
		}
	}
	return outcome{r, created}
}

// dependsOn words the parameters that decide whether a combination is in a list:
// in what one of it differs from the nearest that isn't, and has the resource.
func dependsOn(list []values, in, elsewhere []int, message string) string {
	var nearest []string // of names that always go together, those that the message has
	for i, v := range list {
		if !slices.Contains(in, i) {
			continue
		}
		for j, other := range list {
			if slices.Contains(in, j) || slices.Contains(elsewhere, j) {
				continue
			}
			if words := v.differs(other); nearest == nil || len(words) < len(nearest) {
				nearest = words
			}
		}
	}
	for _, words := range slices.Clone(nearest) {
		if name, _, _ := strings.Cut(words, ":"); len(nearest) > 1 && !strings.Contains(message, "${"+name+"}") {
			nearest = slices.DeleteFunc(nearest, func(w string) bool { return w == words })
		}
	}
	return "parameter " + strings.Join(nearest, ", ") + ", " + message
}

// differs words the parameters whose values aren't the other's.
func (v values) differs(from values) []string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(v.all())) {
		switch text := v.all()[name]; {
		case text == from.all()[name]:
		case v.given[name] == text:
			words = append(words, fmt.Sprintf("%s: with %q", name, text))
		case strings.HasPrefix(text, wafLogs):
			words = append(words, fmt.Sprintf("%s: with a name that begins with %s", name, wafLogs))
		default:
			words = append(words, fmt.Sprintf("%s: with another value", name))
		}
	}
	return words
}

func (v values) all() map[string]string {
	all := maps.Clone(v.given)
	for name, in := range v.standIns {
		all[name] = in.Text
	}
	return all
}
