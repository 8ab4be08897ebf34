package events

import (
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type putTargetsInput struct {
	Rule, EventBusName string
	Targets            []target
}

type entriesOutput struct {
	FailedEntries    []empty
	FailedEntryCount int
}

// putTargets adds targets, or changes those with the same ids: all, or none.
func (s *Service) putTargets(c api.Call, in putTargetsInput) (entriesOutput, error) {
	out := entriesOutput{FailedEntries: []empty{}}
	return out, s.onRule(c, "PutTargets", in.Rule, func(r *rule) error {
		next := slices.Clone(r.targets)
		for _, t := range in.Targets {
			next = slices.DeleteFunc(next, func(x target) bool { return x.Id == t.Id })
			next = append(next, t)
		}
		if err := checkTargets(next); err != nil {
			return err
		}
		r.targets = next
		return nil
	})
}

type removeTargetsInput struct {
	Rule, EventBusName string
	Ids                []string
}

func (s *Service) removeTargets(c api.Call, in removeTargetsInput) (entriesOutput, error) {
	out := entriesOutput{FailedEntries: []empty{}}
	return out, s.onRule(c, "RemoveTargets", in.Rule, func(r *rule) error {
		r.targets = slices.DeleteFunc(slices.Clone(r.targets), func(t target) bool { return slices.Contains(in.Ids, t.Id) })
		return nil
	})
}

type listTargetsInput struct{ Rule, EventBusName string }

type listTargetsOutput struct{ Targets []target }

func (s *Service) listTargets(c api.Call, in listTargetsInput) (out listTargetsOutput, err error) {
	err = s.onRule(c, "ListTargetsByRule", in.Rule, func(r *rule) error {
		out.Targets = append([]target{}, r.targets...)
		return nil
	})
	return out, err
}
