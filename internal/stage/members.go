package stage

import (
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v4"
)

// decodeStages decodes the stages of their own, under their names.
func (d *document) decodeStages(e entry, defaults *yaml.Node) []Stage {
	entries, ok := d.mapping(e.value, e.path)
	if ok && len(e.value.Content) == 0 {
		d.report(e.path, "stages is empty: %s", example)
	}
	var stages []Stage
	for _, e := range entries {
		s := Stage{Name: e.key}
		if defaults != nil {
			m := &member{stage: e.key, path: e.path, at: d.places[e.path], cells: map[string]cell{"stage": {text: e.key, at: d.places[e.path]}}}
			d.addEnvironment(m, merge(e.value, defaults))
			filled := d.fill(defaults, "", m)
			s.OwnTags = slices.DeleteFunc(m.ownTags, func(key string) bool { return valueOf(valueOf(e.value, "tags"), key) != nil })
			e.value = merge(e.value, filled)
		}
		d.decode(e.value, reflect.ValueOf(&s).Elem(), e.path)
		stages = append(stages, s)
	}
	return stages
}

// decodeGroups decodes the groups, and makes a stage of each account.
func (d *document) decodeGroups(e entry, defaults *yaml.Node) []Stage {
	entries, ok := d.mapping(e.value, e.path)
	if ok && len(e.value.Content) == 0 {
		d.report(e.path, `groups is empty: write, for example: groups: {team: {prefix: acme, source: {region: ap-northeast-1}, accounts: [{account: "111122223333", name: dev}]}}`)
	}
	groups := make([]Group, len(entries))
	for i, e := range entries {
		g := &groups[i]
		d.decode(e.value, reflect.ValueOf(g).Elem(), e.path)
		if !stageName.MatchString(e.key) {
			d.report(e.path, "group name %s: write 1 to 20 of a-z, 0-9 and hyphen, the first a letter, the last no hyphen", quote(e.key))
		}
		d.refuseAccount(e.path)
		for _, name := range slices.Sorted(maps.Keys(g.Overrides)) {
			d.refuseAccount(e.path + ".overrides." + name)
		}
		file := filepath.Clean(g.File)
		d.uses[file] = slices.Concat(d.uses[file], used(e.value), g.Ignore, slices.Collect(maps.Keys(g.Where)), slices.Collect(maps.Values(g.Columns)))
	}
	var stages []Stage
	for i, e := range entries {
		if e.value.Kind == yaml.MappingNode && !d.bad[e.path] && !d.failedBelow(e.path+".accounts") {
			stages = append(stages, d.expandGroup(e, &groups[i], defaults)...)
		}
	}
	return stages
}

// refuseAccount reports a source account of what is said of many stages.
func (d *document) refuseAccount(path string) {
	if at := path + ".source.account"; d.has(at) {
		d.report(at, "source.account of several stages: remove it, as each stage has an account of its own")
	}
}

