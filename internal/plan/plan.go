// Package plan says what stages consist of, account by account, and what that
// costs in a month whether it is used or not. It needs no synthesis: a stage's
// fields decide, as they do in stacks, which a test holds against each other.
package plan

import (
	"slices"

	"github.com/s3seal/s3seal/internal/price"
	"github.com/s3seal/s3seal/internal/stage"
)

// Plan is what the stages of a file consist of.
type Plan struct {
	Prices Prices  `json:"prices"`
	Stages []Stage `json:"stages"`
	Groups []Sum   `json:"groups"` // the stages of their own first, under ""
	Total  Sum     `json:"total"`
}

// Stage is what a stage consists of.
type Stage struct {
	Stage        string        `json:"stage"`
	Group        string        `json:"group,omitempty"`
	Environments []Environment `json:"environments"` // the source first
}

// Environment is what a stage has in an account and Region.
type Environment struct {
	Role      string    `json:"role"` // source, replica, or latency: that of the alarm on late replicas
	Account   string    `json:"account"`
	Region    string    `json:"region"`
	Resources Resources `json:"resources"`
	Cost      *Cost     `json:"usdPerMonth"` // nil: unknown, as the prices are of another partition
	PerUse    []string  `json:"perUse"`      // names of what costs by use
}

// Sum is what several stages have together.
type Sum struct {
	Group     string    `json:"group,omitempty"`
	Stages    int       `json:"stages"`
	Accounts  int       `json:"accounts"`
	Resources Resources `json:"resources"`
	Cost      Cost      `json:"usdPerMonth"` // without what is unknown
	Unknown   int       `json:"unknownCost"` // environments of which it is
}

// New plans the stages.
func New(stages []stage.Stage) Plan {
	p := Plan{Prices: Prices{price.Partition, price.Region, price.Read, price.Monthly()}}
	groups := map[string][]Stage{}
	names := []string{}
	for i := range stages {
		s := of(&stages[i])
		p.Stages = append(p.Stages, s)
		if groups[s.Group] == nil {
			names = append(names, s.Group)
		}
		groups[s.Group] = append(groups[s.Group], s)
	}
	slices.SortStableFunc(names, func(a, b string) int {
		switch {
		case a == "" && b != "":
			return -1
		case b == "" && a != "":
			return 1
		}
		return 0
	})
	for _, name := range names {
		sum := sumOf(groups[name])
		sum.Group = name
		p.Groups = append(p.Groups, sum)
	}
	p.Total = sumOf(p.Stages)
	return p
}

func of(s *stage.Stage) Stage {
	list := []Environment{environment(s, s.Source, "source", inSource(s))}
	if s.Replica != nil && !s.Replica.Existing {
		list = append(list, environment(s, s.Replica.Environment, "replica", inReplica(s)))
	}
	if e, elsewhere := s.LatencyEnvironment(); elsewhere {
		list = append(list, environment(s, e, "latency", inLatency(s)))
	}
	return Stage{Stage: s.Name, Group: s.Group, Environments: list}
}

func environment(s *stage.Stage, at stage.Environment, role string, has Resources) Environment {
	e := Environment{Role: role, Account: at.Account, Region: at.Region, Resources: has, PerUse: usesOf(s, role)}
	if at.Partition() == price.Partition {
		cost := has.cost()
		e.Cost = &cost
	}
	return e
}

func sumOf(stages []Stage) Sum {
	sum := Sum{Stages: len(stages)}
	accounts := map[string]bool{}
	for _, s := range stages {
		for _, e := range s.Environments {
			accounts[e.Account] = true
			sum.Resources = sum.Resources.plus(e.Resources)
			if e.Cost == nil {
				sum.Unknown++
				continue
			}
			sum.Cost.First += e.Cost.First
			sum.Cost.Later += e.Cost.Later
		}
	}
	sum.Accounts = len(accounts)
	return sum
}
