package execution

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// Policies are those of the execution role of an account and Region.
type Policies struct {
	Account, Region string
	Documents       []iam.Document // each within what a managed policy can have
}

// Of gives the policies for stacks, by account and Region. The error joins all
// that isn't known: types that package handler has not, and names that only a
// deployment tells.
func Of(stacks []*template.Stack) ([]Policies, error) {
	places := map[[2]string]rights{}
	var errs []error
	names := standIns(stacks)
	for _, s := range stacks {
		if s.Account == "" || s.Region == "" || s.AnyAccount || s.AnyRegion {
			errs = append(errs, fmt.Errorf("%s: the stack is for any account or Region: give it one, for its execution role has the names of both in its policies", s.Name))
			continue
		}
		place := [2]string{s.Account, s.Region}
		if places[place] == nil {
			places[place] = rights{}
		}
		errs = append(errs, places[place].add(s, names))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	var all []Policies
	for place, r := range places {
		documents, err := Split(r.statements())
		if err != nil {
			return nil, fmt.Errorf("account %s, Region %s: %w", place[0], place[1], err)
		}
		all = append(all, Policies{Account: place[0], Region: place[1], Documents: documents})
	}
	slices.SortFunc(all, func(a, b Policies) int {
		return cmp.Or(strings.Compare(a.Account, b.Account), strings.Compare(a.Region, b.Region))
	})
	return all, nil
}
