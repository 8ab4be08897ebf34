package rule

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/template"
)

// classes are the Regions, those together which nothing tells apart: not the
// templates, and not the rules. An account or a Region for which a map lacks an
// entry, while another has one, is left out, since nothing can be deployed
// there; of Regions, that is noted.
func (o *agnostic) classes(accounts []try, regions []string) ([]try, [][]string, []string) {
	trials := map[string]trial{}
	for _, region := range regions {
		trials[region] = o.trial(accounts[0].Account, region)
	}
	mapped, lacking := fitting(regions, func(region string) []string { return trials[region].lacks })
	fit, _ := fitting(accounts, func(t try) []string {
		if t.Account == accounts[0].Account {
			return trials[mapped[0]].lacks
		}
		return o.trial(t.Account, mapped[0]).lacks
	})
	classes := map[string][]string{}
	for _, region := range mapped {
		key := strings.Join([]string{partition.Of(region).Name, strconv.FormatBool(loadBalancers[region] != ""), trials[region].print}, "\x00")
		if !o.large() && (o.text.patterns || o.text.regions[region]) {
			key = region
		}
		classes[key] = append(classes[key], region)
	}
	list := slices.SortedFunc(maps.Values(classes), func(a, b []string) int {
		// The largest first: what holds in others too is worded as it is there.
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a[0], b[0]))
	})
	var notes []string
	for _, name := range lacking {
		notes = append(notes, fmt.Sprintf("CloudFormation refuses the template where the map %s has no entry for the Region: checked for %s", name, someRegions(mapped)))
	}
	return fit, list, notes
}

func someRegions(regions []string) string {
	if len(regions) > 6 {
		return strconv.Itoa(len(regions)) + " Regions"
	}
	return strings.Join(regions, ", ")
}

// fitting are those of a list that lack nothing which another has, and all that
// the others lack.
func fitting[T any](list []T, lacks func(T) []string) (fit []T, lacking []string) {
	all := make([][]string, len(list))
	for i, e := range list {
		all[i] = lacks(e)
	}
	common := all[0]
	for _, l := range all {
		common = slices.DeleteFunc(slices.Clone(common), func(name string) bool { return !slices.Contains(l, name) })
	}
	for i, e := range list {
		more := slices.DeleteFunc(slices.Clone(all[i]), func(name string) bool { return slices.Contains(common, name) })
		if lacking = append(lacking, more...); len(more) == 0 {
			fit = append(fit, e)
		}
	}
	slices.Sort(lacking)
	if len(fit) == 0 {
		return list, nil // each lacks another one: the rules say so
	}
	return fit, slices.Compact(lacking)
}

// trial is what the stacks are in one account and Region.
type trial struct {
	print string   // the same wherever only the names of account and Region differ
	lacks []string // maps that have no entry for it
}

func (o *agnostic) trial(account, region string) trial {
	if o.large() {
		return trial{}
	}
	names := []string{account, "${AWS::AccountId}"}
	if region != "" {
		names = append(names, region, "${AWS::Region}")
	}
	if of := loadBalancers[region]; of != "" {
		names = append(names, of, "the account of Elastic Load Balancing")
	}
	if account == "" {
		names = names[2:]
	}
	var t trial
	var b strings.Builder
	missing := map[string]bool{}
	at := try{Environment: template.Environment{Account: account, Region: region}}
	for _, v := range o.values {
		for _, s := range at.with(v).In(o.stacks) {
			for _, r := range s.Resources() {
				_, err := r.Created()
				fmt.Fprintln(&b, s.Name, r.LogicalID, err)
				sketch(&b, r.Properties(), missing)
			}
		}
	}
	t.print = strings.NewReplacer(names...).Replace(b.String())
	t.lacks = slices.Sorted(maps.Keys(missing))
	return t
}

// sketch writes down all that v gives, and why it doesn't give the rest.
func sketch(b *strings.Builder, v template.Value, missing map[string]bool) {
	plain, err := v.Resolve()
	if err == nil {
		_ = json.NewEncoder(b).Encode(plain) // values of a template always encode
		return
	}
	var wrong *template.Error
	if keys, keysErr := v.Keys(); keysErr == nil {
		for _, key := range keys {
			fmt.Fprintln(b, key)
			sketch(b, v.Get(key), missing)
		}
	} else if list, listErr := v.List(); listErr == nil {
		for _, e := range list {
			sketch(b, e, missing)
		}
	} else if errors.As(err, &wrong) && len(wrong.Keys) > 0 {
		missing[wrong.Keys[0]] = true
	}
	fmt.Fprintln(b, err)
}
