package cloudformation

// importable says whether an import may start: the stack is whole. What
// CloudFormation does with one that an operation without rollback has left
// failed it does not document.
func (st *stack) importable() error {
	if st.status == "CREATE_FAILED" || st.status == "UPDATE_FAILED" {
		return invalid("Stack:%s is in %s state and can not import resources.", st.id, st.status)
	}
	return st.updatable()
}

// runImport takes the plan's resources into the stack, or rolls back: the stack
// then is as it was, and the resources are nobody's again. None of them is
// made, changed or deleted, but for the stack's tags.
//
// Source: CloudFormation user guide, import-resources-manually,
// resource-import-existing-stack.
func (o *operation) runImport(p *plan) {
	var before *state
	var roleARN string
	var rollsBack bool
	o.locked(func() {
		before, roleARN, rollsBack = o.st.clone(), o.st.roleARN, o.st.rollsBack
		o.st.adopt(p)
		o.st.imports = before.imports // the resources that are there stay as they are, and with them what they import
	})
	x := o.live(p)
	for _, id := range p.order {
		if p.imports[id] == nil {
			continue
		}
		if err := o.importOne(p, x, id); err != nil {
			o.enter("IMPORT_ROLLBACK_IN_PROGRESS", "The following resource(s) failed to import: ["+id+"]. ")
			o.undoImport(p, before, roleARN, rollsBack)
			return
		}
	}
	o.enter("IMPORT_COMPLETE", "")
}

func (o *operation) importOne(p *plan, x *scope, id string) error {
	d, in := p.next.template.Resources[id], p.imports[id]
	r := resource{logicalID: id, typ: d.Type, declaration: d, dependsOn: p.dependencies[id], made: in.made}
	fail := func(err error) error {
		o.failed(r, "IMPORT_FAILED", err)
		return err
	}
	o.put(r, "IMPORT_IN_PROGRESS", "Resource import started.") // from here on no other stack can take it
	properties, err := x.properties(id)
	if err != nil {
		return fail(err)
	}
	r.properties = properties
	if r.made, err = o.findImport(p, o.st, o.call, id); err != nil { // again: it was found when the change set was made
		return fail(err)
	}
	if err := o.provider(d.Type).Import(o.context(), r.made, r.properties); err != nil {
		return fail(err)
	}
	o.put(r, "IMPORT_COMPLETE", "Resource import completed.")
	return nil
}

// undoImport lets go of what was imported and brings back the state from
// before.
func (o *operation) undoImport(p *plan, before *state, roleARN string, rollsBack bool) {
	for _, r := range o.reversed() {
		if p.imports[r.logicalID] == nil {
			continue
		}
		o.put(*r, "IMPORT_ROLLBACK_IN_PROGRESS", "")
		o.put(*r, "IMPORT_ROLLBACK_COMPLETE", "")
	}
	o.locked(func() { o.st.state, o.st.roleARN, o.st.rollsBack = *before, roleARN, rollsBack })
	o.enter("IMPORT_ROLLBACK_COMPLETE", "")
}
