package rule

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/template"
)

// maxTries bounds in how many environments stacks are checked. Beyond it, an
// account that the templates name is tried in one Region only.
const maxTries = 96

// maxAccounts bounds how many accounts that the templates name are tried. Of more
// of them, none is.
const maxAccounts = 24

// maxResources bounds how large a deployment is for which all is tried. A larger
// one, such as a folder of many templates, is checked in one account and in one
// Region of each kind that the rules tell apart, and says so.
const maxResources = 1500

// try is one environment in which stacks are checked, and what it stands for.
type try struct {
	template.Environment
	unnamed bool     // Account stands for every one that the templates don't name
	regions []string // Region stands for these
}

// with is the try's environment with values of parameters.
func (t try) with(v values) template.Environment {
	return template.Environment{Account: t.Account, Region: t.Region, Parameters: v.given, StandIns: v.standIns}
}

// agnostic is what stacks leave to whoever deploys them. Those that leave open
// the account, or the Region, are taken to stand in the same one.
type agnostic struct {
	stacks          []*template.Stack
	account, region bool
	values          []values // of parameters; at least one
	text            text
	size            int // resources
}

func (o *agnostic) large() bool { return o.size > maxResources }

// readAgnostic gives nil for stacks that leave nothing open.
func readAgnostic(stacks []*template.Stack) *agnostic {
	o := agnostic{stacks: stacks}
	for _, s := range stacks {
		o.account = o.account || s.Account == ""
		o.region = o.region || s.Region == ""
		o.size += len(s.Template.Resources)
	}
	o.values = combinations(nil, 1)
	if !o.large() {
		o.values = combinations(parameters(stacks), min(maxValues, max(1, 2*maxResources/max(1, o.size))))
	}
	if !o.account && !o.region && len(o.values) == 1 {
		return nil
	}
	o.text = readText(stacks)
	return &o
}

// checkOpen checks stacks that leave something open, each group of them alone.
func checkOpen(stacks []*template.Stack, options Options) Report {
	if options.Before != nil {
		return readAgnostic(slices.Concat(stacks, options.Before)).check(stacks, options)
	}
	report := Report{Findings: []Finding{}, Unknown: []Unknown{}, Acknowledged: []Acknowledged{}}
	done := 0
	for _, group := range groups(stacks) {
		if options.Progress != nil {
			options.Progress(group[0].Name, done)
		}
		done += len(group)
		if o := readAgnostic(group); o == nil {
			report.append(check(group, options, All()))
		} else {
			report.append(o.check(group, options))
		}
	}
	report.Notes = distinct(report.Notes)
	return report
}

// distinct leaves out what a list has already.
func distinct(list []string) (once []string) {
	for _, text := range list {
		if !slices.Contains(once, text) {
			once = append(once, text)
		}
	}
	return once
}

// check puts together what is reported of the stacks in every environment.
func (o *agnostic) check(stacks []*template.Stack, options Options) Report {
	tries, notes := o.tries()
	m := merger{tries: tries}
	for i, t := range tries {
		var outcomes []outcome
		for _, v := range o.values {
			outcomes = append(outcomes, checkIn(t.with(v), stacks, options))
		}
		m.add(i, overValues(o.values, outcomes))
	}
	report := m.report()
	report.Notes = notes
	return report
}

// outcome is what is reported of stacks in one environment.
type outcome struct {
	Report
	created map[string]bool // stack and logical id of what is created there, or may be
}

func checkIn(e template.Environment, stacks []*template.Stack, options Options) outcome {
	there := e.In(stacks)
	o := outcome{created: map[string]bool{}}
	for _, s := range there {
		for _, r := range s.Resources() {
			o.created[place(s.Name, r.LogicalID, "")] = true
		}
	}
	// A name may well be what it was: no stand-in says whether it changed.
	real := e
	real.StandIns = nil
	changes := options
	changes.Before = real.In(options.Before)
	if len(e.StandIns) == 0 || options.Before == nil {
		o.Report = check(there, changes, All())
		return o
	}
	options.Before = nil
	o.Report = check(there, options, stateRules())
	o.Report.append(check(real.In(stacks), changes, beforeRules))
	return o
}

func (r *Report) append(other Report) {
	r.Findings = append(r.Findings, other.Findings...)
	r.Unknown = append(r.Unknown, other.Unknown...)
	r.Acknowledged = append(r.Acknowledged, other.Acknowledged...)
	r.Notes = append(r.Notes, other.Notes...)
}

// absent are those of the outcomes in which a resource isn't created: nothing
// that is said of it is denied there.
func absent(outcomes []outcome, stack, logicalID string) (list []int) {
	for i, o := range outcomes {
		if logicalID != "" && !o.created[place(stack, logicalID, "")] {
			list = append(list, i)
		}
	}
	return list
}

// tries are the environments in which the stacks have to be checked to know what
// holds in all of them, with notes on where they can't be deployed.
func (o *agnostic) tries() ([]try, []string) {
	accounts, classes, notes := o.classes(o.accounts(), o.regions())
	switch n := len(o.text.accounts); {
	case o.large():
		var in []string
		for _, class := range classes {
			in = append(in, class[0])
		}
		notes = append(notes, fmt.Sprintf("%d resources: checked for one account%s; check fewer templates at once, or give account and Region, to know what depends on them", o.size, strings.TrimSuffix(" and for "+strings.Join(in, ", "), " and for ")))
	case o.account && n > maxAccounts:
		notes = append(notes, fmt.Sprintf("the templates name %d accounts: checked for one that they don't name", n))
	}
	var list []try
	for i, a := range accounts {
		for j, class := range classes {
			if i > 0 && j > 0 && len(accounts)*len(classes) > maxTries {
				break
			}
			t := a
			t.Region, t.regions = class[0], class
			list = append(list, t)
		}
	}
	return list, notes
}

// accounts are one that no template names, which stands for all others, and
// those that the templates name: a policy may mean the account of its own stack
// by them.
func (o *agnostic) accounts() []try {
	if !o.account {
		return []try{{}}
	}
	named := slices.Sorted(maps.Keys(o.text.accounts))
	n := 100000000000 // no account begins so that is in AWS's documents
	for slices.Contains(named, strconv.Itoa(n)) {
		n++
	}
	list := []try{{Environment: template.Environment{Account: strconv.Itoa(n)}, unnamed: true}}
	if len(named) > maxAccounts || o.large() {
		named = nil
	}
	for _, account := range named {
		list = append(list, try{Environment: template.Environment{Account: account}})
	}
	return list
}

// usual are the partitions that are tried of templates that name none in an ARN.
// Those that do are for the partitions that they name.
var usual = []string{"aws", "aws-cn", "aws-us-gov"}

func (o *agnostic) regions() []string {
	if !o.region {
		return []string{""}
	}
	names := usual
	if len(o.text.partitions) > 0 {
		names = slices.Collect(maps.Keys(o.text.partitions))
	}
	var list []string
	for _, p := range partition.All() {
		if slices.Contains(names, p.Name) {
			list = append(list, p.Regions()...)
		}
	}
	if len(list) == 0 { // "arn:aws-" of no partition
		return partition.All()[0].Regions()
	}
	return list
}
