package cloudformation

import "slices"

// adopt makes the plan's template and all that belongs to it the stack's.
// Service.mu must be held.
func (st *stack) adopt(p *plan) {
	resources, outputs := st.resources, st.outputs
	st.state = p.next
	st.resources, st.outputs, st.imports = resources, outputs, nil
	st.roleARN, st.rollsBack = p.roleARN, !p.disableRollback
}

// runCreate creates everything, or rolls back and says why.
func (o *operation) runCreate(p *plan) (why string) {
	o.locked(func() { o.st.adopt(p) })
	failed, err := o.apply(p)
	if err == nil {
		err = o.publish(p)
	}
	if err == nil {
		o.enter("CREATE_COMPLETE", "")
		return ""
	}
	return o.fail("CREATE", failed, err)
}

// runUpdate updates everything and then deletes what is no longer wanted, or
// rolls back.
func (o *operation) runUpdate(p *plan) {
	if o.updateResources(p) == "" {
		o.cleanUp(p)
	}
}

// updateResources updates everything, or rolls back and says why. What is no
// longer wanted is still there.
func (o *operation) updateResources(p *plan) (why string) {
	o.locked(func() {
		if o.st.stable == nil { // else: an update after one that failed without rollback
			o.st.stable = o.st.clone()
		}
		o.st.adopt(p)
	})
	failed, err := o.apply(p)
	if err == nil {
		err = o.publish(p)
	}
	if err != nil {
		return o.fail("UPDATE", failed, err)
	}
	o.enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "")
	return ""
}

// cleanUp ends an update: it deletes what is no longer wanted, also in nested
// stacks, which have waited for this.
func (o *operation) cleanUp(p *plan) {
	o.finishNested()
	var gone, replaced []*resource
	o.locked(func() {
		for _, id := range slices.Backward(o.st.order()) {
			if _, wanted := p.dependencies[id]; !wanted {
				gone = append(gone, o.st.resources[id])
			}
		}
		replaced = slices.Clone(o.st.cleanup)
		slices.Reverse(replaced)
	})
	for _, r := range replaced {
		o.remove(r, r.declaration.Replacement()) // a failure leaves it behind, as CloudFormation does
	}
	for _, r := range gone {
		o.remove(r, r.declaration.Deletion())
		o.locked(func() { delete(o.st.resources, r.logicalID) })
	}
	o.locked(func() { o.st.stable, o.st.cleanup = nil, nil })
	o.enter("UPDATE_COMPLETE", "")
}

// fail ends a create or an update, with rollback or as it stands, and says why.
func (o *operation) fail(verb, failed string, err error) (why string) {
	switch {
	case failed == "":
		why = reason(err)
	case verb == "CREATE":
		why = "The following resource(s) failed to create: [" + failed + "]. "
	default:
		why = "The following resource(s) failed to update: [" + failed + "]. "
	}
	o.mu.Lock()
	rollsBack := o.st.rollsBack
	o.mu.Unlock()
	switch {
	case !rollsBack:
		o.enter(verb+"_FAILED", why)
	case verb == "CREATE":
		o.enter("ROLLBACK_IN_PROGRESS", why+"Rollback requested by user.")
		o.undoCreate()
	default:
		o.enter("UPDATE_ROLLBACK_IN_PROGRESS", why)
		o.beginUndo()
		o.undoUpdate()
	}
	return why
}
