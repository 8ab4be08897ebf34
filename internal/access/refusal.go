package access

import (
	"cmp"
	"slices"
)

// refusal is what is denied to somebody, or not known of, for one reason.
type refusal struct {
	reason string // a statement, what is not known, or notRefused
	who    int    // a principal, or everybody or everybodyElse
	some   operations
}

const (
	everybody     = -2 // without exception
	everybodyElse = -1 // whom no other line of the operation names

	notRefused = "not refused"
)

func (c cell) refusal() string {
	switch c.verdict {
	case isDenied:
		return c.by
	case isUnknown:
		return "unknown: " + c.by
	}
	return notRefused
}

// refusals are in the order of the reasons, and of those that they are about.
// Nobody's stand for everybody's; of the others, those that differ from their
// class are named.
func (a *asking) refusals() []refusal {
	var list []refusal
	add := func(reason string, who, operation int) {
		i := slices.IndexFunc(list, func(r refusal) bool { return r.reason == reason && r.who == who })
		if i < 0 {
			i = len(list)
			list = append(list, refusal{reason, who, make(operations, len(a.Operations))})
		}
		list[i].some[operation] = true
	}
	for o := range a.Operations {
		reason := func(p int) string { return a.answers[p][o].refusal() }
		exceptions := 0
		base := notRefused
		for p, class := range a.classes {
			switch {
			case class < 0:
				base = reason(p)
			case reason(p) != reason(class):
				exceptions++
				add(reason(p), p, o)
			}
		}
		switch {
		case base == notRefused:
		case exceptions == 0:
			add(base, everybody, o)
		default:
			add(base, everybodyElse, o)
		}
	}
	slices.SortFunc(list, func(a, b refusal) int {
		return cmp.Or(cmp.Compare(a.reason, b.reason), cmp.Compare(a.who, b.who))
	})
	return list
}
