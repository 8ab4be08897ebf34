package main

import (
	"slices"

	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/localaws"
)

// world is what a local AWS has: accounts, Regions, and names for who is where.
type world struct {
	accounts, regions []string
	profiles          []localaws.Profile // the first is the default one
}

// world is that of the stages and of the flags. A stage has a profile of its
// name, and "NAME-replica" for its replica. Each account has one of its id, in the
// Region where it comes first.
func (c *localCmd) world() (world, error) {
	var w world
	if c.Stages == "" {
		c.Account = orElse(c.Account, "111122223333", "444455556666")
		c.Region = orElse(c.Region, "us-east-1", "eu-west-1")
	} else {
		file, err := stage.Load(c.Stages)
		if err != nil {
			return world{}, err
		}
		w.addStages(file)
	}
	for _, region := range c.Region {
		w.regions = with(w.regions, region)
	}
	for _, account := range c.Account {
		w.accounts = with(w.accounts, account)
	}
	for _, account := range w.accounts {
		region := w.regions[0]
		if i := slices.IndexFunc(w.profiles, func(p localaws.Profile) bool { return p.Account == account }); i >= 0 {
			region = w.profiles[i].Region
		}
		w.profiles = append(w.profiles, localaws.Profile{Name: account, Account: account, Region: region})
	}
	return w, nil
}

func (w *world) addStages(file *stage.File) {
	add := func(name string, e stage.Environment) {
		w.accounts, w.regions = with(w.accounts, e.Account), with(w.regions, e.Region)
		w.profiles = append(w.profiles, localaws.Profile{Name: name, Account: e.Account, Region: e.Region})
	}
	names := file.Names()
	for _, s := range file.Stages {
		add(s.Name, s.Source)
		if s.Replica == nil {
			continue
		}
		name := s.Name + "-replica"
		for slices.Contains(names, name) { // a stage has that name
			name += "-account"
		}
		add(name, s.Replica.Environment)
	}
}

// named are the profiles of the stages; without stages, those of the accounts.
func (w world) named() []localaws.Profile {
	if stages := len(w.profiles) - len(w.accounts); stages > 0 {
		return w.profiles[:stages]
	}
	return w.profiles
}

// with is a list that has the value, once.
func with(list []string, value string) []string {
	if slices.Contains(list, value) {
		return list
	}
	return append(list, value)
}

func orElse(list []string, otherwise ...string) []string {
	if list == nil {
		return otherwise
	}
	return list
}
