package rule

import (
	"slices"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/internal/partition"
)

// where says in which accounts and Regions something holds; "" for all that were
// tried. A try may be there twice: one that says it, and has no such resource.
func (m *merger) where(in []int) string {
	in = slices.Compact(slices.Sorted(slices.Values(in)))
	if len(in) == len(m.tries) {
		return ""
	}
	regions := map[string]string{} // by account
	accounts := map[string][]try{} // by Regions
	var order []string             // of Regions
	for _, i := range in {
		t := m.tries[i]
		if _, done := regions[t.Account]; done {
			continue
		}
		where := m.regionsOf(t.Account, in)
		if regions[t.Account] = where; accounts[where] == nil {
			order = append(order, where)
		}
		accounts[where] = append(accounts[where], t)
	}
	var phrases []string
	for _, where := range order {
		phrases = append(phrases, join(m.accountsBut(accounts[where]), where))
	}
	return strings.Join(phrases, "; ")
}

func join(account, region string) string {
	switch {
	case account == "":
		return region
	case region == "":
		return account
	}
	return account + ", " + region
}

// accountsBut words accounts, of all that were tried.
func (m *merger) accountsBut(accounts []try) string {
	var names, others []string
	unnamed := false
	for _, a := range accounts {
		if a.unnamed {
			unnamed = true
		} else {
			names = append(names, a.Account)
		}
	}
	for _, t := range m.tries {
		if !slices.ContainsFunc(accounts, func(a try) bool { return a.Account == t.Account }) && !slices.Contains(others, t.Account) {
			others = append(others, t.Account)
		}
	}
	switch {
	case len(others) == 0:
		return ""
	case unnamed:
		return "in all accounts but " + strings.Join(others, ", ")
	case len(names) == 1:
		return "only in account " + names[0]
	}
	return "only in accounts " + strings.Join(names, ", ")
}

// regionsOf words the Regions of an account in which something holds.
func (m *merger) regionsOf(account string, in []int) string {
	var here, elsewhere []string
	for i, t := range m.tries {
		switch {
		case t.Account != account:
		case slices.Contains(in, i):
			here = append(here, t.regions...)
		default:
			elsewhere = append(elsewhere, t.regions...)
		}
	}
	if len(elsewhere) == 0 {
		return ""
	}
	only, many := wordRegions(here, elsewhere)
	if but, others := wordRegions(elsewhere, here); len(but)+others < len(only)+many {
		return "in all Regions but " + strings.Join(but, ", ")
	}
	return "only in " + strings.Join(only, ", ")
}

// wordRegions are the names of Regions, those of a partition together if none of
// the others is of it. Of many, the words leave out some.
func wordRegions(regions, others []string) (words []string, leftOut int) {
	for _, p := range partition.All() {
		of := slices.DeleteFunc(slices.Clone(regions), func(region string) bool { return partition.Of(region) != p })
		whole := !slices.ContainsFunc(others, func(region string) bool { return partition.Of(region) == p })
		slices.Sort(of)
		switch {
		case len(of) > 1 && whole:
			words = append(words, "the partition "+p.Name)
		case len(of) > 8:
			words, leftOut = append(words, strconv.Itoa(len(of))+" Regions such as "+of[0]), leftOut+len(of)-1
		default:
			words = append(words, of...)
		}
	}
	return words, leftOut
}

// acquitted says whether the rule holds, as far as is known, in an account and a
// Region of the standard partition that was tried: not where it is undecided.
func (m *merger) acquitted(f Finding, in []int) bool {
	for i, t := range m.tries {
		if partition.Of(t.Region).Name == "aws" && !slices.Contains(in, i) && !m.undecided(f, i, in) {
			return true
		}
	}
	return false
}

// undecided says whether something that is unknown in a try may hide the finding
// there. What is unknown where the finding was made too hides nothing.
func (m *merger) undecided(f Finding, i int, in []int) bool {
	if m.undecidedIn == nil {
		m.undecidedIn = map[[3]string][][]int{}
		for _, s := range m.unknown.list {
			key := [3]string{s.what.Rule, s.what.Stack, s.what.LogicalID}
			m.undecidedIn[key] = append(m.undecidedIn[key], s.in)
		}
	}
	return slices.ContainsFunc(m.undecidedIn[[3]string{f.Rule, f.Stack, f.LogicalID}], func(said []int) bool {
		return slices.Contains(said, i) && !slices.ContainsFunc(said, func(j int) bool { return slices.Contains(in, j) })
	})
}