// expandGroup makes the stages of a group.
func (d *document) expandGroup(e entry, g *Group, defaults *yaml.Node) []Stage {
	own, overrides := only(e.value, stageFields), valueOf(e.value, "overrides")
	d.shared = append(d.shared, own)
	if overrides != nil {
		d.shared = append(d.shared, overrides)
	}
	fields := merge(own, defaults)
	pattern := valueOf(e.value, "name")
	if pattern == nil {
		pattern = &yaml.Node{Kind: yaml.ScalarNode, Value: defaultStageName, Line: d.places[e.path].line, Column: d.places[e.path].column}
	}
	if d.failed(e.path + ".name") {
		return nil
	}
	rows := d.pick(e, g, slices.Concat(used(fields), used(overrides), used(pattern), slices.Collect(maps.Keys(g.Where))))
	if len(rows) > 0 && !d.checkNamePattern(e.path, pattern, rows[0]) {
		return nil
	}
	d.groups[e.key] = len(rows)
	d.expect(len(rows))
	stages := make([]Stage, 0, len(rows))
	overridden := map[string]string{} // what matches, by key of overrides
	for i, cells := range rows {
		m := &member{group: e.key, path: fmt.Sprintf("%s.accounts[%d]", e.path, i), at: cells["account"].at, cells: cells}
		m.cells["group"] = cell{text: e.key, at: d.places[e.path]}
		named := d.fill(pattern, nameField, m)
		if d.bad[m.path+"."+nameField] {
			continue
		}
		m.stage = named.Value
		m.path = "stages." + m.stage
		if d.has(m.path) {
			d.reportAt(d.placeOf(named), fmt.Sprintf("%s.accounts[%d]", e.path, i),
				`stage name %s is also that at %s: write names that differ, or a pattern that tells the accounts apart, such as name: "{group}-{account}"`, quote(m.stage), d.where(m.path))
			continue
		}
		d.members[m.stage] = m
		d.places[m.path], d.places[m.path+"[name]"] = m.at, d.placeOf(named)
		d.patterns[m.path+"[name]"] = placeOf(pattern)
		m.cells["stage"] = cell{text: m.stage, at: m.at}
		all := fields
		for _, key := range []string{m.cells["account"].text, m.stage} {
			of := valueOf(overrides, key)
			if of == nil || of.Kind != yaml.MappingNode { // which is reported
				continue
			}
			if again := overridden[m.stage]; again != "" {
				d.report(e.path+".overrides."+key, "%s is the stage of %s, which has an override too: write both in one", quote(key), quote(again))
			}
			overridden[m.stage], overridden["key "+key] = key, m.stage
			all = merge(of, all)
			if valueOf(of, "replica") != nil && m.without(valueOf(valueOf(all, "replica"), "account")) {
				d.report(e.path+".overrides."+key+".replica", "replica has no effect, as the account's row names no account for it: write account here or in the row, or remove it")
			}
		}
		source := m.source(valueOf(valueOf(valueOf(overrides, overridden[m.stage]), "source"), "region") == nil, d)
		d.addEnvironment(m, merge(source, all))
		filled := merge(source, d.fill(all, "", m))
		s := Stage{Name: m.stage, Group: e.key, OwnTags: m.ownTags}
		d.decode(filled, reflect.ValueOf(&s).Elem(), m.path)
		stages = append(stages, s)
	}
	for _, key := range slices.Sorted(maps.Keys(g.Overrides)) {
		if at := e.path + ".overrides." + key; overridden["key "+key] == "" && len(rows) > 0 && !d.failed(at) {
			var known []string
			for i := range stages {
				known = append(known, stages[i].Name, stages[i].Source.Account)
			}
			d.report(at, "%s is no stage of the group: %s", quote(key), suggest(key, known))
		}
	}
	return stages
}

// expect makes room for what will be known of some stages.
func (d *document) expect(stages int) {
	places := make(map[string]place, len(d.places)+64*stages)
	maps.Copy(places, d.places)
	d.places = places
}

// checkNamePattern reports columns that names are made of, and that the accounts
// don't have.
func (d *document) checkNamePattern(path string, pattern *yaml.Node, cells map[string]cell) bool {
	for _, name := range used(pattern) {
		if _, ok := cells[name]; ok || name == "group" {
			continue
		}
		if !d.has(path + ".name") {
			d.report(path, `the accounts have no column name, of which the stages' names are made (%q): write, for example, name: "{group}-{account}"`, defaultStageName)
		} else {
			d.report(path+".name", "unknown placeholder %s: %s", quote("{"+name+"}"), suggest("{"+name+"}", inBraces(cells)))
		}
		return false
	}
	return true
}

// source returns the fields of the stage that are from the account's row.
func (m *member) source(withRegion bool, d *document) *yaml.Node {
	key := func(name string, at place) *yaml.Node { return d.made(&yaml.Node{Value: name}, at) }
	account, region := m.cells["account"], m.cells["region"]
	fields := []*yaml.Node{key("account", account.at), d.made(&yaml.Node{Value: account.text}, account.at)}
	if withRegion && region.text != "" {
		fields = append(fields, key("region", region.at), d.made(&yaml.Node{Value: region.text}, region.at))
	}
	return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{key("source", account.at), {Kind: yaml.MappingNode, Content: fields}}}
}

// addEnvironment lets {account} and {region} stand for the stage's own.
func (d *document) addEnvironment(m *member, fields *yaml.Node) {
	source := d.fill(valueOf(fields, "source"), "source", m)
	for _, name := range []string{"account", "region"} {
		m.cells[name] = cell{}
		if n := valueOf(source, name); n != nil && n.Kind == yaml.ScalarNode && n.Value != "" {
			m.cells[name] = cell{text: n.Value, at: d.placeOf(n)}
		}
	}
}

// stageFields are the fields of a stage in the file.
var stageFields = collectFields(reflect.ValueOf(&Stage{}).Elem(), map[string]reflect.Value{}, nil)
