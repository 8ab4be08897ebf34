package execution

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
)

// statements are the rights as statements, in the order of their Sids.
func (r rights) statements() []iam.Statement {
	keys := slices.SortedFunc(maps.Keys(r), func(a, b about) int {
		return cmp.Or(strings.Compare(a.subject, b.subject), strings.Compare(a.condition, b.condition))
	})
	var all []iam.Statement
	sids := map[string]int{}
	for i, key := range keys {
		for j, other := range keys {
			if i != j && key.condition == other.condition {
				r[key].leave(r[other], i < j)
			}
		}
		if len(r[key].actions) == 0 {
			continue
		}
		sid := key.subject
		if sids[sid]++; sids[sid] > 1 {
			sid += fmt.Sprint(sids[sid])
		}
		all = append(all, iam.Statement{
			Sid: sid, Effect: iam.Allow,
			Action:    slices.Sorted(maps.Keys(r[key].actions)),
			Resource:  narrowed(r[key].resources),
			Condition: key.conditions(),
		})
	}
	return all
}

// leave leaves out the actions that another statement grants on as much, or, if the
// first of the two has them, on the same.
func (s *statement) leave(other *statement, first bool) {
	covered := func(by, of *statement) bool {
		for r := range of.resources {
			if !covers(by.resources, r) {
				return false
			}
		}
		return true
	}
	if !covered(other, s) || first && covered(s, other) {
		return
	}
	maps.DeleteFunc(s.actions, func(action string, _ bool) bool { return other.actions[action] })
}

// covers tells whether one of the resources, or one with a wildcard at its end,
// stands for a resource.
func covers(resources map[string]bool, resource string) bool {
	if resources[resource] {
		return true
	}
	for other := range resources {
		if prefix, wild := strings.CutSuffix(other, "*"); wild && strings.HasPrefix(resource, prefix) {
			return true
		}
	}
	return false
}

func (a about) conditions() iam.Condition {
	if a.condition == "" {
		return nil
	}
	all := iam.Condition{}
	for line := range strings.SplitSeq(a.condition, "\n") {
		f := strings.SplitN(line, " ", 3)
		if all[f[0]] == nil {
			all[f[0]] = map[string]iam.Strings{}
		}
		all[f[0]][f[1]] = iam.Strings{f[2]}
	}
	return all
}

// narrowed leaves out the resources that another one covers.
func narrowed(resources map[string]bool) iam.Strings {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(resources)), func(r string) bool {
		others := maps.Clone(resources)
		delete(others, r)
		return covers(others, r)
	})
}

// Source: IAM user guide, reference_iam-quotas: characters of a managed policy,
// without white space, and managed policies of a role.
const (
	maxCharacters = 6144
	maxPolicies   = 10
)

// Split puts statements into as few documents as have room for them, in order. A
// statement with more is divided by its resources.
func Split(statements []iam.Statement) ([]iam.Document, error) {
	var documents []iam.Document
	for _, s := range statements {
		for _, part := range parts(s) {
			last := len(documents) - 1
			if last >= 0 && size(append(slices.Clip(documents[last].Statement), part)) <= maxCharacters {
				documents[last].Statement = append(documents[last].Statement, part)
				continue
			}
			if size([]iam.Statement{part}) > maxCharacters {
				return nil, fmt.Errorf("statement %s has more than %d characters", s.Sid, maxCharacters)
			}
			documents = append(documents, iam.Document{Version: "2012-10-17", Statement: []iam.Statement{part}})
		}
	}
	if len(documents) > maxPolicies {
		return nil, fmt.Errorf("its execution role needs %d policies, and a role has at most %d: put some of its stages into another account or Region", len(documents), maxPolicies)
	}
	return documents, nil
}

func parts(s iam.Statement) []iam.Statement {
	if size([]iam.Statement{s}) <= maxCharacters || len(s.Resource) < 2 {
		return []iam.Statement{s}
	}
	a, b := s, s
	a.Resource, b.Resource = s.Resource[:len(s.Resource)/2], s.Resource[len(s.Resource)/2:]
	a.Sid, b.Sid = s.Sid+"A", s.Sid+"B"
	return append(parts(a), parts(b)...)
}

// size is the length of a policy as IAM counts it.
func size(statements []iam.Statement) int {
	text, err := json.Marshal(iam.Document{Version: "2012-10-17", Statement: statements})
	if err != nil {
		return maxCharacters + 1
	}
	return len(text) - strings.Count(string(text), " ")
}
