package cloudformation

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// notYetKnown stands in a prediction for what is known only once a resource
// has been made.
const notYetKnown = api.NotYetKnown

// change is what a plan does to one resource.
type change struct {
	action                      string // Add, Modify, Remove, Import
	policyAction                string // Delete, Retain, ReplaceAndDelete, ReplaceAndRetain; "" is none
	logicalID, typ, physical    string
	replacement                 string // True, Conditional, False; "" unless Modify
	scope                       []string
	details                     []changeDetail
	beforeContext, afterContext string
}

type changeDetail struct {
	attribute, name    string
	requiresRecreation string // Never, Conditionally, Always
	evaluation         string // Static, Dynamic
	before, after      string
	automatic          bool // it is there although the template does not change
}

// predict compares a plan with the stack as it is. No changes at all, and the
// same outputs and tags, give an empty result and false.
func (s *Service) predict(p *plan, st *stack, call api.Call) (changes []change, any bool, err error) {
	unknown := map[string]bool{}
	s.mu.Lock()
	current := st.state.clone()
	s.mu.Unlock()
	x := *p.scope
	x.budget = newBudget()
	x.pseudo = st.pseudo()
	x.resource = func(id string) (api.Resource, error) {
		if r := current.resources[id]; r != nil && !unknown[id] {
			return r.made, nil
		}
		if in := p.imports[id]; in != nil {
			return in.made, nil
		}
		return api.Resource{PhysicalID: notYetKnown}, nil
	}
	x.imported = func(name string) (string, error) { return s.importedValue(st, nil, name) }
	x.stackOutput = func(w cfn.StackOutput) (string, error) { return s.outputOf(call, w) }
	retagged := !sameTags(current.tags, p.next.tags)
	for _, id := range p.order {
		d := p.next.template.Resources[id]
		properties, err := x.properties(id)
		if err != nil {
			return nil, false, err
		}
		old := current.resources[id]
		if old == nil || old.made.PhysicalID == "" {
			unknown[id] = true
			changes = append(changes, change{action: "Add", logicalID: id, typ: d.Type, afterContext: contextOf(properties)})
			continue
		}
		if old.typ != d.Type {
			return nil, false, invalid("Update of resource type is not permitted. The new template modifies resource type of the following resources: [%s]", id)
		}
		c := modify(old, d, properties, retagged)
		if len(c.scope) == 0 {
			continue
		}
		unknown[id] = c.replacement == "True" || d.Type == stackType
		changes = append(changes, c)
	}
	for _, id := range slices.Backward(current.order()) {
		if _, wanted := p.dependencies[id]; wanted {
			continue
		}
		r := current.resources[id]
		c := change{action: "Remove", policyAction: "Delete", logicalID: id, typ: r.typ, physical: r.made.PhysicalID, beforeContext: contextOf(r.properties)}
		if strings.HasPrefix(r.declaration.Deletion(), "Retain") {
			c.policyAction = "Retain"
		}
		changes = append(changes, c)
	}
	outputs, err := x.outputs()
	if err != nil {
		return nil, false, err
	}
	slices.SortStableFunc(changes, func(a, b change) int { return strings.Compare(a.logicalID, b.logicalID) })
	return changes, len(changes) > 0 || retagged || !slices.Equal(outputs, current.outputs), nil
}

// modify is the change of a resource that stays; its scope is empty if there
// is none.
func modify(old *resource, d *cfn.Resource, properties json.RawMessage, retagged bool) change {
	c := change{
		action: "Modify", logicalID: old.logicalID, typ: old.typ, physical: old.made.PhysicalID, replacement: "False",
		beforeContext: contextOf(old.properties), afterContext: contextOf(properties),
	}
	var before, after map[string]json.RawMessage
	_ = json.Unmarshal(old.properties, &before) // both are canonical JSON objects
	_ = json.Unmarshal(properties, &after)
	names := maps.Clone(before)
	if names == nil {
		names = map[string]json.RawMessage{}
	}
	maps.Copy(names, after)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if bytes.Equal(before[name], after[name]) {
			continue
		}
		detail := changeDetail{attribute: "Properties", name: name, requiresRecreation: "Never", evaluation: "Static", before: text(before[name]), after: text(after[name])}
		if bytes.Contains(after[name], []byte(notYetKnown)) {
			detail.evaluation = "Dynamic"
		}
		if slices.Contains(replacement[old.typ], name) {
			detail.requiresRecreation = "Always"
			if detail.evaluation == "Static" {
				c.replacement = "True"
			} else if c.replacement == "False" {
				c.replacement = "Conditional"
			}
		}
		c.details = append(c.details, detail)
	}
	if old.typ == stackType {
		// Its template may be another one behind the same URL.
		c.details = append(c.details, changeDetail{attribute: "Properties", requiresRecreation: "Never", evaluation: "Dynamic", automatic: true})
	}
	if len(c.details) > 0 {
		c.scope = append(c.scope, "Properties")
	}
	attribute := func(name string, before, after any) {
		if b, a := cfn.JSON(before), cfn.JSON(after); !bytes.Equal(b, a) {
			c.scope = append(c.scope, name)
			c.details = append(c.details, changeDetail{attribute: name, requiresRecreation: "Never", evaluation: "Static"})
		}
	}
	attribute("Metadata", old.declaration.Metadata, d.Metadata)
	attribute("DeletionPolicy", old.declaration.Deletion(), d.Deletion())
	attribute("UpdateReplacePolicy", old.declaration.Replacement(), d.Replacement())
	attribute("Tags", "", map[bool]string{true: "changed"}[retagged && taggable[old.typ]])
	if c.replacement == "True" {
		c.policyAction = "ReplaceAndDelete"
		if d.Replacement() == "Retain" {
			c.policyAction = "ReplaceAndRetain"
		}
	}
	return c
}

func contextOf(properties json.RawMessage) string {
	return string(cfn.JSON(map[string]json.RawMessage{"Properties": properties}))
}

// text is a JSON value as a change set shows it: a string without its quotes.
func text(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}
